import { type Kysely, type Migration, sql } from "kysely";
import { newOrder, newRequest, OWNER, ROLE, TestPostgres } from "./fixture";
import { migrations } from "./migrations";
import { type MigrateConfig, migrate } from "./migrator";
import { PostgresOrderStore } from "./postgres-store";

jest.setTimeout(60_000);

let postgres: TestPostgres;
let name: string;

beforeAll(async () => {
  postgres = await TestPostgres.start();
});
afterAll(() => postgres.stop());
afterEach(() => postgres.close());

beforeEach(async () => {
  name = await postgres.createDatabase();
});

function run(change: Partial<MigrateConfig> = {}) {
  return migrate({
    database: postgres.openAsOwner(name),
    role: ROLE,
    pause: () => new Promise((done) => setTimeout(done, 20)),
    ...change,
  });
}

async function column(statement: string): Promise<unknown[]> {
  return (await postgres.run(name, statement)).map((row) => Object.values(row)[0]);
}

const addsTable: Migration = {
  up: async (database: Kysely<unknown>) => {
    await sql`CREATE TABLE newer (id int)`.execute(database);
  },
};

test("makes all tables once, in the order of their names", async () => {
  const names = Object.keys(migrations);
  expect(names).toEqual([...names].sort());
  expect(await run()).toEqual({ run: names, newer: [] });
  expect(await run()).toEqual({ run: [], newer: [] });
  expect(await column("SELECT name FROM kysely_migration ORDER BY name")).toEqual(names);
});

test("each has its number, and none goes back", () => {
  for (const [migration, { down }] of Object.entries(migrations)) {
    expect(migration).toMatch(/^\d{4}-[a-z-]+$/);
    expect(down).toBeUndefined();
  }
});

test("of several that run at once, one does it and the others find it done", async () => {
  const results = await Promise.all(Array.from({ length: 6 }, () => run()));
  expect(results.flatMap((result) => result.run)).toEqual(Object.keys(migrations));
});

test("an older release runs while a newer one's migrations are there, and leaves them", async () => {
  await run({ migrations: { ...migrations, "9999-newer": addsTable } });
  expect(await run()).toEqual({ run: [], newer: ["9999-newer"] });
  expect(await column("SELECT to_regclass('newer') IS NOT NULL")).toEqual([true]);
  const store = new PostgresOrderStore(postgres.open(name));
  const order = newOrder();
  expect(await store.place(newRequest(), order)).toEqual({ outcome: "placed", order });
});

test("a migration that comes before one that was run is refused", async () => {
  await run();
  await expect(run({ migrations: { ...migrations, "0000-late": addsTable } })).rejects.toThrow(
    /^corrupted migrations: expected previously executed migration 0001-orders to be at index 0 but 0000-late/,
  );
});

test("one that fails leaves nothing, of itself and of those before it in the release", async () => {
  const failing: Migration = {
    up: async (database) => {
      await sql`SELECT 1 / 0`.execute(database);
    },
  };
  const release = { ...migrations, "9998-newer": addsTable, "9999-fails": failing };
  await expect(run({ migrations: release })).rejects.toThrow("division by zero");
  expect(await column("SELECT to_regclass('orders')")).toEqual([null]);
  expect(await column("SELECT to_regclass('newer')")).toEqual([null]);
  expect(await run()).toEqual({ run: Object.keys(migrations), newer: [] });
});

test("who waits for a table that is in use gives up soon, lets others through, and tries again", async () => {
  await run();
  const database = postgres.open(name);
  const user = await database.startTransaction().execute();
  await user.selectFrom("orders").select("id").execute();
  const alters: Migration = {
    up: async (owner) => {
      // Shorter than the service's own limit, as the test waits for it.
      await sql`SET LOCAL lock_timeout = 100`.execute(owner);
      await sql`ALTER TABLE orders ADD COLUMN note text`.execute(owner);
    },
  };
  let attempts = 0;
  const migrating = run({
    migrations: { ...migrations, "9999-alters": alters },
    pause: async (attempt) => {
      attempts = attempt;
      // Others use the table between the attempts.
      await database.selectFrom("orders").select("id").execute();
      if (attempt === 2) await user.rollback().execute();
    },
  });
  expect(await migrating).toEqual({ run: ["9999-alters"], newer: [] });
  expect(attempts).toBe(2);
});

