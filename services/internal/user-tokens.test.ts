import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { TestUserPool } from "./test-user-pool";
import { type UserTokensConfig, userTokens } from "./user-tokens";

let pool: TestUserPool;

beforeEach(async () => {
  pool = await TestUserPool.start();
});

afterEach(() => pool.close());

const verifier = (config: Partial<UserTokensConfig> = {}) => userTokens({ ...pool.settings, ...config });
const bearer = (token: string) => `Bearer ${token}`;
const seconds = () => Math.floor(Date.now() / 1000);

/** The problem that somebody is refused with. */
async function problemOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => "let in",
    (error: unknown) => error,
  );
}

test("an ID token of the pool names its user", async () => {
  expect(await verifier()(bearer(pool.token()))).toEqual({ id: "user-1", groups: [] });
});

test("and the groups of the user", async () => {
  const token = pool.token({ "cognito:groups": ["catalog-admin", "staff"] });
  expect(await verifier()(bearer(token))).toEqual({ id: "user-1", groups: ["catalog-admin", "staff"] });
});

test("Cognito's other form of the issuer is the same pool", async () => {
  const iss = `https://issuer-cognito-idp.eu-west-1.amazonaws.com/${pool.settings.userPoolId}`;
  expect(await verifier()(bearer(pool.token({ iss })))).toMatchObject({ id: "user-1" });
});

test("where there is no Cognito, the issuer is the one that is said, and no other", async () => {
  const authenticate = verifier({ issuer: "http://127.0.0.1:4566/pool" });
  const token = pool.token({ iss: "http://127.0.0.1:4566/pool" });
  expect(await authenticate(bearer(token))).toMatchObject({ id: "user-1" });
  expect(await problemOf(authenticate(bearer(pool.token())))).toMatchObject({ status: 401 });
});

