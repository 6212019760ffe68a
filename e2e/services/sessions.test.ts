import { createHash } from "node:crypto";
import { changeSession, restoreAllowance, withCache } from "../internal/cache";
import { type Answer, expectProblem } from "../internal/http";
import { beginSession, type Customer, type IssuedSession, newCustomer, type Session } from "../internal/shop";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** As modules/session-api has it where the environment says nothing else. */
const RULES = { idle: 30 * MINUTE, maximum: 12 * HOUR, grace: 10 * SECOND, perUser: 10, burst: 20 };

let customer: Customer;
/** Of a session that each test has for itself. */
let sessionToken: string;

beforeAll(async () => {
  customer = await newCustomer();
});

beforeEach(async () => {
  await restoreAllowance(customer.sessionToken);
  sessionToken = await beginSession(customer.sessions);
});

function current(token: string, method = "GET", path = ""): Promise<Answer<IssuedSession>> {
  return customer.sessions(method, `/sessions/current${path}`, { headers: { "X-Session-Token": token } });
}

const read = (token: string): Promise<Answer<Session>> => current(token);
const refresh = (token: string) => current(token, "POST", "/refresh");

/** What the storefront says to a request with that session's token. */
async function shop(token: string): Promise<number> {
  return (await customer.storefront("GET", "/v1/orders", { headers: { "X-Session-Token": token } })).status;
}

function near(moment: string, milliseconds: number): boolean {
  return Math.abs(Date.parse(moment) - Date.now() - milliseconds) < 10 * SECOND;
}

test("a session begins, is read, and ends", async () => {
  const begun = await customer.sessions<IssuedSession>("POST", "/sessions");
  expect(begun.status).toBe(201);
  expect(begun.headers.get("cache-control")).toBe("no-store");
  const { token, ...moments } = begun.body;
  expect(token).toMatch(/^[\w-]{22}\.[\w-]{22}\.[\w-]{43}$/);
  expect(near(moments.createdAt, 0)).toBe(true);
  expect(near(moments.expiresAt, RULES.idle)).toBe(true);
  expect(near(moments.absoluteExpiresAt, RULES.maximum)).toBe(true);
  expect((await read(token)).body).toEqual(moments);

  expect((await current(token, "DELETE")).status).toBe(204);
  expectProblem(await read(token), 404);
  expectProblem(await refresh(token), 404);
  expectProblem(await current(token, "DELETE"), 404);
});

describe("expiry", () => {
  test("a session that was not used for its time is over, for the storefront as well", async () => {
    expect(await shop(sessionToken)).toBe(200);
    await changeSession(sessionToken, () => ({ expiresAt: Date.now() - 1 }));
    expect(await shop(sessionToken)).toBe(401);
    expectProblem(await read(sessionToken), 404);
    expectProblem(await refresh(sessionToken), 404);
  });

  test("moves with each use of the storefront, and not by reading", async () => {
    const soon = Date.now() + MINUTE;
    await changeSession(sessionToken, () => ({ expiresAt: soon }));
    expect(Date.parse((await read(sessionToken)).body.expiresAt)).toBe(soon);
    expect(Date.parse((await read(sessionToken)).body.expiresAt)).toBe(soon);
    expect(await shop(sessionToken)).toBe(200);
    expect(near((await read(sessionToken)).body.expiresAt, RULES.idle)).toBe(true);
  });

  test("no use moves it beyond the session's end", async () => {
    const end = Date.now() + MINUTE;
    await changeSession(sessionToken, () => ({ expiresAt: end, absoluteExpiresAt: end }));
    expect(await shop(sessionToken)).toBe(200);
    const { body } = await refresh(sessionToken);
    expect([body.expiresAt, body.absoluteExpiresAt].map(Date.parse)).toEqual([end, end]);
    await changeSession(sessionToken, () => ({
      expiresAt: Date.now() - 1,
      absoluteExpiresAt: Date.now() - 1,
    }));
    expect(await shop(body.token)).toBe(401);
  });

  test("the cache forgets by itself what nobody uses any more", async () => {
    const [userKey = ""] = sessionToken.split(".");
    const left = await withCache("sessions", (cache) => cache.pttl(`sessions:{${userKey}}`));
    expect(left).toBeGreaterThan(RULES.idle - MINUTE);
    expect(left).toBeLessThanOrEqual(RULES.idle);
  });
});

