/** The supervisor against the real emulator: tasks behind its load balancer, as a deployment has them. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CognitoIdentityProviderClient,
  CreateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { ListBucketsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { findMarkedProcesses } from "../../../internal/process-identity";
import { localDirectory } from "../directory";
import { clientConfig } from "../ecs/clients";
import { readState, type ServiceState } from "../ecs/state";
import { startEmulator, stopEmulator } from "../emulator";
import { killTask } from "../kill-task";
import type { ManagedRecord } from "../managed-process";
import { ensureVirtualEnvironment } from "../python";
import { endpointUrl, MARKS } from "../settings";
import { checkTools } from "../tools";
import { addImageSource, startSupervisor, stopSupervisor, waitUntilSteady } from "./control";
import { buildEcho, EchoStack, LOG_GROUP } from "./fixture";

const ROOT = resolve(__dirname, "../../../..");
const directory = localDirectory(ROOT, mkdtempSync(join(tmpdir(), "supervisor-")));
const project = mkdtempSync(join(tmpdir(), "built-"));
let python: string;
let stack: EchoStack;
let supervisor: ManagedRecord;
let secret: string;
let first: string;

jest.setTimeout(60_000);

beforeAll(async () => {
  const usual = localDirectory(ROOT, join(ROOT, ".local"));
  python = await ensureVirtualEnvironment(usual, checkTools().python, () => {});
  const emulator = await startEmulator(directory, python);
  for (const tag of ["one", "two"]) buildEcho(project, tag);
  addImageSource(directory, project);
  stack = new EchoStack(endpointUrl(emulator.port));
  secret = await stack.create();
  first = await stack.register({
    tag: "one",
    secrets: [{ name: "PASSWORD", valueFrom: `${secret}:password::` }],
    dependsOn: [{ containerName: "prepare", condition: "SUCCESS" }],
    others: [
      {
        name: "prepare",
        image: "000000000000.dkr.ecr.us-east-1.amazonaws.com/acme-local-echo:one",
        command: ["prepare"],
        essential: false,
      },
      { name: "agent", image: "public.ecr.aws/xray/aws-xray-daemon:3", essential: false },
    ],
  });
  await stack.serve(first, 2);
  supervisor = await startSupervisor(directory, emulator, python);
  await steady();
}, 300_000);

afterAll(async () => {
  stack?.destroy();
  await stopSupervisor(directory);
  await stopEmulator(directory);
  for (const path of [directory.path, project]) rmSync(path, { recursive: true });
});

const steady = () => waitUntilSteady(directory, supervisor, () => {}, 50);

function service(): ServiceState {
  const [found] = readState(directory)?.services ?? [];
  if (!found) throw new Error("the supervisor tells of no service");
  return found;
}

/** Calls the service through the emulator's load balancer. */
async function call(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${stack.endpoint}/_alb/echo${path}`, { signal: AbortSignal.timeout(10_000) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await condition()); await sleep(50)) {
    if (Date.now() > deadline) throw new Error(`waited too long: ${JSON.stringify(readState(directory))}`);
  }
}

/** Calls the service from several sides until told to stop. @returns what was not answered as it should be */
function load(path: string): () => Promise<string[]> {
  let on = true;
  const wrong: string[] = [];
  const workers = Array.from({ length: 4 }, async () => {
    while (on && wrong.length < 100) {
      const outcome = await call(path).then(
        ({ status, body }) =>
          status === 200 && body["tag"] ? undefined : `${status} ${JSON.stringify(body)}`,
        (error: Error) => String(error.cause ?? error),
      );
      if (outcome !== undefined) wrong.push(outcome);
    }
  });
  return async () => {
    on = false;
    await Promise.all(workers);
    return wrong;
  };
}

describe("a service that is deployed", () => {
  test("answers behind the load balancer, from each of its tasks", async () => {
    const pids = new Set<unknown>();
    for (let count = 0; count < 40; count++) pids.add((await call("/")).body["pid"]);
    expect(pids.size).toBe(2);
    expect(await stack.targets()).toEqual(
      expect.arrayContaining(service().tasks.flatMap(({ ports }) => ports)),
    );
  });

  test("has the environment of its definition, and the secrets", async () => {
    const { body } = await call("/");
    const env = body["env"] as Record<string, string>;
    expect(env).toMatchObject({ PASSWORD: "s3cret", HOST: "127.0.0.1", AWS_ENDPOINT_URL: stack.endpoint });
    expect(env["PORT"]).not.toBe("8080");
    expect(Object.keys(env)).not.toContain("AWS_ACCESS_KEY_ID");
  });

  test("acts as the role of its task: may do what the role's policy says, and no more", async () => {
    const { body } = await call("/credentials");
    const credentials = {
      accessKeyId: String(body["AccessKeyId"]),
      secretAccessKey: String(body["SecretAccessKey"]),
      sessionToken: String(body["Token"]),
    };
    const s3 = new S3Client({ ...clientConfig(stack.endpoint), credentials, forcePathStyle: true });
    await s3.send(new ListBucketsCommand());
    await expect(s3.send(new ListObjectsV2Command({ Bucket: "any" }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    s3.destroy();
    const url = (await call("/")).body["env"] as Record<string, string>;
    const answer = await fetch(String(url["AWS_CONTAINER_CREDENTIALS_FULL_URI"]));
    expect(answer.status).toBe(403);
  });

  test("reaches the load balancer by its name, and AWS's endpoints over TLS", async () => {
    const own = await call(`/fetch?url=${encodeURIComponent(`http://${stack.dnsName}/health/ready`)}`);
    expect(own.body).toMatchObject({ status: 200 });
    const pools = new CognitoIdentityProviderClient(clientConfig(stack.endpoint));
    const { UserPool } = await pools.send(new CreateUserPoolCommand({ PoolName: "users" }));
    pools.destroy();
    const keys = `https://cognito-idp.us-east-1.amazonaws.com/${UserPool?.Id}/.well-known/jwks.json`;
    const cognito = await call(`/fetch?url=${encodeURIComponent(keys)}`);
    expect(JSON.parse(String(cognito.body["text"]))).toHaveProperty("keys");
  });

  test("starts after what it depends on; images of others are named and left out", () => {
    const [task] = service().tasks;
    const lines = readFileSync(task?.log ?? "", "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(" ").slice(1).join(" "));
    expect(lines).toEqual(["prepare prepared", "echo starting one"]);
    expect(service().skippedContainers).toEqual(["agent"]);
  });

  test("has its lines in CloudWatch Logs, in a stream of its task", async () => {
    const logs = new CloudWatchLogsClient(clientConfig(stack.endpoint));
    const command = new FilterLogEventsCommand({ logGroupName: LOG_GROUP });
    await until(async () => ((await logs.send(command)).events ?? []).length >= 4);
    const { events = [] } = await logs.send(command);
    logs.destroy();
    const ids = service().tasks.map(({ id }) => id);
    expect(
      events.filter(({ message }) => message === "starting one").map(({ logStreamName }) => logStreamName),
    ).toEqual(expect.arrayContaining(ids.map((id) => `ecs/echo/${id}`)));
  });
});

