import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  type DBCluster,
  type DBInstance,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Client, escapeIdentifier, escapeLiteral } from "pg";
import { type PostgresServer, startPostgres, stopPostgres } from "../../../internal/postgres-server";
import type { DataServerState } from "../ecs/state";
import type { Route } from "./routes";

/** A deployed instance or cluster of PostgreSQL. */
export interface DeployedDatabase {
  readonly id: string;
  /** Of this one alone: another that is made under the same id later begins empty. */
  readonly resourceId: string;
  /** Addresses in the VPC; the first is the one that is told. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** @default none is made */
  readonly databaseName?: string;
  /** ARN of the secret with the master user's name and password; absent when RDS does not manage it. */
  readonly masterSecretArn?: string;
}

/** The master user, as the secret has it. */
interface MasterUser {
  readonly username: string;
  readonly password: string;
}

/** What the stand-in for RDS works with. */
export interface DatabasesConfig {
  readonly rds: RDSClient;
  readonly secrets: SecretsManagerClient;
  /** Folder of the data. */
  readonly folder: string;
  /** Variables that mark the servers' processes. */
  readonly marks: Readonly<Record<string, string>>;
}

/** A task may need as many as its pool has; the server runs beside everything else. */
const SETTINGS = { max_connections: "100", shared_buffers: "32MB" } as const;

/** Stands for RDS: one PostgreSQL server for each deployed instance that is alone, and for each cluster. */
export class Databases {
  private readonly servers = new Map<
    string,
    { readonly database: DeployedDatabase; readonly server: PostgresServer }
  >();
  private readonly errors = new Map<
    string,
    { readonly database: DeployedDatabase; readonly error: string }
  >();
  private readonly prepared = new Map<string, string>();

  constructor(private readonly config: DatabasesConfig) {}

  /** Starts the servers of what is deployed, with master user and database, and ends those of what is gone. Their data stays. */
  async reconcile(): Promise<void> {
    const deployed = await readDatabases(this.config.rds);
    // By the folders: a supervisor that was killed has left its servers running.
    const folders = existsSync(this.config.folder) ? readdirSync(this.config.folder) : [];
    for (const key of folders) {
      if (deployed.some((each) => keyOf(each) === key)) continue;
      await stopPostgres(join(this.config.folder, key));
      this.servers.delete(key);
      this.prepared.delete(key);
    }
    this.errors.clear();
    for (const database of deployed) {
      try {
        await this.bringUp(database);
      } catch (error) {
        this.errors.set(keyOf(database), { database, error: (error as Error).message });
      }
    }
  }

  /** Where the addresses lead. */
  routes(): Route[] {
    return [...this.servers.values()].flatMap(({ database, server }) =>
      database.addresses.map((host) => ({ host: host.toLowerCase(), port: database.port, to: server.port })),
    );
  }

  /** How they are told. */
  state(): DataServerState[] {
    const running = [...this.servers].filter(([key]) => !this.errors.has(key));
    return [
      ...running.map(([, { database, server }]) => ({
        ...describe(database),
        port: server.port,
        pid: server.process.pid,
        error: null,
      })),
      ...[...this.errors.values()].map(({ database, error }) => ({
        ...describe(database),
        port: null,
        pid: null,
        error,
      })),
    ];
  }

  /** Ends all servers. */
  async close(): Promise<void> {
    await Promise.all([...this.servers.keys()].map((key) => stopPostgres(join(this.config.folder, key))));
    this.servers.clear();
  }

  private async bringUp(database: DeployedDatabase): Promise<void> {
    const { folder, marks } = this.config;
    const key = keyOf(database);
    const user = await this.masterUser(database);
    // The server's own user, where this process is root's, must get through to its data.
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o711);
    const server = await startPostgres(join(folder, key), { settings: SETTINGS, environment: marks });
    const same = this.servers.get(key)?.server.process.startedAt === server.process.startedAt;
    this.servers.set(key, { database, server });
    // Of the password no more than its hash is kept in memory.
    const wanted = createHash("sha256")
      .update(JSON.stringify([user, database.databaseName]))
      .digest("hex");
    if (same && this.prepared.get(key) === wanted) return;
    await prepare(server, user, database.databaseName);
    this.prepared.set(key, wanted);
  }

  private async masterUser({ id, masterSecretArn }: DeployedDatabase): Promise<MasterUser> {
    if (masterSecretArn === undefined) {
      throw new Error(
        `${id} must have manage_master_user_password set: the emulator tells no other password`,
      );
    }
    const { SecretString } = await this.config.secrets.send(
      new GetSecretValueCommand({ SecretId: masterSecretArn }),
    );
    return JSON.parse(SecretString ?? "null") as MasterUser;
  }
}

