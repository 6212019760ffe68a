import { temporaryFolders, write } from "../bundling";
import { readServiceManifests } from ".";
import { MANIFEST } from "./fixture";

const newFolder = temporaryFolders();

function read(manifest: object, name = "hello") {
  const root = newFolder();
  write(root, `services/${name}/service.json`, JSON.stringify(manifest));
  write(root, "services/internal/index.ts", "");
  return readServiceManifests(root);
}

test("reads every folder that has a manifest, and no other; what is optional is filled in", () => {
  expect(read(MANIFEST)).toEqual({
    hello: { ...MANIFEST, name: "hello", secrets: {}, commands: {}, contracts: [], events: [] },
  });
});

test("reads secrets, commands, contracts and events", () => {
  const more = {
    secrets: { PASSWORD: { required: false, description: "Of the database." } },
    commands: { migrate: "Brings the database up to date." },
    contracts: ["hello/v1"],
    events: ["greeted/v1"],
  };
  expect(read({ ...MANIFEST, ...more })["hello"]).toMatchObject(more);
});

const variable = { required: true, description: "Something." };

test.each([
  ["no description", { description: undefined }, "description must be a text, got undefined"],
  ["a port for root alone", { port: 80 }, "port must be a whole number from 1024 to 65535, got 80"],
  ["no CPU", { cpu: 0 }, "cpu must be a whole number from 128 to 16384, got 0"],
  [
    "memory as text",
    { memoryMegabytes: "512" },
    'memoryMegabytes must be a whole number from 128 to 122880, got "512"',
  ],
  [
    "a stop that is longer than ECS waits",
    { gracefulStopSeconds: 120 },
    "gracefulStopSeconds must be a whole number from 1 to 115, got 120",
  ],
  ["variables in a list", { environment: ["A"] }, 'environment must be an object, got ["A"]'],
  [
    "a variable in small letters",
    { environment: { table: variable } },
    'environment.table must be named in capitals, digits and _, got "table"',
  ],
  [
    "a variable that every service knows",
    { environment: { PORT: variable } },
    'environment.PORT must be left out, as every service knows it, got "PORT"',
  ],
  ["a variable as text", { secrets: { A: "x" } }, 'secrets.A must be an object, got "x"'],
  [
    "a variable without required",
    { environment: { A: { description: "x" } } },
    "environment.A.required must be true or false, got undefined",
  ],
  [
    "a variable without a description",
    { environment: { A: { required: true } } },
    'environment.A.description must be a text, got ""',
  ],
  [
    "a variable with a value",
    { environment: { A: { ...variable, value: "x" } } },
    "environment.A.value is not known; known are required, description, commands",
  ],
  [
    "a variable that is also a secret",
    { environment: { A: variable }, secrets: { A: variable } },
    'secrets.A must be in one of environment and secrets, got "both"',
  ],
  [
    "a variable of a command that there is none of",
    { environment: { A: { ...variable, commands: ["relay"] } }, commands: { migrate: "Migrates." } },
    'environment.A.commands must be a list of serve, migrate, got ["relay"]',
  ],
  [
    "a command of the name of what runs without one",
    { commands: { serve: "Serves." } },
    'commands.serve must be another name than serve, got "serve"',
  ],
  ["a command without a description", { commands: { migrate: 1 } }, "commands.migrate must be a text, got 1"],
  ["commands in a list", { commands: [] }, "commands must be an object, got []"],
  ["a contract as text", { contracts: "v1" }, 'contracts must be a list of names, got "v1"'],
  ["an event as text", { events: "v1" }, 'events must be a list of names, got "v1"'],
  [
    "a field that is not known",
    { memory: 512 },
    "memory is not known; known are description, port, cpu, memoryMegabytes, environment, secrets, commands, contracts, " +
      "events, gracefulStopSeconds",
  ],
])("%s is refused", (_case, change, message) => {
  expect(() => read({ ...MANIFEST, ...change })).toThrow(
    new Error(`services/hello/service.json: ${message}`),
  );
});

test("a folder that makes no name is refused", () => {
  expect(() => read(MANIFEST, "Hello_World")).toThrow(
    new Error(
      'services/Hello_World/service.json: the folder must be of at most 20 of a-z, 0-9 and -, got "Hello_World"',
    ),
  );
});
