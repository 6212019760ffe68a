import { createHash } from "node:crypto";
import { Cluster, Redis, type RedisOptions } from "iovalkey";
import type { CacheConnection } from "./cache";
import type { CacheCredentials } from "./cache-credentials";
import type { Script } from "./scripts";

/** Where the cache is. */
export interface CacheAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** The keys are spread over shards: the client asks for their places, and goes to each itself. */
  readonly sharded: boolean;
}

/**
 * Connects to Valkey, once: what becomes of the connection later is the caller's to see to.
 *
 * @param signal gives up
 * @throws the client's error, or the server's
 */
export async function connectToValkey(
  address: CacheAddress,
  credentials: CacheCredentials,
  signal: AbortSignal,
): Promise<CacheConnection> {
  const client = address.sharded ? cluster(address, credentials) : single(address);
  // What it says of itself between calls; a call that fails says so again.
  client.on("error", () => undefined);
  signal.addEventListener("abort", () => client.disconnect(), { once: true });
  try {
    await client.connect();
    if (client instanceof Redis) await authenticate(client, credentials);
  } catch (error) {
    client.disconnect();
    throw causeOf(error);
  }
  return {
    run: (script, keys, values) => runScript(client, script, keys, values),
    close: () => client.disconnect(),
  };
}

function single(address: CacheAddress): Redis {
  const { host, port } = address;
  return new Redis({ ...commonOptions(address), host, port, retryStrategy: () => null });
}

/** Before anything else is sent: the client itself would not wait, and what follows a refusal would be done as the default user. */
async function authenticate(client: Redis, { username, password }: CacheCredentials): Promise<void> {
  if (password === undefined) return;
  await (username === undefined ? client.auth(password) : client.auth(username, password));
}

function cluster(address: CacheAddress, credentials: CacheCredentials): Cluster {
  const { host, port } = address;
  return new Cluster([{ host, port }], {
    lazyConnect: true,
    clusterRetryStrategy: () => null,
    enableReadyCheck: false,
    // By the server's word that a key has moved, not by the clock: a function may be frozen between requests.
    slotsRefreshInterval: 0,
    maxRedirections: 3,
    // Nodes name themselves as their certificates do: https://github.com/redis/ioredis#special-note-aws-elasticache-clusters-with-tls
    ...(address.tls && { dnsLookup: (name, found) => found(null, name) }),
    redisOptions: { ...commonOptions(address), ...credentials },
  });
}

/** Of a cluster that could not be asked for the places of its keys: what the last node said. */
function causeOf(error: unknown): unknown {
  return (error as { lastNodeError?: Error } | undefined)?.lastNodeError ?? error;
}

function commonOptions({ tls }: CacheAddress): RedisOptions {
  return {
    lazyConnect: true,
    // Nothing waits or is tried again in here: the cache's own attempts are counted and have their time.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // Asks INFO, which the function's user need not be allowed; a server that is loading says so to any command.
    enableReadyCheck: false,
    ...(tls && { tls: { minVersion: "TLSv1.2" as const } }),
  };
}

/** Names the script by its hash; a server that does not know it is sent it once. */
async function runScript(
  client: Redis | Cluster,
  { source, keys: count }: Script,
  keys: readonly string[],
  values: readonly (string | number)[],
): Promise<unknown> {
  const hash = createHash("sha1").update(source).digest("hex");
  try {
    return await client.evalsha(hash, count, ...keys, ...values);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return client.eval(source, count, ...keys, ...values);
  }
}
