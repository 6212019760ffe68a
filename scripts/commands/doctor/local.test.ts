import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { localDirectory } from "../local/directory";
import type { Status } from "../local/status";
import { runChecks } from "./check";
import { localCheck, type State } from "./local";
import type { Stack } from "./stack";

const UP: Status = {
  state: "up",
  deploying: false,
  directory: "/tmp/a",
  pid: 1,
  memoryMegabytes: 100,
  services: [],
  servers: [],
  downloadsUrl: null,
  problems: [],
  endpoints: null,
};

const containers = (tag: string) => JSON.stringify([{ image: `registry:5000/acme-local-catalog:${tag}` }]);

const STATE: State = {
  resources: [
    resource("aws_lambda_function", "todos", { function_name: "todos", source_code_hash: "abc" }),
    resource("aws_ecs_task_definition", "catalog", {
      family: "catalog",
      container_definitions: containers("1"),
    }),
    { mode: "data", type: "aws_region", name: "here", instances: [] },
  ],
};

const STACK: Stack = {
  terraform: { backend: {} },
  provider: { aws: [] },
  resource: {
    aws_lambda_function: { todos: { function_name: "todos", source_code_hash: "abc" } },
    aws_ecs_task_definition: { catalog: { family: "catalog", container_definitions: containers("1") } },
  },
};

function resource(type: string, name: string, attributes: Readonly<Record<string, unknown>>) {
  return { mode: "managed", type, name, instances: [{ attributes }] };
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function examine(found: Partial<Status>, deployed: State | undefined = STATE, stack = STACK) {
  const directory = localDirectory(folder, folder);
  mkdirSync(dirname(directory.terraformState), { recursive: true });
  writeFileSync(directory.terraformState, JSON.stringify(deployed));
  const at = new Date("2026-11-25T03:20:00Z");
  utimesSync(directory.terraformState, at, at);
  const findings = await runChecks([localCheck(directory, stack, async () => ({ ...UP, ...found }))], 30);
  return findings.map(
    ({ status, name, what, mend }) => `${status} ${name}: ${what}${mend ? `; ${mend}` : ""}`,
  );
}

test("one that is up, and of the project as it is now", async () => {
  expect(await examine({})).toEqual([
    "ok local environment: is up: 0 tasks, 0 databases and caches",
    "ok deployed version: that of the project now, deployed at 2026-11-25 03:20 UTC",
  ]);
});

test.each<{ name: string; found: Partial<Status>; first: string }>([
  {
    name: "down",
    found: { state: "down" },
    first: "note local environment: does not run; scripts/local up brings it up",
  },
  {
    name: "starting",
    found: { state: "starting" },
    first:
      "problem local environment: runs and does not answer; scripts/local logs says why; scripts/local down && scripts/local up begins again",
  },
  {
    name: "without what it should run",
    found: { problems: ["not running: the edge", "catalog: no task"] },
    first: "problem local environment: not running: the edge; catalog: no task; scripts/local up",
  },
])("one that is $name", async ({ found, first }) => {
  expect((await examine(found))[0]).toBe(first);
});

test("one whose deployment was cut off: what its state says does not count", async () => {
  expect(await examine({ deploying: true })).toEqual([
    "problem local environment: a deployment runs, or was cut off; wait for it; scripts/local up mends one that was cut off",
  ]);
});

test("one that is behind: functions, services and resources are told", async () => {
  const stack: Stack = {
    ...STACK,
    resource: {
      aws_lambda_function: { todos: { function_name: "todos", source_code_hash: "def" } },
      aws_ecs_task_definition: { catalog: { family: "catalog", container_definitions: containers("2") } },
      aws_sqs_queue: { queue: {} },
    },
  };
  const deployed = { resources: [...STATE.resources, resource("aws_sns_topic", "topic", {})] };
  expect((await examine({}, deployed, stack))[1]).toBe(
    "note deployed version: of 2026-11-25 03:20 UTC; since then functions have changed: todos; services have changed: catalog; " +
      "resources are new: 1; resources are gone: 1; scripts/local up deploys it",
  );
});
