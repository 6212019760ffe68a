import { MemoryLambda } from "../../internal/deployed-functions/memory-lambda";
import { openCodeDeploy, type ShiftService } from "./codedeploy";
import { type CodeDeployStub, startCodeDeployStub } from "./codedeploy-stub";
import { type FunctionShift, type ShiftRequest, shift } from "./shift";
import { describeShift, failureOf } from "./show";
import { waitForEnd } from "./wait";

/** The real client of CodeDeploy, against a stand-in of it that moves the aliases of a stand-in of Lambda. */
const VARIABLES = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
} as const;

const todos = {
  name: "todos-v1",
  deployedName: "acme-prod-todos-v1",
  shift: { application: "app", group: "todos" },
};
const sessions = {
  name: "sessions-v1",
  deployedName: "acme-prod-sessions-v1",
  shift: { application: "app", group: "sessions" },
};

let lambda: MemoryLambda;
let stub: CodeDeployStub;
let codedeploy: ShiftService;
let said: string[];
const before = { ...process.env };

beforeEach(async () => {
  lambda = new MemoryLambda();
  lambda.add(todos.deployedName, ["first", "second"], "1");
  lambda.add(sessions.deployedName, ["first", "second"], "2");
  stub = await startCodeDeployStub(lambda.moveAlias);
  Object.assign(process.env, VARIABLES, { AWS_ENDPOINT_URL_CODEDEPLOY: stub.url });
  codedeploy = await openCodeDeploy("eu-west-1");
  said = [];
});

afterEach(async () => {
  codedeploy.close();
  await stub.close();
  process.env = { ...before };
});

const begin = (change: Partial<ShiftRequest> = {}) =>
  shift(
    {
      environment: "envs/prod",
      functions: [todos, sessions],
      stop: false,
      again: false,
      ignoreAlarms: false,
      dryRun: false,
      ...change,
    },
    lambda,
    codedeploy,
  );

function wait(shifts: readonly FunctionShift[], seconds = 3600) {
  let now = 0;
  return waitForEnd(shifts, lambda, codedeploy, {
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    deadline: seconds * 1000,
    onProgress: (text) => said.push(text),
  });
}

const states = (shifts: readonly FunctionShift[]) => shifts.map((found) => [found.function, found.state]);

test("a shift is begun where the newest version is not live, and nowhere else", async () => {
  expect(await begin()).toEqual([
    {
      function: "todos-v1",
      deployedName: "acme-prod-todos-v1",
      from: "1",
      to: "2",
      state: "begun",
      deploymentId: "d-1",
    },
    {
      function: "sessions-v1",
      deployedName: "acme-prod-sessions-v1",
      from: "2",
      to: "2",
      state: "live",
    },
  ]);
  expect(await lambda.live(todos.deployedName)).toMatchObject({ version: "1", weights: { "2": 0.1 } });
  expect(stub.deployments).toHaveLength(1);
});

test("waiting tells of each step, to the end", async () => {
  const ended = await wait(await begin());
  expect(states(ended)).toEqual([
    ["todos-v1", "done"],
    ["sessions-v1", "live"],
  ]);
  expect(said).toEqual([
    "todos-v1: InProgress, 10 % of the calls go to version 2",
    "todos-v1: Succeeded, version 2 has all calls",
  ]);
  expect(failureOf({ environment: "envs/prod", dryRun: false, functions: ended })).toBeUndefined();
});

test("what is under way is joined, not begun twice", async () => {
  await begin();
  const joined = await begin();
  expect(joined[0]).toMatchObject({ state: "under-way", deploymentId: "d-1" });
  expect(states(await wait(joined))[0]).toEqual(["todos-v1", "done"]);
  expect(stub.deployments).toHaveLength(1);
});