describe("the application's role", () => {
  const denied = (statement: string) =>
    expect(sql.raw(statement).execute(postgres.open(name))).rejects.toMatchObject({ code: "42501" });

  beforeEach(() => run());

  test.each([
    "UPDATE orders SET total_cents = 0",
    "UPDATE orders SET principal = 'user-2'",
    "UPDATE orders SET currency = 'USD'",
    "UPDATE order_items SET unit_price_cents = 0",
    "UPDATE outbox SET payload = '{}'",
    "UPDATE outbox SET sequence = 1",
    "DELETE FROM orders",
    "DELETE FROM order_items",
    "TRUNCATE orders, order_items, idempotency_keys, outbox",
    "SELECT * FROM kysely_migration",
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE ROLE other",
    "ALTER TABLE orders ADD COLUMN note text",
    "COPY orders TO '/tmp/orders'",
  ])("may not %s", denied);

  test("only that role may connect besides the owner", async () => {
    await postgres.run("postgres", "CREATE ROLE stranger LOGIN PASSWORD 'stranger'").catch(() => undefined);
    const stranger = postgres.open(name, { user: "stranger", password: async () => "stranger" });
    await expect(sql`SELECT 1`.execute(stranger)).rejects.toMatchObject({
      name: "DatabaseUnavailable",
      code: "42501",
    });
  });

  test("has limits of its own on statements and idle transactions, and no attribute", async () => {
    expect(
      await column(`SELECT unnest(rolconfig) FROM pg_roles WHERE rolname = '${ROLE.name}' ORDER BY 1`),
    ).toEqual(["idle_in_transaction_session_timeout=5000", "statement_timeout=2500"]);
    const [role] = await postgres.run(
      name,
      `SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = '${ROLE.name}'`,
    );
    expect(Object.values(role ?? {})).toEqual([false, false, false, false, false]);
  });

  test("has the new password after it was changed, and no more the old", async () => {
    await run({ role: { ...ROLE, password: "changed" } });
    const use = (password: string) =>
      sql`SELECT 1 AS one`.execute(postgres.open(name, { password: async () => password }));
    expect((await use("changed")).rows).toEqual([{ one: 1 }]);
    await expect(use(ROLE.password)).rejects.toMatchObject({ code: "28P01" });
    await run();
  });

  test("its password is in no statement that the database may log", async () => {
    await postgres.run("postgres", "ALTER SYSTEM SET log_statement = 'all'");
    await postgres.run("postgres", "SELECT pg_reload_conf()");
    await run({ role: { name: ROLE.name, password: "never-to-be-seen" } });
    await run();
    const statements = postgres.logLines();
    expect(
      statements.filter((line) => line.includes(`ALTER ROLE "${ROLE.name}" PASSWORD`)).length,
    ).toBeGreaterThan(0);
    expect(statements.filter((line) => line.includes("never-to-be-seen"))).toEqual([]);
  });
});

describe("sign-in by IAM", () => {
  const byIam = { name: "orders_by_iam" };

  test("needs a database that knows it", async () => {
    await expect(run({ role: byIam })).rejects.toThrow(
      new Error(
        "environment: APPLICATION_PASSWORD must be set, as the database has no role rds_iam to sign in by IAM",
      ),
    );
  });

  test("is granted to a role without a password, and taken from one that gets one", async () => {
    await postgres.run("postgres", `CREATE ROLE rds_iam; GRANT rds_iam TO ${OWNER.name} WITH ADMIN OPTION`);
    const members = () =>
      column(
        "SELECT member::regrole::text FROM pg_auth_members WHERE roleid = 'rds_iam'::regrole AND member::regrole::text LIKE 'orders%'",
      );
    try {
      await run({ role: byIam });
      expect(await members()).toEqual([byIam.name]);
      await run({ role: { ...byIam, password: "secret" } });
      expect(await members()).toEqual([]);
    } finally {
      await postgres.run("postgres", "DROP ROLE rds_iam");
    }
  });
});