/**
 * Makes what RDS makes: the roles `rds_superuser` and `rds_iam`, the master user, which is a member of both and no superuser, and
 * the database, which is the master user's. What is there is brought in line.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.html
 */
async function prepare(
  { port, user, password }: PostgresServer,
  master: MasterUser,
  databaseName: string | undefined,
): Promise<void> {
  const client = new Client({ host: "127.0.0.1", port, user, password, database: user });
  await client.connect();
  try {
    const exists = async (catalogue: "pg_roles" | "pg_database", column: string, name: string) =>
      (await client.query(`SELECT 1 FROM ${catalogue} WHERE ${column} = $1`, [name])).rowCount === 1;
    const name = escapeIdentifier(master.username);
    for (const role of ["rds_superuser", "rds_iam", master.username]) {
      if (!(await exists("pg_roles", "rolname", role)))
        await client.query(`CREATE ROLE ${escapeIdentifier(role)}`);
    }
    const login = `LOGIN CREATEDB CREATEROLE PASSWORD ${escapeLiteral(master.password)}`;
    await client.query(`ALTER ROLE ${name} ${login}`);
    await client.query(`GRANT rds_superuser, rds_iam TO ${name} WITH ADMIN OPTION`);
    if (databaseName === undefined) return;
    const database = escapeIdentifier(databaseName);
    if (!(await exists("pg_database", "datname", databaseName))) {
      await client.query(`CREATE DATABASE ${database} OWNER ${name}`);
    }
  } finally {
    await client.end();
  }
}

/** Reads the deployed instances and clusters of PostgreSQL. */
export async function readDatabases(rds: RDSClient): Promise<DeployedDatabase[]> {
  const clusters: DBCluster[] = [];
  const instances: DBInstance[] = [];
  for await (const page of paginateDescribeDBClusters({ client: rds }, {}))
    clusters.push(...(page.DBClusters ?? []));
  for await (const page of paginateDescribeDBInstances({ client: rds }, {})) {
    instances.push(...(page.DBInstances ?? []));
  }
  const alone = instances.filter(({ DBClusterIdentifier }) => !DBClusterIdentifier);
  return [
    ...clusters.filter(isPostgres).map((cluster) => ({
      id: cluster.DBClusterIdentifier ?? "",
      resourceId: cluster.DbClusterResourceId ?? "",
      addresses: [cluster.Endpoint, cluster.ReaderEndpoint].flatMap((each) => each ?? []),
      port: cluster.Port ?? 5432,
      ...(cluster.DatabaseName && { databaseName: cluster.DatabaseName }),
      ...secretOf(cluster),
    })),
    ...alone.filter(isPostgres).map((instance) => ({
      id: instance.DBInstanceIdentifier ?? "",
      resourceId: instance.DbiResourceId ?? "",
      addresses: instance.Endpoint?.Address ? [instance.Endpoint.Address] : [],
      port: instance.Endpoint?.Port ?? 5432,
      ...(instance.DBName && { databaseName: instance.DBName }),
      ...secretOf(instance),
    })),
  ];
}

function isPostgres({ Engine }: { readonly Engine?: string | undefined }): boolean {
  return Engine === "postgres" || Engine === "aurora-postgresql";
}

function secretOf({ MasterUserSecret }: Pick<DBInstance, "MasterUserSecret">): { masterSecretArn?: string } {
  return MasterUserSecret?.SecretArn ? { masterSecretArn: MasterUserSecret.SecretArn } : {};
}

/** Name of its folder. */
function keyOf({ id, resourceId }: DeployedDatabase): string {
  return `${id}-${resourceId.slice(-8).toLowerCase()}`;
}

function describe({ id, addresses, port }: DeployedDatabase) {
  return { kind: "database" as const, id, address: `${addresses[0] ?? ""}:${port}` };
}
