import { CacheUnavailable } from "./cache";
import { MemorySessionStore } from "./memory-store";
import { GENEROUS, RULES, sessionsClient, testClock, userB } from "./sessions-client";
import type { SessionRules } from "./store";

const minute = 60_000;

function client(rules: SessionRules = GENEROUS) {
  const clock = testClock();
  clock.time = Date.UTC(2026, 0, 31, 9, 0, 0);
  return { clock, ...sessionsClient(new MemorySessionStore(rules, clock.now)) };
}

const current = "/sessions/current";
const refreshPath = "/sessions/current/refresh";

describe("control 16: who may do what", () => {
  test.each([
    ["an access token", { sub: "user-1", token_use: "access" }],
    ["a token without a subject", { token_use: "id" }],
    ["no claims", {}],
  ])("%s is refused on every route of users", async (_case, claims) => {
    const { call, create } = client();
    const { token } = await create();
    const answers = [
      await call("POST", "/sessions", { claims }),
      await call("DELETE", "/sessions", { claims }),
      await call("GET", current, { claims, token }),
      await call("DELETE", current, { claims, token }),
      await call("POST", refreshPath, { claims, token }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect((await call("GET", current, { token })).status).toBe(200);
  });

  test("a check that nobody signed is refused, whatever the gateway lets through", async () => {
    const { call, create } = client();
    const { token } = await create();
    const answer = await call("POST", "/session-checks", { body: { token }, callerArn: null });
    expect(answer).toMatchObject({
      status: 403,
      body: { detail: "The request must be signed by a service." },
    });
  });
});

describe("create", () => {
  test("gives the token once, and says when the session ends", async () => {
    const { call } = client();
    const { status, headers, body } = await call("POST", "/sessions");
    expect(status).toBe(201);
    expect(headers["Cache-Control"]).toBe("no-store");
    expect(body).toEqual({
      token: expect.stringMatching(/^[\w-]{22}\.[\w-]{22}\.[\w-]{43}$/),
      createdAt: "2026-01-31T09:00:00.000Z",
      expiresAt: "2026-01-31T09:30:00.000Z",
      absoluteExpiresAt: "2026-01-31T17:00:00.000Z",
    });
  });

  test("one more than there may be ends the oldest", async () => {
    const { call, clock, create } = client();
    const tokens: string[] = [];
    for (let count = 0; count < 4; count++) {
      tokens.push((await create()).token);
      clock.time += 1;
    }
    const answers = await Promise.all(tokens.map((token) => call("GET", current, { token })));
    expect(answers.map(({ status }) => status)).toEqual([404, 200, 200, 200]);
  });
});

describe("read", () => {
  test("says when the session ends, and is no use of it", async () => {
    const { call, clock, create } = client();
    const { token, ...times } = await create();
    clock.time += 10 * minute;
    const { status, headers, body } = await call("GET", current, { token });
    expect({ status, body }).toEqual({ status: 200, body: times });
    expect(headers["Cache-Control"]).toBe("no-store");
  });

  test("400: without a token", async () => {
    const { call } = client();
    const { status, body } = await call("GET", current);
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ parameter: "X-Session-Token", detail: "is required" }]);
  });

  test("400: with a token longer than any", async () => {
    const { call } = client();
    const { body } = await call("GET", current, { token: "x".repeat(201) });
    expect(body.errors).toEqual([
      { parameter: "X-Session-Token", detail: "must have at most 200 characters" },
    ]);
  });
});

describe("control 17: a session is its user's alone", () => {
  test.each([
    ["GET", current],
    ["DELETE", current],
    ["POST", refreshPath],
  ])("another user's token is none: %s %s", async (method, path) => {
    const { call, create } = client();
    const { token } = await create();
    const { status, body } = await call(method, path, { token, claims: userB });
    expect({ status, detail: body.detail }).toEqual({ status: 404, detail: "There is no such session." });
    expect((await call("GET", current, { token })).status).toBe(200);
  });

  test("ending all ends the user's own", async () => {
    const { call, create } = client();
    const own = [await create(), await create()];
    const other = await create({ claims: userB });
    expect((await call("DELETE", "/sessions")).status).toBe(204);
    for (const { token } of own) expect((await call("GET", current, { token })).status).toBe(404);
    expect((await call("GET", current, { token: other.token, claims: userB })).status).toBe(200);
    expect((await call("DELETE", "/sessions")).status).toBe(204);
  });

  test("the check names the user that the ID token named", async () => {
    const { check, create } = client();
    expect((await check((await create({ claims: userB })).token)).body.principal).toBe("user-2");
  });
});

