import { Redis } from "iovalkey";
import { freePort } from "../../scripts/internal/free-port";
import { startTemporaryValkey, type TemporaryValkey } from "../../scripts/internal/temporary-valkey";
import type { CacheCredentialSource } from "./cache-credentials";
import { hashSlot } from "./hash-slot";
import { userKeyOf } from "./session-token";
import { GENEROUS, sessionsClient, testCache } from "./sessions-client";
import { ValkeySessionStore } from "./valkey-store";

// Two nodes of Valkey in cluster mode, each with half of the keys.

jest.setTimeout(300_000);

const HALF = 8192;
let nodes: readonly [TemporaryValkey, TemporaryValkey];
let admins: readonly [Redis, Redis];

beforeAll(async () => {
  const start = async () =>
    startTemporaryValkey({ "cluster-enabled": "yes", "cluster-port": String(await freePort()) });
  nodes = [await start(), await start()];
  admins = [new Redis({ port: nodes[0].port }), new Redis({ port: nodes[1].port })];
  const busPort = String(((await admins[1].config("GET", "cluster-port")) as string[])[1]);
  await admins[0].call("CLUSTER", "ADDSLOTSRANGE", "0", String(HALF - 1));
  await admins[1].call("CLUSTER", "ADDSLOTSRANGE", String(HALF), "16383");
  await admins[0].call("CLUSTER", "MEET", "127.0.0.1", String(nodes[1].port), busPort);
  for (const admin of admins) {
    while (
      !/cluster_state:ok\r\n(.*\r\n)*cluster_known_nodes:2/.test(String(await admin.call("CLUSTER", "INFO")))
    ) {
      await new Promise((done) => setTimeout(done, 20));
    }
  }
});

afterAll(async () => {
  for (const admin of admins) admin.disconnect();
  for (const node of nodes) await node.stop();
});

const slotOf = (user: string) => hashSlot(`sessions:{${userKeyOf(user)}}`);

/** Claims of a user whose sessions are on the first node, or on the second. */
function userOn(node: 0 | 1) {
  const users = Array.from({ length: 100 }, (_value, index) => `user-${index}`);
  const sub = users.find((user) => (slotOf(user) < HALF ? 0 : 1) === node) ?? "";
  return { sub, token_use: "id" };
}
const [first, second] = [userOn(0), userOn(1)];

function clientOf(credentials?: CacheCredentialSource) {
  const { cache, lines } = testCache(nodes[0], credentials);
  const store = new ValkeySessionStore({ cache, rules: GENEROUS, now: Date.now });
  return { cache, cacheLines: lines, ...sessionsClient(store) };
}

test("users on either node have their sessions, whichever node is asked first", async () => {
  const { cache, cacheLines, call, check, create } = clientOf();
  for (const claims of [first, second, first, second]) {
    const { token } = await create({ claims });
    expect((await check(token)).body.principal).toBe(claims.sub);
    const { body } = await call("POST", "/sessions/current/refresh", { token, claims });
    expect((await call("DELETE", "/sessions/current", { token: body.token, claims })).status).toBe(204);
  }
  await create({ claims: first });
  await create({ claims: second });
  const held = async (node: 0 | 1, { sub }: { readonly sub: string }) =>
    await admins[node].call("EXISTS", `sessions:{${userKeyOf(sub)}}`);
  expect(await held(0, first)).toBe(1);
  expect(await held(1, second)).toBe(1);
  // No attempt failed: nodes were found by being told.
  expect(cacheLines).toEqual([]);
  cache.close();
});

test("keys that move are found where they are, while they move and after", async () => {
  const { cache, cacheLines, check, create } = clientOf();
  const slot = slotOf(second.sub);
  const [target, source] = await Promise.all(admins.map((admin) => admin.call("CLUSTER", "MYID")));
  const { token } = await create({ claims: second });
  await admins[0].call("CLUSTER", "SETSLOT", String(slot), "IMPORTING", String(source));
  await admins[1].call("CLUSTER", "SETSLOT", String(slot), "MIGRATING", String(target));
  const keys = (await admins[1].call("CLUSTER", "GETKEYSINSLOT", String(slot), "10")) as string[];
  await admins[1].call("MIGRATE", ...["127.0.0.1", String(nodes[0].port), "", "0", "1000", "KEYS", ...keys]);
  // ASK: the node that has had the slot no longer has the keys.
  expect((await check(token)).status).toBe(200);
  for (const admin of admins) await admin.call("CLUSTER", "SETSLOT", String(slot), "NODE", String(target));
  // MOVED.
  expect((await check(token)).status).toBe(200);
  expect(cacheLines).toEqual([]);
  cache.close();
});

test("a node that refuses the password is 503, and says why", async () => {
  const { cache, cacheLines, call } = clientOf(async () => ({ username: "nobody", password: "wrong" }));
  expect((await call("POST", "/sessions")).status).toBe(503);
  expect(cacheLines[0]).toMatchObject({ message: "cache attempt failed", reply: "WRONGPASS" });
  cache.close();
});
