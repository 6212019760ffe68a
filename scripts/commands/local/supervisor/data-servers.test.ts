/** Databases and caches that are deployed to the real emulator, run by the supervisor, and reached by their names. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateReplicationGroupCommand,
  CreateUserCommand,
  CreateUserGroupCommand,
  DeleteReplicationGroupCommand,
  ElastiCacheClient,
} from "@aws-sdk/client-elasticache";
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  ModifyDBClusterCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readJson } from "../../../internal/json-file";
import { findMarkedProcesses } from "../../../internal/process-identity";
import { localDirectory } from "../directory";
import { clientConfig } from "../ecs/clients";
import { type DataServerState, readState } from "../ecs/state";
import { runningEmulator, startEmulator } from "../emulator";
import type { ManagedRecord } from "../managed-process";
import { PRELOAD } from "../names/preload-option";
import { stopAll, stopServices } from "../processes";
import { ensureVirtualEnvironment } from "../python";
import { endpointUrl, MARKS } from "../settings";
import { checkTools } from "../tools";
import { startSupervisor, stopSupervisor, waitUntilSteady } from "./control";

const ROOT = resolve(__dirname, "../../../..");
const directory = localDirectory(ROOT, mkdtempSync(join(tmpdir(), "data-servers-")));
let python: string;
let supervisor: ManagedRecord;
let rds: RDSClient;
let elasticache: ElastiCacheClient;
let secrets: SecretsManagerClient;

jest.setTimeout(60_000);

beforeAll(async () => {
  // Where this is root, PostgreSQL is another user, who must get through to its data.
  chmodSync(directory.path, 0o711);
  const usual = localDirectory(ROOT, join(ROOT, ".local"));
  python = await ensureVirtualEnvironment(usual, checkTools().python, () => {});
  const emulator = await startEmulator(directory, python);
  const config = clientConfig(endpointUrl(emulator.port));
  rds = new RDSClient(config);
  elasticache = new ElastiCacheClient(config);
  secrets = new SecretsManagerClient(config);
  await createDatabase();
  await elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: "sessions",
      ReplicationGroupDescription: "d",
      Engine: "valkey",
    }),
  );
  await bringUp();
}, 300_000);

afterAll(async () => {
  for (const client of [rds, elasticache, secrets]) client?.destroy();
  await stopAll(directory);
  rmSync(directory.path, { recursive: true });
});

async function bringUp(): Promise<void> {
  const emulator = runningEmulator(directory);
  if (!emulator) throw new Error("the emulator does not run");
  supervisor = await startSupervisor(directory, emulator, python);
  await waitUntilSteady(directory, supervisor, () => {}, 50);
}

async function createDatabase(): Promise<void> {
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: "orders",
      DBInstanceClass: "db.t4g.micro",
      Engine: "postgres",
      MasterUsername: "master",
      ManageMasterUserPassword: true,
      DBName: "orders",
      AllocatedStorage: 20,
    }),
  );
}

async function instance() {
  const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "orders" }));
  return DBInstances?.[0];
}

async function secretText(id: string | undefined): Promise<{ username: string; password: string }> {
  const { SecretString = "" } = await secrets.send(new GetSecretValueCommand({ SecretId: id }));
  return JSON.parse(SecretString) as { username: string; password: string };
}

const server = (id: string): DataServerState | undefined =>
  readState(directory)?.servers.find((each) => each.id === id);

/** Runs a program that knows nothing but names, as a service does. @returns what it printed */
function runInVpc(script: string, variables: Record<string, string>): string {
  const { stdout, stderr } = spawnSync(process.execPath, ["--require", PRELOAD, "-e", script], {
    cwd: ROOT,
    encoding: "utf8",
    env: { LOCAL_NAMES: directory.names, ...variables },
    timeout: 20_000,
  });
  return (stdout + stderr).trim();
}

const QUERY = `
  const { Client } = require("pg");
  const { HOST: host, USER: user, PASSWORD: password, DATABASE: database, SQL } = process.env;
  const client = new Client({ host, user, password, database });
  client.connect().then(() => client.query(SQL)).then(
    ({ rows }) => console.log(JSON.stringify(rows)),
    (error) => console.log(error.message),
  ).finally(() => client.end());`;

async function query(sql: string): Promise<string> {
  const found = await instance();
  const { username, password } = await secretText(found?.MasterUserSecret?.SecretArn);
  const settings = { USER: username, PASSWORD: password, DATABASE: "orders", SQL: sql };
  return runInVpc(QUERY, { HOST: found?.Endpoint?.Address ?? "", ...settings });
}

const CACHE = `
  const { default: Valkey } = require("iovalkey");
  const { HOST: host, USER: username, PASSWORD: password } = process.env;
  const cache = new Valkey({ host, port: 6379, retryStrategy: () => null, ...(username && { username, password }) });
  cache.on("error", () => {});
  cache.incr("app:count").then(console.log, (error) => console.log(error.message)).finally(() => cache.disconnect());`;

test("a database has the deployed name, master user and password, and is reached by its address", async () => {
  expect(await query("SELECT current_database() AS name, current_user AS user")).toBe(
    '[{"name":"orders","user":"master"}]',
  );
  expect(server("orders")?.address).toBe(`${(await instance())?.Endpoint?.Address}:5432`);
});

