import fc from "fast-check";
import { Redis } from "iovalkey";
import { startTemporaryValkey, type TemporaryValkey } from "../../scripts/internal/temporary-valkey";
import type { Cache } from "./cache";
import { MemorySessionStore } from "./memory-store";
import {
  newNonce,
  newSessionToken,
  nextSessionToken,
  type SessionToken,
  secretHashOf,
} from "./session-token";
import { GENEROUS, RULES, sessionsClient, testCache, testClock } from "./sessions-client";
import type { SessionProof, SessionRules, SessionStore } from "./store";
import { ValkeySessionStore } from "./valkey-store";

jest.setTimeout(300_000);

const { signal } = new AbortController();
let server: TemporaryValkey;
let cache: Cache;
let admin: Redis;

beforeAll(async () => {
  server = await startTemporaryValkey();
  cache = testCache(server).cache;
  admin = new Redis({ port: server.port });
});

afterAll(async () => {
  cache.close();
  admin.disconnect();
  await server.stop();
});

let users = 0;
/** A user that no other test knows. */
const newUser = () => `user-${++users}-${process.pid}`;

function proofOf(token: SessionToken): SessionProof {
  const { userKey, sessionId } = token;
  return { userKey, sessionId, secretHash: secretHashOf(token) };
}

function storeOf(rules: SessionRules = GENEROUS, through: Pick<Cache, "run"> = cache) {
  const clock = testClock();
  return { clock, store: new ValkeySessionStore({ cache: through, rules, now: clock.now }) };
}

/** Refreshes a session. @returns the next token */
async function refresh(store: SessionStore, token: SessionToken) {
  const nonce = newNonce();
  const next = { nonce, secretHash: secretHashOf(nextSessionToken(token, nonce)) };
  const result = await store.refresh(proofOf(token), next, signal);
  return result.outcome === "found" ? nextSessionToken(token, result.nonce) : result.outcome;
}

describe("whatever is asked in whatever order, at whatever time, it answers as the rules say", () => {
  const user = fc.nat(1);
  const token = fc.nat(3);
  const kinds = ["read", "check", "check", "refresh", "refresh", "refresh", "revoke", "forge"] as const;
  const wait = (milliseconds: fc.Arbitrary<number>) =>
    fc.record({ kind: fc.constant("wait" as const), milliseconds });
  const step = fc.oneof(
    { weight: 20, arbitrary: fc.record({ kind: fc.constant("create" as const), user }) },
    { weight: 60, arbitrary: fc.record({ kind: fc.constantFrom(...kinds), token }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("revokeAll" as const), user }) },
    { weight: 10, arbitrary: wait(fc.nat(12_000)) },
    // Around the rules' own times.
    { weight: 6, arbitrary: wait(fc.constantFrom(9_999, 10_000, 10_001)) },
    { weight: 2, arbitrary: wait(fc.constantFrom(900_000, 1_799_999, 1_800_000)) },
    { weight: 1, arbitrary: wait(fc.constantFrom(27_000_000, 28_800_000)) },
  );
  type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

  async function play(steps: readonly Step[], rules: SessionRules): Promise<void> {
    const { clock, store } = storeOf(rules);
    const model = new MemorySessionStore(rules, clock.now);
    const names = [newUser(), newUser()];
    const tokens: SessionToken[] = [];
    const both = async <T>(ask: (asked: SessionStore) => Promise<T>) => {
      const [real, expected] = [await ask(store), await ask(model)];
      expect(real).toEqual(expected);
      return real;
    };
    for (const each of steps) {
      if (each.kind === "wait") {
        clock.time += each.milliseconds;
      } else if (each.kind === "create") {
        const name = names[each.user] as string;
        const made = newSessionToken(name);
        tokens.push(made);
        await both((asked) => asked.create(name, proofOf(made), signal));
      } else if (each.kind === "revokeAll") {
        const { userKey } = newSessionToken(names[each.user] as string);
        await both((asked) => asked.revokeAll(userKey, signal));
      } else {
        // 0 is the youngest.
        const known = tokens.at(-1 - each.token);
        if (!known) continue;
        if (each.kind === "read") await both((asked) => asked.read(proofOf(known), signal));
        if (each.kind === "check") await both((asked) => asked.check(proofOf(known), signal));
        if (each.kind === "revoke") await both((asked) => asked.revoke(known, signal));
        if (each.kind === "forge") {
          const forged = { ...known, secret: newSessionToken("").secret };
          await both((asked) => asked.check(proofOf(forged), signal));
          const next = { nonce: "nonce", secretHash: "hash" };
          await both((asked) => asked.refresh(proofOf(forged), next, signal));
        }
        if (each.kind === "refresh") {
          const nonce = newNonce();
          const next = nextSessionToken(known, nonce);
          const result = await both((asked) =>
            asked.refresh(proofOf(known), { nonce, secretHash: secretHashOf(next) }, signal),
          );
          if (result.outcome === "found") tokens.push(nextSessionToken(known, result.nonce));
        }
      }
    }
  }

  test.each([
    ["of a user who may ask as often as they like", GENEROUS],
    ["of a limited user", RULES],
    ["without a grace", { ...GENEROUS, graceMilliseconds: 0 }],
    ["of a user with one session", { ...GENEROUS, sessionsPerUser: 1 }],
    ["of sessions whose end is near", { ...GENEROUS, maximumMilliseconds: 1_805_000 }],
  ])("%s", async (_case, rules) => {
    const steps = fc.array(step, { minLength: 20, maxLength: 80, size: "max" });
    await fc.assert(
      fc.asyncProperty(steps, (played) => play(played, rules)),
      { numRuns: 50 },
    );
  });
});