describe("expiry", () => {
  test("a check moves it, to the end at most", async () => {
    const { check, clock, create } = client();
    const { token } = await create();
    for (let count = 0; count < 19; count++) {
      clock.time += 25 * minute;
      const { status, headers, body } = await check(token);
      expect(status).toBe(200);
      expect(headers["Cache-Control"]).toBe("no-store");
      const end = Math.min(clock.time + 30 * minute, Date.UTC(2026, 0, 31, 17, 0, 0));
      expect(body).toEqual({ principal: "user-1", expiresAt: new Date(end).toISOString() });
    }
    clock.time = Date.UTC(2026, 0, 31, 16, 59, 59, 999);
    expect((await check(token)).status).toBe(200);
    clock.time += 1;
    expect((await check(token)).status).toBe(404);
  });

  test.each([
    ["GET", current],
    ["DELETE", current],
    ["POST", refreshPath],
  ])("an unused session is gone after its time: %s %s", async (method, path) => {
    const { call, clock, create } = client();
    const { token } = await create();
    clock.time += 30 * minute;
    expect((await call(method, path, { token })).status).toBe(404);
  });
});

describe("refresh", () => {
  test("gives a new token, moves the expiry, and leaves the end", async () => {
    const { call, clock, create } = client();
    const first = await create();
    clock.time += 10 * minute;
    const { status, body } = await call("POST", refreshPath, { token: first.token });
    expect(status).toBe(200);
    expect(body).toEqual({
      token: expect.not.stringMatching(first.token),
      createdAt: first.createdAt,
      expiresAt: "2026-01-31T09:40:00.000Z",
      absoluteExpiresAt: first.absoluteExpiresAt,
    });
    expect((await call("GET", current, { token: body.token })).status).toBe(200);
  });

  test("a retired token reads and is checked for its grace, and not longer", async () => {
    const { call, check, clock, create } = client();
    const { token } = await create();
    await call("POST", refreshPath, { token });
    clock.time += 9_999;
    expect((await call("GET", current, { token })).status).toBe(200);
    expect((await check(token)).status).toBe(200);
    clock.time += 1;
    expect((await call("GET", current, { token })).status).toBe(404);
    expect((await check(token)).status).toBe(404);
  });

  test("again within the grace gives the very same token", async () => {
    const { call, clock, create } = client();
    const { token } = await create();
    const first = await call("POST", refreshPath, { token });
    clock.time += 9_999;
    const second = await call("POST", refreshPath, { token });
    expect(second.status).toBe(200);
    expect(second.body.token).toBe(first.body.token);
  });

  test("of two at once both get the one new token", async () => {
    const { call, check, create } = client();
    const { token } = await create();
    const [one, two] = await Promise.all([
      call("POST", refreshPath, { token }),
      call("POST", refreshPath, { token }),
    ]);
    expect(one.body.token).toBe(two.body.token);
    expect((await check(one.body.token)).status).toBe(200);
  });

  test.each([
    ["after the grace", async () => undefined, 10_000],
    [
      "once the new token is refreshed itself",
      async (call: ReturnType<typeof client>["call"], token: string) => {
        await call("POST", refreshPath, { token });
      },
      0,
    ],
  ])("with a retired token %s revokes the session, and is told", async (_case, between, passed) => {
    const { call, check, clock, counted, create, lines } = client();
    const { token } = await create();
    const { body } = await call("POST", refreshPath, { token });
    await between(call, body.token);
    clock.time += passed;
    expect((await call("POST", refreshPath, { token })).status).toBe(404);
    expect((await check(body.token)).status).toBe(404);
    expect(counted).toEqual(["SessionReuse"]);
    expect(lines).toContainEqual({
      level: "warn",
      message: "a retired session token was used; its session is revoked",
      requestId: "request-1",
      traceId: expect.any(String),
    });
  });
});

