import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { databaseProblem } from "./database-error";
import { newOrder, newRequest, ROLE, TestPostgres } from "./fixture";
import { PostgresOrderStore } from "./postgres-store";
import type { OrdersDatabase } from "./schema";
import { verifyFull } from "./verify-full";

jest.setTimeout(60_000);

let postgres: TestPostgres;
let name: string;

beforeAll(async () => {
  postgres = await TestPostgres.start();
  name = await postgres.createMigratedDatabase();
});
afterAll(() => postgres.stop());
afterEach(() => postgres.close());

const QUICK = { connection: 300, statement: 200, answer: 400, idleInTransaction: 200 };

async function backendOf(database: Kysely<OrdersDatabase>): Promise<number> {
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(database);
  return rows[0]?.pid ?? 0;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error("it went well");
    },
    (error: unknown) => error,
  );
}

test("amounts beyond what a number holds are read exactly", async () => {
  const { rows } = await sql`SELECT 9223372036854775807::bigint AS most`.execute(postgres.open(name));
  expect(rows).toEqual([{ most: 9223372036854775807n }]);
});

test("no more connections are made than the pool has; who waits for one too long is told that the database is away", async () => {
  const database = postgres.open(name, {
    poolSize: 2,
    timeouts: { ...QUICK, statement: 2000, answer: 2000 },
  });
  const sleeping = [1, 2].map(() => sql`SELECT pg_sleep(0.8)`.execute(database));
  await wait(100);
  const error = await failureOf(sql`SELECT 1`.execute(database));
  expect(error).toMatchObject({ name: "DatabaseUnavailable" });
  expect(databaseProblem(error)?.status).toBe(503);
  const [row] = await postgres.run(
    name,
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = '${ROLE.name}'`,
  );
  expect(row).toEqual({ count: 2 });
  await Promise.all(sleeping);
});

test("a statement that takes too long is ended by the server", async () => {
  const error = await failureOf(sql`SELECT pg_sleep(5)`.execute(postgres.open(name, { timeouts: QUICK })));
  expect(error).toMatchObject({ code: "57014" });
  expect(databaseProblem(error)).toMatchObject({ status: 503, detail: "The database is busy. Try again." });
});

test("a transaction that is left open is ended by the server", async () => {
  const database = postgres.open(name, { timeouts: QUICK });
  const transaction = await database.startTransaction().execute();
  await transaction.selectFrom("orders").select("id").execute();
  await wait(400);
  const error = await failureOf(transaction.selectFrom("orders").select("id").execute());
  expect(error).toMatchObject({ name: "DatabaseUnavailable", code: "25P03" });
  await transaction
    .rollback()
    .execute()
    .catch(() => undefined);
});

test("a connection that was ended between two statements is replaced", async () => {
  const errors: Error[] = [];
  const database = postgres.open(name, { poolSize: 1, onIdleError: (error) => errors.push(error) });
  const first = await backendOf(database);
  await postgres.run(name, `SELECT pg_terminate_backend(${first}, 5000)`);
  while (errors.length === 0) await wait(5);
  expect(errors[0]).toMatchObject({ code: "57P01" });
  expect(await backendOf(database)).not.toBe(first);
});

test("a connection that was ended within a statement is replaced", async () => {
  const database = postgres.open(name, { poolSize: 1 });
  const first = await backendOf(database);
  const sleeping = failureOf(sql`SELECT pg_sleep(5)`.execute(database));
  await wait(100);
  await postgres.run(name, `SELECT pg_terminate_backend(${first}, 5000)`);
  const error = await sleeping;
  expect(databaseProblem(error)?.status).toBe(503);
  expect(await backendOf(database)).not.toBe(first);
});

test("a connection on which an answer is missing is never used again, within a transaction or outside of one", async () => {
  const database = postgres.open(name, { poolSize: 1, timeouts: { ...QUICK, connection: 2000 } });
  const store = new PostgresOrderStore(database);
  for (const work of [() => sql`SELECT 1`.execute(database), () => store.place(newRequest(), newOrder())]) {
    const backend = await backendOf(database);
    process.kill(backend, "SIGSTOP");
    try {
      const error = await failureOf(work());
      expect(error).toMatchObject({ name: "DatabaseUnavailable" });
      expect(databaseProblem(error)).toMatchObject({
        status: 503,
        detail: "The database is away. Try again.",
      });
      expect(await backendOf(database)).not.toBe(backend);
    } finally {
      process.kill(backend, "SIGCONT");
    }
  }
});

test("the password is asked for at each new connection", async () => {
  let asked = 0;
  const password = async () => {
    asked += 1;
    return ROLE.password;
  };
  const database = postgres.open(name, { poolSize: 3, password });
  await Promise.all([1, 2, 3].map(() => sql`SELECT pg_sleep(0.1)`.execute(database)));
  await sql`SELECT 1`.execute(database);
  expect(asked).toBe(3);
});

test("a password that cannot be had now is a database that is away", async () => {
  const password = () => Promise.reject(new Error("no credentials"));
  const error = await failureOf(sql`SELECT 1`.execute(postgres.open(name, { password })));
  expect(databaseProblem(error)?.status).toBe(503);
});

test("a server that does not listen is a database that is away", async () => {
  const error = await failureOf(sql`SELECT 1`.execute(postgres.open(name, { port: 1 })));
  expect(error).toMatchObject({ name: "DatabaseUnavailable", code: "ECONNREFUSED" });
});

test("a writer that has become a reader is left: the next connection goes where the name leads then", async () => {
  const database = postgres.open(name, { poolSize: 1 });
  const first = await backendOf(database);
  await sql`SET default_transaction_read_only = on`.execute(database);
  const error = await failureOf(new PostgresOrderStore(database).place(newRequest(), newOrder()));
  expect(error).toMatchObject({ code: "25006" });
  expect(databaseProblem(error)?.status).toBe(503);
  expect(await backendOf(database)).not.toBe(first);
});

test.each([
  ["a fault of a statement", "SELECT 1 / 0"],
  ["a table that is not there", "SELECT * FROM nothing"],
])("%s is no problem of the database", async (_what, statement) => {
  const error = await failureOf(sql.raw(statement).execute(postgres.open(name)));
  expect(databaseProblem(error)).toBeUndefined();
  expect(databaseProblem(new Error("something else"))).toBeUndefined();
});

describe("TLS", () => {
  let folder: string;
  let encrypted: TestPostgres;
  const pem = (file: string) => readFileSync(join(folder, file), "utf8");

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "orders-tls-"));
    chmodSync(folder, 0o755);
    const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    for (const authority of ["authority", "other"]) {
      openssl(
        ...["req", "-x509", ...key, "-days", "2", "-subj", `/CN=${authority}`],
        ...["-keyout", `${authority}.key`, "-out", `${authority}.crt`],
      );
    }
    openssl("req", ...key, "-subj", "/CN=database", "-keyout", "server.key", "-out", "server.csr");
    writeFileSync(join(folder, "names"), "subjectAltName=DNS:database.example,IP:127.0.0.1");
    openssl(
      ...[
        "x509",
        "-req",
        "-in",
        "server.csr",
        "-CA",
        "authority.crt",
        "-CAkey",
        "authority.key",
        "-days",
        "2",
      ],
      ...["-CAcreateserial", "-extfile", "names", "-out", "server.crt"],
    );
    // PostgreSQL wants its key to be its own user's; as root it runs as another.
    const { uid } = statSync(folder);
    if (uid === 0) {
      const [nobody, group] = ["-u", "-g"].map((flag) =>
        Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" })),
      );
      chownSync(join(folder, "server.key"), nobody as number, group as number);
    }
    chmodSync(join(folder, "server.key"), 0o600);
    encrypted = await TestPostgres.start({
      ssl: "on",
      ssl_cert_file: join(folder, "server.crt"),
      ssl_key_file: join(folder, "server.key"),
    });
  });
  afterAll(async () => {
    await encrypted?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function encryption(host: string, authority: string): Promise<unknown> {
    const database = encrypted.openAsOwner("postgres", { tls: verifyFull(host, [pem(authority)]) });
    const { rows } = await sql`SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()`.execute(
      database,
    );
    return rows[0];
  }

  test("control 38: takes a database by its name and authority, with TLS 1.2 or newer", async () => {
    expect(await encryption("127.0.0.1", "authority.crt")).toEqual({ ssl: true, version: "TLSv1.3" });
    expect(await encryption("database.example", "authority.crt")).toEqual({ ssl: true, version: "TLSv1.3" });
  });

  test("refuses one of another name", async () => {
    expect(await failureOf(encryption("other.example", "authority.crt"))).toMatchObject({
      name: "DatabaseUnavailable",
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });

  test("refuses one from another authority", async () => {
    expect(await failureOf(encryption("127.0.0.1", "other.crt"))).toMatchObject({
      name: "DatabaseUnavailable",
      code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    });
  });

  test("refuses a server that has none", async () => {
    const plain = postgres.open(name, { tls: verifyFull("127.0.0.1", [pem("authority.crt")]) });
    const error = (await failureOf(sql`SELECT 1`.execute(plain))) as Error;
    expect(error).toMatchObject({ name: "DatabaseUnavailable" });
    expect((error.cause as Error).message).toBe("The server does not support SSL connections");
  });
});
