/** The supervisor against the real emulator: a service that nobody calls, which runs a command of its image. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { localDirectory } from "../directory";
import { readState, type ServiceState } from "../ecs/state";
import { startEmulator, stopEmulator } from "../emulator";
import { killTask } from "../kill-task";
import type { ManagedRecord } from "../managed-process";
import { ensureVirtualEnvironment } from "../python";
import { ServiceLogs } from "../service-logs";
import { endpointUrl } from "../settings";
import { describeStatus } from "../show";
import { status } from "../status";
import { checkTools } from "../tools";
import { addImageSource, startSupervisor, stopSupervisor, waitUntilSteady } from "./control";
import { buildEcho, EchoStack } from "./fixture";

const ROOT = resolve(__dirname, "../../../..");
const NAME = "acme-local-echo-worker";
/** Asked each second, and taken for dead after the second failure. */
const HEALTH_CHECK = { interval: 1, timeout: 2, retries: 2, startPeriod: 1 };

const directory = localDirectory(ROOT, mkdtempSync(join(tmpdir(), "worker-")));
const project = mkdtempSync(join(tmpdir(), "built-"));
let stack: EchoStack;
let supervisor: ManagedRecord;

jest.setTimeout(60_000);

beforeAll(async () => {
  const usual = localDirectory(ROOT, join(ROOT, ".local"));
  const python = await ensureVirtualEnvironment(usual, checkTools().python, () => {});
  const emulator = await startEmulator(directory, python);
  buildEcho(project, "one");
  addImageSource(directory, project);
  stack = new EchoStack(endpointUrl(emulator.port));
  await stack.create();
  const environment = [{ name: "WARM_MILLISECONDS", value: "1500" }];
  await stack.work(
    await stack.register({ tag: "one", command: ["work"], healthCheck: HEALTH_CHECK, environment }),
    2,
  );
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

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !condition(); await sleep(50)) {
    if (Date.now() > deadline) throw new Error(`waited too long: ${JSON.stringify(readState(directory))}`);
  }
}

/** When a line was written, by its beginning. */
function timeOf(path: string, words: string): string {
  const line = readFileSync(path, "utf8")
    .split("\n")
    .find((each) => each.includes(words));
  return line?.split(" ")[0] ?? `no line has ${words}`;
}

test("runs its command, and is healthy once its container is", () => {
  const [task] = service().tasks;
  expect(service()).toMatchObject({ name: NAME, desired: 2, healthy: 2, status: "steady" });
  expect(task?.ports).toEqual([]);
  const log = readFileSync(task?.log ?? "", "utf8");
  expect(log).toContain("echo starting one to work\n");
  const warm = timeOf(task?.log ?? "", "echo warm");
  const healthy = timeOf(directory.supervisorLog, `task ${task?.id.slice(0, 8)} of echo:1 is healthy`);
  expect(warm).toMatch(/^\d{4}-/);
  expect(healthy >= warm).toBe(true);
});

test("status and logs know it", async () => {
  const text = describeStatus(await status(directory));
  expect(text).toContain(`  service        ${NAME}: 2 of 2 healthy, echo:1, steady\n`);
  for (const { id } of service().tasks) {
    expect(text).toContain(`\n    task         ${id.slice(0, 8)} echo:1 healthy`);
  }
  const lines = new ServiceLogs(directory, NAME).read();
  expect(lines.filter((line) => line.endsWith("echo starting one to work"))).toHaveLength(2);
});

test("control 35: a task of it that was killed is replaced, while the other works", async () => {
  const victim = killTask(directory, "echo-worker");
  const [other] = service().tasks.filter(({ id }) => id !== victim.id);
  await until(() => service().tasks.every(({ id }) => id !== victim.id));
  await steady();
  const ids = service().tasks.map(({ id }) => id);
  expect(ids).toHaveLength(2);
  expect(ids).toContain(other?.id);
});

test("control 35: one that hangs is replaced, as its health check fails", async () => {
  const [hung] = service().tasks;
  const pid = hung?.processes["echo"] as number;
  process.kill(pid, "SIGSTOP");
  try {
    await until(() => service().tasks.every(({ id, status: now }) => id !== hung?.id || now === "stopping"));
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await steady();
  expect(service()).toMatchObject({ healthy: 2, status: "steady" });
  expect(service().tasks.map(({ id }) => id)).not.toContain(hung?.id);
});
