import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  DescribeUserGroupsCommand,
  type ElastiCacheClient,
  paginateDescribeCacheClusters,
  paginateDescribeReplicationGroups,
  paginateDescribeServerlessCaches,
} from "@aws-sdk/client-elasticache";
import { startValkey, stopValkey, type ValkeyServer } from "../../../internal/valkey-server";
import type { DataServerState } from "../ecs/state";
import { ACCOUNT } from "../settings";
import { accessList, type CacheUser, parseUsers } from "./access-list";
import type { Route } from "./routes";

/** A deployed cache that speaks the protocol of Redis. */
interface DeployedCache {
  readonly id: string;
  /** Addresses and ports in the VPC; the first is the one that is told. */
  readonly endpoints: readonly { readonly address: string; readonly port: number }[];
  /** Groups of the users that may use it; none for everybody. */
  readonly userGroupIds: readonly string[];
}

/** What the stand-in for ElastiCache works with. */
export interface CachesConfig {
  readonly elasticache: ElastiCacheClient;
  /** The emulator's address. */
  readonly endpoint: string;
  /** Folder of the data. */
  readonly folder: string;
  /** Path of `valkey-server`; undefined on a machine for which there is none. */
  readonly program: string | undefined;
  /** Variables that mark the servers' processes. */
  readonly marks: Readonly<Record<string, string>>;
}

/** Stands for ElastiCache: one Valkey server for each deployed cache, with the users that are deployed for it. */
export class Caches {
  private readonly servers = new Map<
    string,
    { readonly cache: DeployedCache; readonly server: ValkeyServer }
  >();
  private readonly errors = new Map<string, { readonly cache: DeployedCache; readonly error: string }>();

  constructor(private readonly config: CachesConfig) {}

  /** Starts the servers of what is deployed and ends those of what is gone. Their data stays. */
  async reconcile(): Promise<void> {
    const deployed = await readCaches(this.config.elasticache);
    // By the folders: a supervisor that was killed has left its servers running.
    const folders = existsSync(this.config.folder) ? readdirSync(this.config.folder) : [];
    for (const id of folders) {
      if (deployed.some((cache) => cache.id === id)) continue;
      await stopValkey(this.folderOf(id));
      this.servers.delete(id);
    }
    this.errors.clear();
    for (const cache of deployed) {
      try {
        await this.bringUp(cache);
      } catch (error) {
        this.errors.set(cache.id, { cache, error: (error as Error).message });
      }
    }
  }

  /** Where the addresses lead. */
  routes(): Route[] {
    return [...this.servers.values()].flatMap(({ cache, server }) =>
      cache.endpoints.map(({ address, port }) => ({ host: address.toLowerCase(), port, to: server.port })),
    );
  }

  /** How they are told. */
  state(): DataServerState[] {
    const running = [...this.servers.values()].filter(({ cache }) => !this.errors.has(cache.id));
    return [
      ...running.map(({ cache, server }) => ({
        ...describe(cache),
        port: server.port,
        pid: server.process.pid,
        error: null,
      })),
      ...[...this.errors.values()].map(({ cache, error }) => ({
        ...describe(cache),
        port: null,
        pid: null,
        error,
      })),
    ];
  }

  /** Ends all servers. */
  async close(): Promise<void> {
    await Promise.all([...this.servers.keys()].map((id) => stopValkey(this.folderOf(id))));
    this.servers.clear();
  }

  private async bringUp(cache: DeployedCache): Promise<void> {
    const { program, marks } = this.config;
    if (program === undefined) throw new Error("there is no Valkey for this machine");
    const folder = this.folderOf(cache.id);
    mkdirSync(folder, { recursive: true });
    const aclfile = join(folder, "users.acl");
    const list = accessList(await this.usersOf(cache));
    if (readText(aclfile) !== list) {
      await stopValkey(folder);
      writeFileSync(aclfile, list, { mode: 0o600 });
    }
    const server = await startValkey(folder, { program, settings: { aclfile }, environment: marks });
    this.servers.set(cache.id, { cache, server });
  }

  private async usersOf({ userGroupIds }: DeployedCache): Promise<CacheUser[]> {
    if (userGroupIds.length === 0) return [];
    const { elasticache, endpoint } = this.config;
    const { UserGroups = [] } = await elasticache.send(new DescribeUserGroupsCommand({}));
    const ids = UserGroups.filter(({ UserGroupId = "" }) => userGroupIds.includes(UserGroupId)).flatMap(
      ({ UserIds = [] }) => UserIds,
    );
    // By a plain request: AWS's client passes over what tells the passwords' hashes.
    const scope = `test/20260101/${ACCOUNT.region}/elasticache/aws4_request`;
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` },
      body: new URLSearchParams({ Version: "2015-02-02", Action: "DescribeUsers" }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`DescribeUsers: ${response.status} ${text.slice(0, 200)}`);
    return parseUsers(text).filter(({ id }) => ids.includes(id));
  }

  private folderOf(id: string): string {
    return join(this.config.folder, id);
  }
}

async function readCaches(client: ElastiCacheClient): Promise<DeployedCache[]> {
  const caches: DeployedCache[] = [];
  for await (const { ReplicationGroups = [] } of paginateDescribeReplicationGroups({ client }, {})) {
    for (const group of ReplicationGroups) {
      const nodes = (group.NodeGroups ?? []).flatMap(({ PrimaryEndpoint, ReaderEndpoint }) => [
        PrimaryEndpoint,
        ReaderEndpoint,
      ]);
      caches.push({
        id: group.ReplicationGroupId ?? "",
        endpoints: [group.ConfigurationEndpoint, ...nodes].flatMap(readEndpoint),
        userGroupIds: group.UserGroupIds ?? [],
      });
    }
  }
  const pages = paginateDescribeCacheClusters({ client }, { ShowCacheNodeInfo: true });
  for await (const { CacheClusters = [] } of pages) {
    for (const cluster of CacheClusters) {
      // Members of a group are the group; Memcached speaks another protocol.
      if (cluster.ReplicationGroupId || cluster.Engine === "memcached") continue;
      caches.push({
        id: cluster.CacheClusterId ?? "",
        endpoints: (cluster.CacheNodes ?? []).flatMap(({ Endpoint }) => readEndpoint(Endpoint)),
        userGroupIds: [],
      });
    }
  }
  for await (const { ServerlessCaches = [] } of paginateDescribeServerlessCaches({ client }, {})) {
    for (const cache of ServerlessCaches) {
      if (cache.Engine === "memcached") continue;
      caches.push({
        id: cache.ServerlessCacheName ?? "",
        endpoints: [cache.Endpoint, cache.ReaderEndpoint].flatMap(readEndpoint),
        userGroupIds: cache.UserGroupId ? [cache.UserGroupId] : [],
      });
    }
  }
  return caches;
}

function readEndpoint(
  endpoint: { readonly Address?: string | undefined; readonly Port?: number | undefined } | undefined,
) {
  const { Address: address, Port: port } = endpoint ?? {};
  return address && port ? [{ address, port }] : [];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // Not written yet.
  }
}

function describe({ id, endpoints: [first] }: DeployedCache) {
  return { kind: "cache" as const, id, address: first ? `${first.address}:${first.port}` : "" };
}
