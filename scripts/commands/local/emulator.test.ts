import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { readJson, writeJson } from "../../internal/json-file";
import { findMarkedProcesses, identifyProcess } from "../../internal/process-identity";
import { type LocalDirectory, localDirectory } from "./directory";
import {
  answers,
  type EmulatorRecord,
  runningEmulator,
  saveEmulator,
  startEmulator,
  stopEmulator,
} from "./emulator";
import { ensureVirtualEnvironment } from "./python";
import { endpointUrl, MARKS } from "./settings";
import { checkTools } from "./tools";

const ROOT = resolve(__dirname, "../../..");
const bystanders: ChildProcess[] = [];
let python: string;
let directory: LocalDirectory;

jest.setTimeout(60_000);

beforeAll(async () => {
  const tools = checkTools();
  python = await ensureVirtualEnvironment(localDirectory(ROOT, join(ROOT, ".local")), tools.python, () => {});
}, 300_000);

beforeEach(() => {
  directory = localDirectory(ROOT, mkdtempSync(join(tmpdir(), "emulator-")));
});

afterEach(async () => {
  await stopEmulator(directory);
  rmSync(directory.path, { recursive: true });
  for (const bystander of bystanders.splice(0)) bystander.kill("SIGKILL");
});

async function withS3<T>({ port }: EmulatorRecord, work: (s3: S3Client) => Promise<T>): Promise<T> {
  const s3 = new S3Client({
    endpoint: endpointUrl(port),
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  try {
    return await work(s3);
  } finally {
    s3.destroy();
  }
}

function putObject(emulator: EmulatorRecord): Promise<unknown> {
  return withS3(emulator, async (s3) => {
    await s3.send(new CreateBucketCommand({ Bucket: "kept" }));
    await s3.send(new PutObjectCommand({ Bucket: "kept", Key: "a", Body: "content" }));
  });
}

function getObject(emulator: EmulatorRecord): Promise<string | undefined> {
  return withS3(emulator, async (s3) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "kept", Key: "a" }));
    return Body?.transformToString();
  });
}

test("the patches do what they say, on the pinned MiniStack", () => {
  const folder = join(__dirname, "emulator");
  const { status, stderr } = spawnSync(python, ["-B", "-m", "unittest", "discover", "-s", folder], {
    encoding: "utf8",
  });
  expect(stderr).toMatch(/Ran \d+ tests in [\d.]+s\n\nOK\n$/);
  expect(status).toBe(0);
});

test("a second start changes nothing", async () => {
  const first = await startEmulator(directory, python);
  expect(first.started).toBe(true);
  expect(await answers(first)).toBe(true);
  expect(await startEmulator(directory, python)).toEqual({ ...first, started: false });
});

test("a stop ends every process, and keeps the data for the next start", async () => {
  const first = await startEmulator(directory, python);
  await putObject(first);
  expect(await stopEmulator(directory)).toContain(first.process.pid);
  expect(findMarkedProcesses(MARKS.environment, directory.path)).toEqual([]);
  expect(await answers(first)).toBe(false);
  expect(await stopEmulator(directory)).toEqual([]);

  const second = await startEmulator(directory, python);
  expect(await getObject(second)).toBe("content");
});

test("what was saved survives kill -9", async () => {
  const first = await startEmulator(directory, python);
  await putObject(first);
  await saveEmulator(directory, first);
  process.kill(first.process.pid, "SIGKILL");

  const second = await startEmulator(directory, python);
  expect(second.started).toBe(true);
  expect(await getObject(second)).toBe("content");
});

test("what could not be saved is told, service by service", async () => {
  const emulator = await startEmulator(directory, python);
  await putObject(emulator);
  const blocked = join(directory.data, "state", "s3.json.tmp");
  mkdirSync(blocked, { recursive: true });
  await expect(saveEmulator(directory, emulator)).rejects.toThrow(
    `emulator: could not save:\n  s3: IsADirectoryError: [Errno 21] Is a directory: '${blocked}'\n; see ${directory.emulatorLog}`,
  );
  rmdirSync(blocked);
  await saveEmulator(directory, emulator);
  expect(existsSync(join(directory.data, "state", "s3.json"))).toBe(true);
});

test.each([
  ["lost", () => rmSync(directory.emulatorRecord)],
  ["not whole, as after a loss of power", () => writeFileSync(directory.emulatorRecord, "")],
])("an emulator whose record was %s is found and ended", async (_, spoil) => {
  const { process: leader } = await startEmulator(directory, python);
  spoil();
  expect(await stopEmulator(directory)).toEqual([leader.pid]);
  expect(identifyProcess(leader.pid)).toBeUndefined();
});

test("two directories are two emulators", async () => {
  const other = localDirectory(ROOT, mkdtempSync(join(tmpdir(), "emulator-")));
  try {
    const [first, second] = await Promise.all([
      startEmulator(directory, python),
      startEmulator(other, python),
    ]);
    expect(second.port).not.toBe(first.port);
    await stopEmulator(other);
    expect(await answers(first)).toBe(true);
  } finally {
    await stopEmulator(other);
    rmSync(other.path, { recursive: true });
  }
});

test("a process that has got the emulator's id since is left alone", async () => {
  // SIGUSR1, with which an emulator is asked to save, would end it.
  const bystander = spawn("sleep", ["60"]);
  bystanders.push(bystander);
  await once(bystander, "spawn");
  const record: EmulatorRecord = {
    process: { pid: bystander.pid ?? 0, startedAt: "before the machine was started again" },
    port: 1,
    fingerprint: "",
  };
  writeJson(directory.emulatorRecord, record);

  expect(runningEmulator(directory)).toBeUndefined();
  await expect(saveEmulator(directory, record)).rejects.toThrow(
    `emulator: has ended by itself; see ${directory.emulatorLog}`,
  );
  expect(await stopEmulator(directory)).toEqual([]);
  expect(identifyProcess(bystander.pid ?? 0)).toBeDefined();
});

test.each([
  ["another emulator", JSON.stringify({ status: "completed", pid: 1 })],
  ["a program that knows nothing of emulators", "hello"],
  ["a program that answers null", "null"],
])("%s on the port is not taken for the emulator", async (_, body) => {
  const server = createHttpServer((_request, response) => response.end(body)).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    expect(await answers({ port, process: { pid: process.pid, startedAt: "" } })).toBe(false);
  } finally {
    server.close();
  }
});

test("a port that another program has taken is given up for a free one", async () => {
  const { port, process: leader } = await startEmulator(directory, python);
  await stopEmulator(directory);
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  try {
    const second = await startEmulator(directory, python);
    expect(second.port).not.toBe(port);
    expect(second.process).not.toEqual(leader);
    expect(readJson<EmulatorRecord>(directory.emulatorRecord)?.port).toBe(second.port);
  } finally {
    server.close();
  }
});

test("an emulator that ends at once is told with its last words", async () => {
  const failing = join(directory.path, "python");
  spawnSync("sh", [
    "-c",
    `printf '#!/bin/sh\\necho no such module >&2\\nexit 1\\n' > ${failing}; chmod +x ${failing}`,
  ]);
  await expect(startEmulator(directory, failing)).rejects.toThrow(
    `emulator: ended with code 1:\n  no such module\n; the whole log is ${directory.emulatorLog}`,
  );
});
