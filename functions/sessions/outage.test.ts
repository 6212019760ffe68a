import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "iovalkey";
import { startTemporaryValkey, type TemporaryValkey } from "../../scripts/internal/temporary-valkey";
import { type CacheCredentialSource, passwordCredentials } from "./cache-credentials";
import { GENEROUS, sessionsClient, testCache } from "./sessions-client";
import { type StallingProxy, startStallingProxy } from "./stalling-proxy";
import { ValkeySessionStore } from "./valkey-store";

jest.setTimeout(300_000);

let server: TemporaryValkey;
let proxy: StallingProxy;
const closing: (() => void)[] = [];

beforeEach(async () => {
  server = await startTemporaryValkey();
  proxy = await startStallingProxy(server.port);
});

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await proxy.close();
  await server.stop();
});

function clientOf(port: number, credentials?: CacheCredentialSource) {
  const { cache, lines, counted } = testCache({ port }, credentials);
  closing.push(() => cache.close());
  const store = new ValkeySessionStore({ cache, rules: GENEROUS, now: Date.now });
  return { ...sessionsClient(store), cacheLines: lines, cacheCounts: counted };
}

async function asAdmin(work: (admin: Redis) => Promise<unknown>): Promise<void> {
  const admin = new Redis({ port: server.port });
  await work(admin);
  admin.disconnect();
}

// The handler answers 504 by itself half a second before the function's time-out: a 503 was there before.

test("control 12: a server that takes connections and says nothing is 503 before the function's time-out", async () => {
  proxy.stall();
  const { call, check, cacheCounts } = clientOf(proxy.port);
  const answers = [
    await call("POST", "/sessions"),
    await check(`${"a".repeat(22)}.${"b".repeat(22)}.${"c".repeat(43)}`),
  ];
  for (const { status, headers } of answers) expect([status, headers["Retry-After"]]).toEqual([503, "1"]);
  expect(proxy.accepted()).toBe(4);
  expect(cacheCounts).toEqual(["CacheUnavailable", "CacheUnavailable"]);
});

test("control 12: a server that falls silent is 503, and is used again when it speaks", async () => {
  const { call, check, create } = clientOf(proxy.port);
  const { token } = await create();
  proxy.stall();
  expect((await call("POST", "/sessions")).status).toBe(503);
  proxy.resume();
  expect((await check(token)).status).toBe(200);
});

test("a process that hangs is 503, and goes on with its sessions when it does", async () => {
  const { check, create } = clientOf(server.port);
  const { token } = await create();
  process.kill(server.process.pid, "SIGSTOP");
  expect((await check(token)).status).toBe(503);
  process.kill(server.process.pid, "SIGCONT");
  expect((await check(token)).status).toBe(200);
});

test("a connection that the network has forgotten costs a moment, not the request", async () => {
  const { check, create } = clientOf(proxy.port);
  const { token } = await create();
  proxy.forget();
  expect((await check(token)).status).toBe(200);
  expect(proxy.accepted()).toBe(2);
});

test("a server that is gone is 503 at once once it has been tried, and is found when it is back, empty", async () => {
  const { check, create, cacheLines } = clientOf(server.port);
  const { token } = await create();
  await server.kill();
  for (let count = 0; count < 3; count++) expect((await check(token)).status).toBe(503);
  const tried = cacheLines.length;
  expect((await check(token)).status).toBe(503);
  expect(cacheLines.slice(tried)).toEqual([]);
  await server.restart();
  await wait(2000);
  expect((await check(token)).status).toBe(404);
  expect((await check((await create()).token)).status).toBe(200);
});

test("a server killed in the middle of the work answers nothing wrong, before, meanwhile and after", async () => {
  const { call, check, create } = clientOf(server.port);
  const seen = new Set<number>();
  let running = true;
  const worker = async () => {
    while (running) {
      const { status, body } = await call("POST", "/sessions");
      seen.add(status);
      // Lets the others, and the clock, go on.
      await wait(1);
      if (status !== 201) continue;
      seen.add((await check(body.token)).status);
      seen.add((await call("POST", "/sessions/current/refresh", { token: body.token })).status);
      seen.add((await call("DELETE", "/sessions/current", { token: body.token })).status);
    }
  };
  const work = Promise.all(Array.from({ length: 4 }, worker));
  await wait(300);
  await server.kill();
  await wait(300);
  await server.restart();
  await wait(2500);
  running = false;
  await work;
  // 404: the session went with the server.
  expect([...seen].sort()).toEqual(expect.arrayContaining([200, 201, 204, 503]));
  expect([...seen].filter((status) => ![200, 201, 204, 404, 503].includes(status))).toEqual([]);
  expect((await check((await create()).token)).status).toBe(200);
});

test("a node that is a replica now is 503 until it is a primary", async () => {
  const { check, create } = clientOf(server.port);
  const { token } = await create();
  const primary = await startTemporaryValkey();
  try {
    await asAdmin((admin) => admin.replicaof("127.0.0.1", primary.port));
    expect((await check(token)).status).toBe(503);
    await asAdmin((admin) => admin.replicaof("NO", "ONE"));
    expect((await check((await create()).token)).status).toBe(200);
  } finally {
    await primary.stop();
  }
});

test("control 26: a password that was rotated is read again, without a failed request", async () => {
  let secret = "first";
  let reads = 0;
  await asAdmin((admin) => admin.acl("SETUSER", "sessions", "on", `>${secret}`, "~sessions:*", "+@all"));
  const credentials = passwordCredentials(async () => {
    reads += 1;
    return JSON.stringify({ username: "sessions", password: secret });
  });
  const { check, create } = clientOf(server.port, credentials);
  const { token } = await create();
  expect((await check(token)).status).toBe(200);
  expect(reads).toBe(1);
  secret = "second";
  await asAdmin(async (admin) => {
    await admin.acl("SETUSER", "sessions", "resetpass", `>${secret}`);
    await admin.client("KILL", "USER", "sessions");
  });
  expect((await check(token)).status).toBe(200);
  expect(reads).toBe(2);
});

test("a password that stays wrong is 503, and nothing of it is logged", async () => {
  await asAdmin((admin) => admin.acl("SETUSER", "sessions", "on", ">right", "~sessions:*", "+@all"));
  const credentials = passwordCredentials(async () => "hidden", "sessions");
  const { call, lines, cacheLines } = clientOf(server.port, credentials);
  expect((await call("POST", "/sessions")).status).toBe(503);
  expect(cacheLines[0]).toMatchObject({ reply: "WRONGPASS" });
  expect(JSON.stringify([...lines, ...cacheLines])).not.toContain("hidden");
});