describe("control 10: races", () => {
  test("of many refreshes at once one wins, and all get its token", async () => {
    const { store } = storeOf();
    const token = newSessionToken(newUser());
    await store.create("user", proofOf(token), signal);
    const results = await Promise.all(Array.from({ length: 20 }, () => refresh(store, token)));
    const [winner] = results as [SessionToken];
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect((await store.check(proofOf(winner), signal)).outcome).toBe("found");
  });

  test("a revocation among refreshes, checks and reads wins", async () => {
    for (let round = 0; round < 20; round++) {
      const { store } = storeOf();
      const token = newSessionToken(newUser());
      await store.create("user", proofOf(token), signal);
      const work = Array.from({ length: 12 }, (_value, index) => {
        if (index === round % 12) return store.revoke(token, signal);
        return index % 2 === 0 ? refresh(store, token) : store.check(proofOf(token), signal);
      });
      const results = await Promise.all(work);
      for (const proven of [
        token,
        ...results.filter((result) => typeof result === "object" && "secret" in result),
      ]) {
        expect(await store.check(proofOf(proven as SessionToken), signal)).toEqual({ outcome: "missing" });
      }
      expect(await admin.exists(`sessions:{${token.userKey}}`)).toBe(0);
    }
  });

  test("many sessions begun at once are as many as there may be", async () => {
    const { store } = storeOf();
    const user = newUser();
    const tokens = Array.from({ length: 20 }, () => newSessionToken(user));
    await Promise.all(tokens.map((token) => store.create(user, proofOf(token), signal)));
    const checks = await Promise.all(tokens.map((token) => store.check(proofOf(token), signal)));
    expect(checks.filter(({ outcome }) => outcome === "found")).toHaveLength(3);
  });

  test("control 13: of many requests at once exactly the allowance goes through", async () => {
    const { clock, store } = storeOf(RULES);
    const user = newUser();
    const ask = () => store.create(user, proofOf(newSessionToken(user)), signal);
    const count = async (times: number) => {
      const results = await Promise.all(Array.from({ length: times }, ask));
      return results.filter(({ outcome }) => outcome === "found").length;
    };
    expect(await count(50)).toBe(5);
    clock.time += 9_999;
    expect(await count(50)).toBe(0);
    clock.time += 1;
    expect(await count(50)).toBe(1);
    clock.time += 30_000;
    expect(await count(50)).toBe(3);
    clock.time += 3_600_000;
    expect(await count(50)).toBe(5);
  });
});