test("control 35: a task that was killed is replaced, while the other answers", async () => {
  const victim = killTask(directory, "echo");
  const [other] = service().tasks.filter(({ id }) => id !== victim.id);
  await until(async () => !(await stack.targets()).includes(victim.ports[0] ?? 0));
  expect((await call("/")).status).toBe(200);
  const { services } = await steady();
  const ids = services[0]?.tasks.map(({ id }) => id);
  expect(ids).toHaveLength(2);
  expect(ids).toContain(other?.id);
  expect(ids).not.toContain(victim.id);
  expect(() => killTask(directory, "catalog")).toThrow(
    'stop-task: there is no service "catalog"; there are: acme-local-echo',
  );
});

test("the log tells what starts and stops, and why", async () => {
  const lines = () =>
    readFileSync(directory.supervisorLog, "utf8")
      .split("\n")
      .map((line) => line.split(" ").slice(1).join(" "));
  const victim = killTask(directory, "echo");
  const task = `acme-local-echo: task ${victim.id.slice(0, 8)} of ${first}`;
  await until(() => lines().includes(`${task} has stopped`));
  await steady();
  expect(lines().filter((line) => line.startsWith(task))).toEqual([
    `${task} starts`,
    `${task} is healthy`,
    `${task} stops: essential container echo ended with a signal`,
    `${task} has stopped`,
  ]);
});

