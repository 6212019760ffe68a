import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "iovalkey";
import { CircuitBreaker } from "../../runtime";
import { freePort } from "../../scripts/internal/free-port";
import { startTemporaryValkey, type TemporaryValkey } from "../../scripts/internal/temporary-valkey";
import { runningValkey } from "../../scripts/internal/valkey-server";
import { ValkeyCache, type ValkeyCacheConfig } from "./valkey-cache";

jest.setTimeout(120_000);

let valkey: TemporaryValkey;
let cache: ValkeyCache;
let failures: unknown[];

beforeAll(async () => {
  valkey = await startTemporaryValkey();
});
afterAll(() => valkey.stop());

function connect(change: Partial<ValkeyCacheConfig> = {}): ValkeyCache {
  failures = [];
  return new ValkeyCache({
    ...{ host: "127.0.0.1", port: valkey.port, tls: false, sharded: false },
    breaker: new CircuitBreaker({ failures: 2, openMilliseconds: 200, now: Date.now }),
    onFailing: (error) => failures.push(error),
    ...change,
  });
}

async function untilKept(target: ValkeyCache, key: string): Promise<void> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await wait(10)) {
    await target.set(key, "kept", 60_000);
    if ((await target.get(key)) === "kept") return;
  }
  throw new Error("the cache did not come back within 15 s");
}

afterEach(() => cache.close());

test("keeps a text for its time", async () => {
  cache = connect();
  await untilKept(cache, "a");
  await cache.set("short", "text", 100);
  expect(await cache.get("short")).toBe("text");
  await wait(150);
  expect(await cache.get("short")).toBeUndefined();
  expect(await cache.get("a")).toBe("kept");
  expect(failures).toEqual([]);
});

test("control 42: a cache that is not there has nothing, says so at once, and is used once it comes", async () => {
  await valkey.kill();
  cache = connect();
  expect(await cache.get("a")).toBeUndefined();
  await cache.set("a", "text", 1000);
  await valkey.restart();
  await untilKept(cache, "a");
});

test("control 42: a cache that is killed has nothing, and is used again when it is back", async () => {
  cache = connect();
  await untilKept(cache, "b");
  await valkey.kill();
  expect(await cache.get("b")).toBeUndefined();
  await cache.set("b", "text", 1000);
  await valkey.restart();
  await untilKept(cache, "b");
});

test("control 12: a cache that hangs is waited for shortly, then not at all, and is used again when it goes on", async () => {
  cache = connect({ commandMilliseconds: 50 });
  await untilKept(cache, "c");
  // It has been restarted since it was started for the tests.
  const pid = runningValkey(valkey.folder)?.process.pid ?? 0;
  process.kill(pid, "SIGSTOP");
  try {
    const started = performance.now();
    for (let count = 0; count < 50; count++) expect(await cache.get("c")).toBeUndefined();
    // Two commands open the breaker; the other 48 are not sent.
    expect(performance.now() - started).toBeLessThan(50 * 50);
    expect(failures.length).toBeGreaterThan(0);
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await untilKept(cache, "c");
});

test("signs in as a user who may but read and write keys of the storefront; one who is refused finds nothing", async () => {
  const guarded = await startTemporaryValkey();
  const admin = new Redis({ host: "127.0.0.1", port: guarded.port });
  try {
    await admin.acl("SETUSER", "storefront", "on", ">secret", "~storefront:*", "+get", "+set");
    await admin.acl("SETUSER", "default", "off");
    const refused = connect({ port: guarded.port, username: "storefront", password: "wrong" });
    cache = connect({ port: guarded.port, username: "storefront", password: "secret" });
    await untilKept(cache, "storefront:1:a");
    await cache.set("other:a", "text", 1000);
    expect(await cache.get("other:a")).toBeUndefined();
    expect(await refused.get("storefront:1:a")).toBeUndefined();
    refused.close();
  } finally {
    admin.disconnect();
    await guarded.stop();
  }
});

test("keys that are spread over shards are found", async () => {
  const sharded = await startTemporaryValkey({
    "cluster-enabled": "yes",
    "cluster-port": String(await freePort()),
    "cluster-announce-ip": "127.0.0.1",
  });
  try {
    // One node with all slots is a cluster too.
    const client = new Redis({ host: "127.0.0.1", port: sharded.port });
    await client.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    client.disconnect();
    cache = connect({ port: sharded.port, sharded: true });
    await Promise.all(["a", "b", "c", "d"].map((key) => untilKept(cache, key)));
  } finally {
    await sharded.stop();
  }
});