describe("control 9: a script that ran twice, as the first answer was lost, does what one does", () => {
  function twice(rules = GENEROUS) {
    return storeOf(rules, {
      run: async (...asked) => {
        await cache.run(...asked);
        return { ...(await cache.run(...asked)), attempt: 2 };
      },
    });
  }

  test("one session begins", async () => {
    const { store } = twice();
    const user = newUser();
    const token = newSessionToken(user);
    const { outcome } = await store.create(user, proofOf(token), signal);
    expect(outcome).toBe("found");
    expect((await admin.hkeys(`sessions:{${token.userKey}}`)).sort()).toEqual(
      ["principal", token.sessionId].sort(),
    );
  });

  test.each([10_000, 0])("a refresh gives the token that is good, with a grace of %i ms", async (grace) => {
    const { store } = twice({ ...GENEROUS, graceMilliseconds: grace });
    const token = newSessionToken(newUser());
    await store.create("user", proofOf(token), signal);
    const next = (await refresh(store, token)) as SessionToken;
    expect((await storeOf().store.check(proofOf(next), signal)).outcome).toBe("found");
  });

  test("a revocation has taken place", async () => {
    const { store } = twice();
    const token = newSessionToken(newUser());
    await store.create("user", proofOf(token), signal);
    expect(await store.revoke(token, signal)).toBe(true);
  });
});

describe("what lies in Valkey", () => {
  test("is a hash of the token and nothing that would open a session", async () => {
    const { store } = storeOf();
    const user = newUser();
    const token = newSessionToken(user);
    await store.create(user, proofOf(token), signal);
    const next = (await refresh(store, token)) as SessionToken;
    const kept = JSON.stringify(await admin.hgetall(`sessions:{${token.userKey}}`));
    expect(kept).toContain(secretHashOf(next));
    for (const { secret } of [token, next]) {
      for (const encoding of ["base64url", "base64", "hex"] as const) {
        expect(kept).not.toContain(secret.toString(encoding));
      }
    }
  });

  test("expires by itself, with the last of a user's sessions and not before", async () => {
    const { clock, store } = storeOf(RULES);
    const user = newUser();
    const first = newSessionToken(user);
    await store.create(user, proofOf(first), signal);
    const [key, allowance] = [`sessions:{${first.userKey}}`, `sessions:{${first.userKey}}:allowance`];
    const near = async (name: string, milliseconds: number) => {
      const left = await admin.pttl(name);
      expect(left).toBeLessThanOrEqual(milliseconds);
      expect(left).toBeGreaterThan(milliseconds - 5000);
    };
    await near(key, 1_800_000);
    await near(allowance, 10_000);
    clock.time += 28_000_000 - 1_800_000;
    // The clock of the test alone has moved: what is left in Valkey stays longer than need be, never shorter.
    await store.create(user, proofOf(newSessionToken(user)), signal);
    await near(key, 1_800_000);
  });

  test("is gone once a user's last session is revoked", async () => {
    const { store } = storeOf();
    const user = newUser();
    const [one, two] = [newSessionToken(user), newSessionToken(user)];
    await store.create(user, proofOf(one), signal);
    await store.create(user, proofOf(two), signal);
    await store.revoke(one, signal);
    expect(await admin.exists(`sessions:{${one.userKey}}`)).toBe(1);
    await store.revoke(two, signal);
    expect(await admin.exists(`sessions:{${one.userKey}}`)).toBe(0);
  });
});

test("a cache that was flushed, scripts too, has no sessions; clients begin new ones", async () => {
  const { store } = storeOf();
  const { call, check, create } = sessionsClient(store);
  const { token } = await create();
  expect((await check(token)).status).toBe(200);
  await admin.flushall();
  await admin.script("FLUSH");
  expect((await check(token)).status).toBe(404);
  expect((await call("GET", "/sessions/current", { token })).status).toBe(404);
  expect((await check((await create()).token)).status).toBe(200);
});