describe("revocation", () => {
  test("is seen by the storefront at once, by each of its tasks", async () => {
    for (let round = 0; round < 5; round++) {
      const token = await beginSession(customer.sessions);
      expect(await shop(token)).toBe(200);
      expect((await current(token, "DELETE")).status).toBe(204);
      expect(await Promise.all([1, 2, 3, 4].map(() => shop(token)))).toEqual([401, 401, 401, 401]);
    }
  });

  test("of one session leaves the user's others, of all leaves none", async () => {
    const [first, second, third] = [
      sessionToken,
      await beginSession(customer.sessions),
      await beginSession(customer.sessions),
    ];
    await current(first, "DELETE");
    expect(await Promise.all([first, second, third].map(shop))).toEqual([401, 200, 200]);
    expect((await customer.sessions("DELETE", "/sessions")).status).toBe(204);
    expect(await Promise.all([second, third].map(shop))).toEqual([401, 401]);
    // Right as well when there is none, and a new one may begin.
    expect((await customer.sessions("DELETE", "/sessions")).status).toBe(204);
    expect(await shop(await beginSession(customer.sessions))).toBe(200);
  });

  test("control 17: is nothing that another user can do", async () => {
    const other = await newCustomer();
    const headers = { "X-Session-Token": sessionToken };
    expectProblem(await other.sessions("GET", "/sessions/current", { headers }), 404);
    expectProblem(await other.sessions("POST", "/sessions/current/refresh", { headers }), 404);
    expectProblem(await other.sessions("DELETE", "/sessions/current", { headers }), 404);
    expect((await other.sessions("DELETE", "/sessions")).status).toBe(204);
    expect(await shop(sessionToken)).toBe(200);
  });
});

describe("refresh", () => {
  test("gives a new token for the same session; the old one is good for a moment", async () => {
    const old = sessionToken;
    const before = (await read(old)).body;
    const { status, body } = await refresh(old);
    expect(status).toBe(200);
    expect(body.token).not.toBe(old);
    expect(body).toMatchObject({ createdAt: before.createdAt, absoluteExpiresAt: before.absoluteExpiresAt });
    expect(await Promise.all([old, body.token].map(shop))).toEqual([200, 200]);
    // The answer was lost, perhaps: whoever asks again gets the very same token.
    expect((await refresh(old)).body.token).toBe(body.token);

    await changeSession(old, () => ({ rotatedAt: Date.now() - RULES.grace }));
    expect(await Promise.all([old, body.token].map(shop))).toEqual([401, 200]);
    expectProblem(await read(old), 404);
  });

  test("of ten at once all get the one new token", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(sessionToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(answers.map(({ body }) => body.token)).size).toBe(1);
  });

  test("with a token that was retired before ends the session: two parties have it", async () => {
    const stolen = sessionToken;
    const { body } = await refresh(stolen);
    await changeSession(stolen, () => ({ rotatedAt: Date.now() - RULES.grace }));
    expectProblem(await refresh(stolen), 404);
    expect(await shop(body.token)).toBe(401);
    expectProblem(await read(body.token), 404);
  });
});

describe("limits", () => {
  test("one session more than a user may have ends the oldest", async () => {
    await customer.sessions("DELETE", "/sessions");
    const tokens = [await beginSession(customer.sessions)];
    for (let count = 0; count < RULES.perUser; count++) tokens.push(await beginSession(customer.sessions));
    const statuses = await Promise.all(tokens.map(shop));
    expect(statuses).toEqual([401, ...Array(RULES.perUser).fill(200)]);
  });

  test("a user who asks too often is told to wait; the user's other requests go on", async () => {
    const answers = await Promise.all(Array.from({ length: RULES.burst + 20 }, () => read(sessionToken)));
    const refused = answers.filter(({ status }) => status !== 200);
    // A request's worth of the allowance comes back each second.
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expectProblem(answer, 429);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    }
    expect(await shop(sessionToken)).toBe(200);
    expect((await current(sessionToken, "DELETE")).status).toBe(204);
  });
});

test("the cache has no token: of its secret the hash alone", async () => {
  const [userKey = "", , secret = ""] = sessionToken.split(".");
  const kept = await withCache("sessions", (cache) => cache.hgetall(`sessions:{${userKey}}`));
  expect(kept["principal"]).toBe(customer.sub);
  const text = JSON.stringify(kept);
  expect(text).not.toContain(secret);
  expect(text).toContain(createHash("sha256").update(Buffer.from(secret, "base64url")).digest("base64url"));
});
