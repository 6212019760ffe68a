import { Redis } from "iovalkey";
import type { CacheConnection } from "./cache";
import type { CacheCredentials } from "./cache-credentials";
import { ShardedConnection } from "./sharded-connection";

/** Where the cache is. */
export interface CacheAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/**
 * Connects to Valkey, once: what becomes of the connection later is the caller's to see to. Whether the keys are on one node or
 * spread over several is found out by asking.
 *
 * @param signal gives up
 * @throws the client's error, or the server's
 */
export async function connectToValkey(
  { host, port, tls }: CacheAddress,
  credentials: CacheCredentials,
  signal: AbortSignal,
): Promise<CacheConnection> {
  const connection = new ShardedConnection({ host, port }, (node) =>
    connectToNode({ ...node, tls }, credentials),
  );
  const abort = () => connection.close();
  signal.addEventListener("abort", abort, { once: true });
  await connection.open();
  signal.removeEventListener("abort", abort);
  return connection;
}

async function connectToNode(
  { host, port, tls }: CacheAddress,
  { username, password }: CacheCredentials,
): Promise<Redis> {
  const client = new Redis({
    host,
    port,
    lazyConnect: true,
    // Nothing waits or is tried again in here: the cache's own attempts are counted and have their time.
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // A connection is ended because nothing is to be expected of it.
    disconnectTimeout: 0,
    // Asks INFO, which the function's user need not be allowed; a server that is loading says so to any command.
    enableReadyCheck: false,
    ...(tls && { tls: { minVersion: "TLSv1.2" as const } }),
  });
  // Of a connection that was not made, this alone says why.
  let reason: unknown;
  client.on("error", (error) => {
    reason = error;
  });
  try {
    await client.connect();
    // Not by the client itself: it would not wait, and what follows a refusal would be done as the default user.
    if (password !== undefined) {
      await (username === undefined ? client.auth(password) : client.auth(username, password));
    }
    return client;
  } catch (error) {
    client.disconnect();
    throw reason ?? error;
  }
}
