import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readManifests } from ".";

const manifest = {
  name: "hello",
  entry: "index.ts",
  handler: "index.handler",
  timeoutSeconds: 10,
  memoryMegabytes: 256,
  bundleBudgetKilobytes: 10,
  environment: { required: ["TABLE"], optional: ["ORIGIN"] },
};

const root = mkdtempSync(join(tmpdir(), "manifest-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function read(text: string) {
  mkdirSync(join(root, "functions", "hello"), { recursive: true });
  mkdirSync(join(root, "functions", "internal"), { recursive: true });
  writeFileSync(join(root, "functions", "hello", "function.json"), text);
  return readManifests(root);
}

test("reads every folder that has a manifest, and no other", () => {
  expect(read(JSON.stringify(manifest))).toEqual({ hello: manifest });
});

test("a function may need no variables", () => {
  const { environment } = read(JSON.stringify({ ...manifest, environment: {} }))["hello"] ?? {};
  expect(environment).toEqual({ required: [], optional: [] });
});

test.each([
  ["another name", { name: "bye" }, 'name must be that of its folder, "hello", got "bye"'],
  ["no entry", { entry: undefined }, "entry must be a text, got undefined"],
  ["an empty handler", { handler: "" }, 'handler must be a text, got ""'],
  ["no time", { timeoutSeconds: 0 }, "timeoutSeconds must be a whole number from 1 to 900, got 0"],
  [
    "too long a time",
    { timeoutSeconds: 901 },
    "timeoutSeconds must be a whole number from 1 to 900, got 901",
  ],
  [
    "a time as text",
    { timeoutSeconds: "10" },
    'timeoutSeconds must be a whole number from 1 to 900, got "10"',
  ],
  [
    "too little memory",
    { memoryMegabytes: 64 },
    "memoryMegabytes must be a whole number from 128 to 10240, got 64",
  ],
  [
    "part of a kilobyte",
    { bundleBudgetKilobytes: 0.5 },
    "bundleBudgetKilobytes must be a whole number from 1 to 256000, got 0.5",
  ],
  ["an event as text", { events: "v1" }, 'events must be a list of names, got "v1"'],
  ["no environment", { environment: null }, "environment must be an object, got null"],
  [
    "variables as text",
    { environment: { required: "TABLE" } },
    'environment.required must be a list of names, got "TABLE"',
  ],
  [
    "a field that is not known",
    { lazyFile: ["lazy.ts"] },
    "lazyFile is not known; known are name, entry, handler, timeoutSeconds, memoryMegabytes, bundleBudgetKilobytes, " +
      "lazyFiles, contracts, events, environment",
  ],
  [
    "variables that are neither required nor optional",
    { environment: { requires: ["TABLE"] } },
    "environment.requires is not known; known are required, optional",
  ],
  [
    "a variable that is no name",
    { environment: { optional: [1] } },
    "environment.optional must be a list of names, got [1]",
  ],
])("%s is refused", (_case, change, message) => {
  expect(() => read(JSON.stringify({ ...manifest, ...change }))).toThrow(
    new Error(`functions/hello/function.json: ${message}`),
  );
});

test("what is no object is refused", () => {
  expect(() => read("[]")).toThrow(new Error("functions/hello/function.json: must hold an object, got []"));
});

test("what is no JSON is refused", () => {
  expect(() => read("{")).toThrow(/^functions\/hello\/function\.json: not valid JSON: /);
});