test("controls 34 and 36: a new revision takes over task by task, and no request is lost", async () => {
  const stop = load("/slow");
  await stack.update({ taskDefinition: await stack.register({ tag: "two" }) });
  await until(() => service().taskDefinition !== first);
  let fewest = 2;
  await until(() => {
    fewest = Math.min(fewest, service().healthy);
    return service().status === "steady";
  });
  const wrong = await stop();
  expect(wrong).toEqual([]);
  expect(fewest).toBe(2);
  expect((await call("/")).body["tag"]).toBe("two");
  expect(await stack.targets()).toHaveLength(2);
});

test("control 34: a revision that fails is given up, and the one before runs on", async () => {
  const before = service();
  const stop = load("/");
  const bad = await stack.register({ tag: "two", environment: [{ name: "FAIL", value: "1" }] });
  await stack.update({ taskDefinition: bad });
  await until(() => service().failure !== null);
  await expect(steady()).rejects.toThrow(
    new RegExp(
      `^service acme-local-echo: ${bad} did not come up: essential container echo ended with code 3:\\n`,
    ),
  );
  await until(() => service().taskDefinition === before.taskDefinition && service().status === "steady");
  expect(await stop()).toEqual([]);
  expect(readFileSync(directory.supervisorLog, "utf8")).toContain(
    `acme-local-echo: ${bad} is given up, ${before.taskDefinition} is deployed again: essential container echo ended with code 3\n`,
  );
  expect(service().failure).toMatchObject({
    taskDefinition: bad,
    rolledBackTo: before.taskDefinition,
    lines: ["echo: starting two", "echo: cannot go on"],
  });
  expect(
    service()
      .tasks.map(({ id }) => id)
      .sort(),
  ).toEqual(before.tasks.map(({ id }) => id).sort());
});

test("an image that was not built is told by its name", async () => {
  await stack.update({ taskDefinition: await stack.register({ tag: "none" }) });
  await until(() => service().failure?.reason.includes("acme-local-echo:none was not built") ?? false);
  await until(() => service().status === "steady");
});

test("a service is scaled as update-service says", async () => {
  await stack.update({ desiredCount: 3 });
  await until(() => service().healthy === 3 && service().status === "steady");
  expect(await stack.targets()).toHaveLength(3);
  await stack.update({ desiredCount: 1 });
  await until(() => service().status === "steady" && service().tasks.length === 1);
  expect(await stack.targets()).toHaveLength(1);
});

test("a second start changes nothing; an end ends everything, and takes the targets out", async () => {
  const emulator = await startEmulator(directory, python);
  const again = await startSupervisor(directory, emulator, python);
  expect(again).toEqual({ ...supervisor, started: false });
  await stopSupervisor(directory);
  expect(findMarkedProcesses(MARKS.process, `${directory.path}:services`)).toEqual([]);
  expect(await stack.targets()).toEqual([]);
});

test("a supervisor that was killed leaves tasks behind: the next one ends them, and starts its own", async () => {
  const emulator = await startEmulator(directory, python);
  supervisor = await startSupervisor(directory, emulator, python);
  await steady();
  const [left] = service().tasks;
  process.kill(supervisor.process.pid, "SIGKILL");
  supervisor = await startSupervisor(directory, emulator, python);
  await steady();
  expect(findMarkedProcesses(MARKS.process, `${directory.path}:services`)).not.toContain(
    left?.processes["echo"],
  );
  expect((await call("/")).status).toBe(200);
  expect(await stack.targets()).toEqual(service().tasks.flatMap(({ ports }) => ports));
});
