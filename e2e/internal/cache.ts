import { Redis } from "iovalkey";
import { readState } from "../../scripts/commands/local/ecs/state";
import { environmentDirectory } from "./directory";

/** The Valkey server that stands for a deployed cache: its process and port. @throws Error when it does not run */
export function cacheServer(name: "sessions" | "storefront"): {
  readonly pid: number;
  readonly port: number;
} {
  const servers = readState(environmentDirectory())?.servers ?? [];
  const server = servers.find(({ kind, id }) => kind === "cache" && id.endsWith(`-${name}`));
  const { pid, port } = server ?? {};
  if (!pid || !port) throw new Error(`no cache ${name} runs`);
  return { pid, port };
}

/** Asks a deployed cache, past the services. */
export async function withCache<T>(
  name: "sessions" | "storefront",
  work: (cache: Redis) => Promise<T>,
): Promise<T> {
  const { port } = cacheServer(name);
  const cache = new Redis({ host: "127.0.0.1", port, lazyConnect: true, maxRetriesPerRequest: 1 });
  try {
    await cache.connect();
    return await work(cache);
  } finally {
    cache.disconnect();
  }
}

/** A session as the cache has it. Times are milliseconds since 1970. */
export interface KeptSession {
  readonly hash: string;
  readonly rotatedAt?: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly absoluteExpiresAt: number;
}

/** Changes a session in the cache, as if time had passed. @param token of it */
export async function changeSession(
  token: string,
  change: (session: KeptSession) => Partial<KeptSession>,
): Promise<void> {
  const [userKey = "", id = ""] = token.split(".");
  const key = `sessions:{${userKey}}`;
  await withCache("sessions", async (cache) => {
    const text = await cache.hget(key, id);
    if (text === null) throw new Error("the cache has no such session");
    const session = JSON.parse(text) as KeptSession;
    await cache.hset(key, id, JSON.stringify({ ...session, ...change(session) }));
  });
}

/** Makes a user's allowance of requests to the sessions API whole again. @param token of a session of the user's */
export async function restoreAllowance(token: string): Promise<void> {
  const [userKey] = token.split(".");
  await withCache("sessions", (cache) => cache.del(`sessions:{${userKey}}:allowance`));
}