test("the master user is what RDS makes it: no superuser, and may give rds_iam on", async () => {
  expect(await query("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).toBe(
    '[{"rolsuper":false}]',
  );
  expect(await query("CREATE ROLE app LOGIN; GRANT rds_iam TO app; SELECT 1 AS one")).not.toContain("denied");
  expect(await query("SELECT pg_has_role('app', 'rds_iam', 'member') AS member")).toBe('[{"member":true}]');
});

test("another password is refused", async () => {
  const found = await instance();
  const variables = {
    HOST: found?.Endpoint?.Address ?? "",
    USER: "master",
    DATABASE: "orders",
    SQL: "SELECT 1",
  };
  expect(runInVpc(QUERY, { ...variables, PASSWORD: "wrong" })).toBe(
    'password authentication failed for user "master"',
  );
});

test("a cluster has a server of its own, whose password follows its secret", async () => {
  const { DBCluster } = await rds.send(
    new CreateDBClusterCommand({
      DBClusterIdentifier: "ledger",
      Engine: "aurora-postgresql",
      MasterUsername: "keeper",
      ManageMasterUserPassword: true,
      DatabaseName: "ledger",
    }),
  );
  await bringUp();
  const ask = async () => {
    const { username, password } = await secretText(DBCluster?.MasterUserSecret?.SecretArn);
    const settings = { USER: username, PASSWORD: password, DATABASE: "ledger", SQL: "SELECT 1 AS one" };
    return runInVpc(QUERY, { HOST: DBCluster?.Endpoint ?? "", ...settings });
  };
  expect(await ask()).toBe('[{"one":1}]');
  const change = { DBClusterIdentifier: "ledger", RotateMasterUserPassword: true, ApplyImmediately: true };
  await rds.send(new ModifyDBClusterCommand(change));
  await bringUp();
  expect(await ask()).toBe('[{"one":1}]');
  expect(server("ledger")?.port).not.toBe(server("orders")?.port);
});

test("a cache is reached by its address", () => {
  const host = server("sessions")?.address.split(":")[0] ?? "";
  expect(runInVpc(CACHE, { HOST: host })).toBe("1");
});

test("a cache with users takes these alone, with their passwords and rights", async () => {
  const users = [
    { UserId: "default", UserName: "default", AccessString: "off -@all", NoPasswordRequired: true },
    { UserId: "app", UserName: "app", AccessString: "on ~app:* +@all", Passwords: ["a-long-password-1"] },
    {
      UserId: "other",
      UserName: "other",
      AccessString: "on ~other:* +@all",
      Passwords: ["a-long-password-2"],
    },
  ];
  for (const user of users) await elasticache.send(new CreateUserCommand({ Engine: "valkey", ...user }));
  const UserIds = users.map(({ UserId }) => UserId);
  await elasticache.send(new CreateUserGroupCommand({ UserGroupId: "views", Engine: "valkey", UserIds }));
  await elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: "views",
      ReplicationGroupDescription: "d",
      Engine: "valkey",
      TransitEncryptionEnabled: true,
      UserGroupIds: ["views"],
    }),
  );
  await bringUp();
  const HOST = server("views")?.address.split(":")[0] ?? "";
  expect(runInVpc(CACHE, { HOST, USER: "app", PASSWORD: "a-long-password-1" })).toBe("1");
  expect(runInVpc(CACHE, { HOST, USER: "other", PASSWORD: "a-long-password-2" })).toContain("NOPERM");
  expect(runInVpc(CACHE, { HOST, USER: "app", PASSWORD: "wrong" })).toMatch(/NOAUTH|WRONGPASS/);
  expect(runInVpc(CACHE, { HOST })).toContain("NOAUTH");
});

test("what is written is there after the environment was down, at the same ports", async () => {
  await query("CREATE TABLE kept AS SELECT 7 AS value");
  const before = readState(directory)?.servers;
  await stopServices(directory);
  expect(findMarkedProcesses(MARKS.environment, directory.path)).toEqual([
    runningEmulator(directory)?.process.pid,
  ]);
  await bringUp();
  expect(await query("SELECT value FROM kept")).toBe('[{"value":7}]');
  expect(runInVpc(CACHE, { HOST: server("sessions")?.address.split(":")[0] ?? "" })).toBe("2");
  const ports = (servers: typeof before) => servers?.map(({ id, port }) => [id, port]).sort();
  expect(ports(readState(directory)?.servers)).toEqual(ports(before));
});

test("an instance that is made anew under the same id begins empty", async () => {
  await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "orders", SkipFinalSnapshot: true }));
  await createDatabase();
  await bringUp();
  expect(await query("SELECT value FROM kept")).toBe('relation "kept" does not exist');
});

test("what is gone from the deployment is ended, even when no supervisor ran at the time", async () => {
  const pid = server("sessions")?.pid as number;
  process.kill(supervisor.process.pid, "SIGKILL");
  await elasticache.send(new DeleteReplicationGroupCommand({ ReplicationGroupId: "sessions" }));
  await bringUp();
  expect(server("sessions")).toBeUndefined();
  expect(findMarkedProcesses(MARKS.environment, directory.path)).not.toContain(pid);
  const routes = readJson<{ host: string }[]>(directory.names) ?? [];
  expect(routes.filter(({ host }) => host.startsWith("sessions"))).toEqual([]);
});

test("servers that a killed supervisor has left behind are taken over, and ended by an end of all", async () => {
  const before = server("orders");
  process.kill(supervisor.process.pid, "SIGKILL");
  await sleep(100);
  await bringUp();
  expect(server("orders")).toEqual(before);
  process.kill(supervisor.process.pid, "SIGKILL");
  await stopSupervisor(directory);
  // Their records are lost too.
  for (const folder of [directory.databases, directory.caches]) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name, "server.json"), { force: true });
  }
  expect((await stopAll(directory)).length).toBeGreaterThan(2);
  expect(findMarkedProcesses(MARKS.environment, directory.path)).toEqual([]);
});
