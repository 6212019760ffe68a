import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeJson } from "../../internal/json-file";
import { identifyProcess, isRunning } from "../../internal/process-identity";
import { localDirectory } from "./directory";
import { stateFile } from "./ecs/state";
import { killTask } from "./kill-task";
import { MARKS } from "./settings";

const directory = localDirectory("/project", mkdtempSync(join(tmpdir(), "kill-task-")));
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

afterAll(() => rmSync(directory.path, { recursive: true }));

/** A process of the environment, or of somebody else. */
function start(env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { env, stdio: "ignore" });
  children.push(child);
  return child;
}

/** This process stands for the supervisor. */
function tell(pid: number | undefined, by = process.pid): void {
  writeJson(directory.supervisorRecord, {
    process: identifyProcess(process.pid),
    port: 1,
    fingerprint: "",
  });
  const task = {
    id: "1a2b",
    taskDefinition: "catalog:1",
    status: "healthy",
    startedAt: "2026-01-01T00:00:00.000Z",
    processes: { catalog: pid },
  };
  writeJson(stateFile(directory), { pid: by, services: [{ name: "acme-local-catalog", tasks: [task] }] });
}

test("a task's processes are killed", async () => {
  const child = start({ [MARKS.environment]: directory.path });
  tell(child.pid);
  expect(killTask(directory, "catalog")).toMatchObject({ id: "1a2b" });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
});

test("a process that has got the id of one that ended is left alone", () => {
  const child = start({});
  tell(child.pid);
  killTask(directory, "catalog");
  const identity = identifyProcess(child.pid as number);
  expect(identity && isRunning(identity)).toBe(true);
});

test("what a supervisor before this one has told is not gone by", () => {
  tell(1, process.pid + 1);
  expect(() => killTask(directory, "catalog")).toThrow(
    'stop-task: there is no service "catalog"; none runs: scripts/local up',
  );
});