describe("revoke", () => {
  test("ends the session, once", async () => {
    const { call, check, create } = client();
    const { token } = await create();
    expect((await call("DELETE", current, { token })).status).toBe(204);
    expect((await check(token)).status).toBe(404);
    expect((await call("DELETE", current, { token })).status).toBe(404);
  });

  test("any token that the session has had will do", async () => {
    const { call, check, clock, create } = client();
    const { token } = await create();
    const { body } = await call("POST", refreshPath, { token });
    clock.time += minute;
    expect((await call("DELETE", current, { token })).status).toBe(204);
    expect((await check(body.token)).status).toBe(404);
  });
});

describe("check", () => {
  test.each([
    ["no token", {}, { pointer: "#/token", detail: "is required" }],
    ["a number", { token: 1 }, { pointer: "#/token", detail: "must be of type string" }],
    ["an empty token", { token: "" }, { pointer: "#/token", detail: "must have at least 1 character" }],
    ["more than the token", { token: "a", user: "b" }, { pointer: "#/user", detail: "is not known" }],
  ])("400: %s", async (_case, body, violation) => {
    const { call } = client();
    const answer = await call("POST", "/session-checks", { body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [violation] } });
  });

  test("404: what is no token is of no session", async () => {
    const { check } = client();
    expect((await check("abc")).status).toBe(404);
  });

  test("413: more than 4 KiB", async () => {
    const { call } = client();
    expect((await call("POST", "/session-checks", { rawBody: `"${"a".repeat(4096)}"` })).status).toBe(413);
  });

  test("415: another media type", async () => {
    const { call } = client();
    const headers = { "content-type": "text/plain" };
    expect((await call("POST", "/session-checks", { body: { token: "a" }, headers })).status).toBe(415);
  });
});

describe("control 13: a user is limited", () => {
  test("creating, reading and refreshing count, and the answer says how long to wait", async () => {
    const { call, clock, counted, create } = client(RULES);
    const { token } = await create();
    await call("GET", current, { token });
    const { body } = await call("POST", refreshPath, { token });
    await create();
    await create();
    clock.time += 2500;
    for (const [method, path] of [
      ["POST", "/sessions"],
      ["GET", current],
      ["POST", refreshPath],
    ] as const) {
      const { status, headers } = await call(method, path, { token: body.token });
      expect([status, headers["Retry-After"]]).toEqual([429, "8"]);
    }
    expect(counted).toEqual(Array(3).fill("SessionLimited"));
    clock.time += 7500;
    expect((await call("GET", current, { token: body.token })).status).toBe(200);
  });

  test("neither ending sessions nor checks are limited, nor is another user", async () => {
    const { call, check, clock, create } = client(RULES);
    const { token } = await create();
    for (let count = 0; count < 4; count++) {
      clock.time += 1;
      await create();
    }
    expect((await call("POST", "/sessions")).status).toBe(429);
    for (let count = 0; count < 20; count++) expect((await check(token)).status).toBe(404);
    expect((await call("POST", "/sessions", { claims: userB })).status).toBe(201);
    expect((await call("DELETE", "/sessions")).status).toBe(204);
  });
});

test("503: a store that is away, to be tried again", async () => {
  const store = new MemorySessionStore(RULES, Date.now);
  const { call, check, create } = sessionsClient(store);
  const { token } = await create();
  store.create = () => Promise.reject(new CacheUnavailable());
  store.check = () => Promise.reject(new CacheUnavailable());
  for (const { status, headers, body } of [await call("POST", "/sessions"), await check(token)]) {
    expect([status, headers["Retry-After"]]).toEqual([503, "1"]);
    expect(body.detail).toBe("The store of the sessions is away. Try again.");
  }
});

test("an unknown route is 404", async () => {
  const { call } = client();
  expect(await call("PATCH", "/sessions")).toMatchObject({ status: 404, body: { detail: "No such route." } });
});

test("control 28: no log line holds a token or says who the user is", async () => {
  const { call, check, clock, create, lines } = client();
  const { token } = await create();
  const { body } = await call("POST", refreshPath, { token });
  await check(body.token);
  await call("GET", current, { token: "secret-of-nobody" });
  clock.time += minute;
  await call("POST", refreshPath, { token });
  await call("POST", "/session-checks", { rawBody: `{"token":"${body.token}"` });
  const logged = JSON.stringify(lines);
  expect(lines.length).toBeGreaterThan(6);
  for (const part of [...token.split("."), ...body.token.split("."), "secret-of-nobody", "user-1", "ann@"]) {
    expect(logged).not.toContain(part);
  }
});