describe("control 16: nobody is let in with", () => {
  test.each([
    ["no token", undefined],
    ["another scheme", "Basic YW5uOnNlY3JldA=="],
    ["what is no token", "Bearer abc"],
    ["an empty token", "Bearer "],
    ["two tokens", "Bearer a.b.c, Bearer a.b.c"],
  ])("%s", async (_case, authorization) => {
    const problem = await problemOf(verifier()(authorization));
    expect(problem).toMatchObject({ status: 401, headers: { "WWW-Authenticate": "Bearer" } });
    expect(pool.fetches).toBe(0);
  });

  const forged = (key: "other" | "none" | "hmac") => {
    const [header, payload] = pool.token().split(".") as [string, string];
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    if (key === "none") return `${encode({ alg: "none", kid: "key-1" })}.${payload}.AA`;
    if (key === "hmac") {
      const signed = `${encode({ alg: "HS256", kid: "key-1" })}.${payload}`;
      return `${signed}.${createHmac("sha256", "secret").update(signed).digest("base64url")}`;
    }
    const signature = sign("RSA-SHA256", Buffer.from(`${header}.${payload}`), privateKey);
    return `${header}.${payload}.${signature.toString("base64url")}`;
  };

  const tampered = () => {
    const [header, , signature] = pool.token().split(".");
    const payload = pool.token({ sub: "user-2" }).split(".")[1];
    return `${header}.${payload}.${signature}`;
  };

  test.each<[string, () => string]>([
    ["an expired token", () => pool.token({ exp: seconds() - 1 })],
    ["a token that does not expire", () => pool.token({ exp: undefined })],
    ["a token that is not good yet", () => pool.token({ nbf: seconds() + 60 })],
    ["an access token", () => pool.token({ token_use: "access", client_id: "client-1" })],
    ["a token of another client", () => pool.token({ aud: "client-2" })],
    [
      "a token of another pool",
      () => pool.token({ iss: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other" }),
    ],
    ["a token without an issuer", () => pool.token({ iss: undefined })],
    ["a token of nobody", () => pool.token({ sub: undefined })],
    ["another key's signature", () => forged("other")],
    ["no signature", () => forged("none")],
    ["a shared secret's signature", () => forged("hmac")],
    ["another user's claims", tampered],
    ["a key that the pool does not have", () => pool.token({}, { kid: "key-9" })],
    ["no key", () => pool.token({}, { kid: undefined })],
  ])("%s", async (_case, token) => {
    expect(await problemOf(verifier()(bearer(token())))).toMatchObject({
      status: 401,
      headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' },
    });
  });
});

test("control 28: a refusal tells nothing of the token", async () => {
  const problem = await problemOf(verifier()(bearer(pool.token({ exp: seconds() - 1, sub: "secret-user" }))));
  expect(JSON.stringify(problem)).not.toMatch(/secret-user|example\.com|eyJ/);
});

describe("the keys", () => {
  test("are fetched once for all requests", async () => {
    const authenticate = verifier();
    await Promise.all(Array.from({ length: 20 }, () => authenticate(bearer(pool.token()))));
    await authenticate(bearer(pool.token({ sub: "user-2" })));
    expect(pool.fetches).toBe(1);
  });

  test("are fetched again when the pool has a new one", async () => {
    const authenticate = verifier();
    await authenticate(bearer(pool.token()));
    pool.rotate();
    expect(await authenticate(bearer(pool.token()))).toMatchObject({ id: "user-1" });
    expect(pool.fetches).toBe(2);
  });

  test("are not fetched for each token with a made-up key, and real users are let in meanwhile", async () => {
    const authenticate = verifier();
    await authenticate(bearer(pool.token()));
    for (let attempt = 0; attempt < 50; attempt++) {
      const made = pool.token({}, { kid: `made-up-${attempt}` });
      expect(await problemOf(authenticate(bearer(made)))).toMatchObject({ status: 401 });
    }
    expect(pool.fetches).toBe(2);
    expect(await authenticate(bearer(pool.token()))).toMatchObject({ id: "user-1" });
  });

  test("are fetched again for unknown keys after a while", async () => {
    const authenticate = verifier({ refetchSeconds: 0.1 });
    await problemOf(authenticate(bearer(pool.token({}, { kid: "made-up" }))));
    pool.rotate();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await authenticate(bearer(pool.token()))).toMatchObject({ id: "user-1" });
  });

  test("that cannot be had say nothing of the token: 503, and all is well once they can", async () => {
    const authenticate = verifier();
    pool.behaviour = "fail";
    expect(await problemOf(authenticate(bearer(pool.token())))).toMatchObject({ status: 503 });
    pool.behaviour = "answer";
    expect(await authenticate(bearer(pool.token()))).toMatchObject({ id: "user-1" });
  });

  test("that are known let users in while their address is away", async () => {
    const authenticate = verifier();
    await authenticate(bearer(pool.token()));
    pool.behaviour = "fail";
    expect(await authenticate(bearer(pool.token()))).toMatchObject({ id: "user-1" });
  });

  test("that the pool has withdrawn are good for no longer than the keys are kept", async () => {
    const authenticate = verifier({ keepSeconds: 0.2, refetchSeconds: 0.1 });
    const old = bearer(pool.token());
    await authenticate(old);
    pool.rotate();
    pool.withdraw();
    expect(await authenticate(old)).toMatchObject({ id: "user-1" });
    await new Promise((resolve) => setTimeout(resolve, 300));
    // Fetches them while it is answered by those that it has.
    await authenticate(old);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await problemOf(authenticate(old))).toMatchObject({ status: 401 });
    expect(await authenticate(bearer(pool.token()))).toMatchObject({ id: "user-1" });
  });

  test("that are old and cannot be had anew are kept, and not asked for by each request", async () => {
    const authenticate = verifier({ keepSeconds: 0.1, refetchSeconds: 10 });
    const token = bearer(pool.token());
    await authenticate(token);
    pool.behaviour = "fail";
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (let request = 0; request < 20; request++) {
      expect(await authenticate(token)).toMatchObject({ id: "user-1" });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(pool.fetches).toBe(2);
  });

  test("control 12: that never come are given up in time", async () => {
    pool.behaviour = "hang";
    const startedAt = performance.now();
    const authenticate = verifier({ fetchTimeoutMilliseconds: 200 });
    expect(await problemOf(authenticate(bearer(pool.token())))).toMatchObject({ status: 503 });
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

test("a pool that is none is refused at start", () => {
  expect(() => userTokens({ userPoolId: "pool", clientId: "client" })).toThrow(
    new Error("environment: USER_POOL_ID must be an id such as eu-west-1_AbCdEfGhI, got pool"),
  );
});