describe("an alarm during the shift", () => {
  let ended: FunctionShift[];

  beforeEach(async () => {
    stub.alarm = true;
    ended = await wait(await begin());
  });

  test("control 44: takes it back, and the command fails", async () => {
    expect(ended[0]).toMatchObject({ state: "taken-back", reason: "ALARM_ACTIVE: as the test wants it" });
    expect(await lambda.live(todos.deployedName)).toMatchObject({ version: "1", weights: {} });
    expect(failureOf({ environment: "envs/prod", dryRun: false, functions: ended })).toBe(
      "the newest version is not live of todos-v1",
    );
  });

  test("the same version is not begun again by itself", async () => {
    const again = await begin();
    expect(again[0]).toMatchObject({
      state: "refused",
      reason:
        "version 2 was taken back before (d-1, ALARM_ACTIVE: as the test wants it): deploy one that mends it, or add --again",
    });
    expect(stub.deployments).toHaveLength(2);
  });

  test("a newer one is", async () => {
    lambda.add(todos.deployedName, ["first", "second", "third"], "1");
    expect((await begin())[0]).toMatchObject({ state: "begun", to: "3" });
  });

  test("asked to, it is begun again, whatever the alarms say", async () => {
    const again = await wait(await begin({ again: true, ignoreAlarms: true }));
    expect(again[0]).toMatchObject({ state: "done", deploymentId: "d-3" });
    expect(stub.deployments[2]).toMatchObject({ ignoresAlarms: true });
  });
});

test("stopped, it is taken back", async () => {
  await begin();
  const [stopped, other] = await begin({ stop: true });
  expect(stopped).toMatchObject({ state: "stopping", deploymentId: "d-1" });
  expect(other).toMatchObject({ state: "live" });
  expect(await lambda.live(todos.deployedName)).toMatchObject({ version: "1", weights: {} });
  const functions = await wait([stopped as FunctionShift]);
  expect(functions).toMatchObject([{ state: "stopped", reason: "MANUAL_STOP: as the test wants it" }]);
  // It is what was asked for.
  expect(failureOf({ environment: "envs/prod", dryRun: false, functions })).toBeUndefined();
});

test("one that is not deployed keeps all from being begun", async () => {
  const missing = { ...todos, name: "orders-v1", deployedName: "acme-prod-orders-v1" };
  await expect(begin({ functions: [todos, missing] })).rejects.toThrow(
    "function acme-prod-orders-v1: is not deployed",
  );
  expect(await codedeploy.last(todos.shift)).toBeUndefined();
});

test("nothing is stopped that is not under way", async () => {
  expect((await begin({ stop: true }))[0]).toMatchObject({
    state: "refused",
    reason: "no shift is under way",
  });
});

test("a newer version waits for the end of the one before", async () => {
  await begin();
  lambda.add(todos.deployedName, ["first", "second", "third"], "1");
  expect((await begin())[0]).toMatchObject({
    state: "refused",
    reason: "one to 2 is under way (d-1): wait for it, or scripts/shift envs/prod todos-v1 --stop",
  });
});

test("a dry run begins and stops nothing", async () => {
  expect(states(await begin({ dryRun: true }))[0]).toEqual(["todos-v1", "would-begin"]);
  expect(stub.deployments).toEqual([]);
  await begin();
  expect(states(await begin({ dryRun: true, stop: true }))[0]).toEqual(["todos-v1", "would-stop"]);
  expect(stub.deployments[0]?.status).toBe("InProgress");
});

test("when the time is up, CodeDeploy goes on, and the same command waits on", async () => {
  stub.looks = 100;
  await expect(wait(await begin(), 60)).rejects.toThrow(
    "function todos-v1: the shift (d-1) is not at its end by --timeout; " +
      "CodeDeploy goes on by itself; run the same command again to wait on",
  );
  expect(stub.deployments[0]?.status).toBe("InProgress");
});

test("what is not deployed is said so", async () => {
  const absent = { ...todos, shift: { application: "none", group: "todos" } };
  await expect(begin({ functions: [absent] })).rejects.toThrow(
    "group todos: is not deployed; deploy the environment first",
  );
});

test("a reader sees one line for each function", async () => {
  const functions = await begin();
  expect(describeShift({ environment: "envs/prod", dryRun: false, functions })).toBe(
    [
      "function     version",
      "todos-v1     1 to 2   shift begun                         d-1",
      "sessions-v1  2        all calls go to the newest version",
    ].join("\n"),
  );
  expect(describeShift({ environment: "envs/dev", dryRun: false, functions: [] })).toBe(
    "envs/dev: no function shifts its traffic; deployments move all calls at once.",
  );
});
