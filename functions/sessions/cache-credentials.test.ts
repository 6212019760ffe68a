import { iamCredentials, noCredentials, passwordCredentials } from "./cache-credentials";
import { credentialSource } from "./credential-source";

test("a cache that asks nobody is told nothing", async () => {
  expect(await noCredentials(false)).toEqual({});
});

describe("a password", () => {
  test("is read once, and again when it was refused", async () => {
    const passwords = ["old", "new"];
    const source = passwordCredentials(async () => passwords.shift() ?? "");
    expect([await source(false), await source(false), await source(true), await source(false)]).toEqual([
      { password: "old" },
      { password: "old" },
      { password: "new" },
      { password: "new" },
    ]);
  });

  test("that could not be read is read again", async () => {
    let reads = 0;
    const source = passwordCredentials(async () => {
      reads += 1;
      if (reads === 1) throw new Error("throttled");
      return "secret";
    });
    await expect(source(false)).rejects.toThrow("throttled");
    expect(await source(false)).toEqual({ password: "secret" });
  });

  test.each([
    ["a text", "secret", undefined, { password: "secret" }],
    ["a text for a user", "secret", "sessions", { password: "secret", username: "sessions" }],
    ["an object", '{"password":"secret"}', undefined, { password: "secret" }],
    ["an object with a user", '{"username":"a","password":"b"}', undefined, { username: "a", password: "b" }],
    [
      "an object with another user than the settings'",
      '{"username":"a","password":"b"}',
      "sessions",
      { username: "sessions", password: "b" },
    ],
  ])("may be %s", async (_case, text, username, credentials) => {
    expect(await passwordCredentials(async () => text, username)(false)).toEqual(credentials);
  });

  test("that is none is refused, without saying what it is", async () => {
    await expect(passwordCredentials(async () => '{"pass":"x"}')(false)).rejects.toThrow(
      new Error("CACHE_SECRET_ARN: the secret must be a text, or hold a password"),
    );
  });
});

describe("IAM", () => {
  const config = {
    cacheName: "acme-test-sessions",
    serverless: false,
    username: "sessions",
    region: "eu-west-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret-key", sessionToken: "token" },
    now: () => Date.UTC(2026, 0, 31, 9, 0, 0),
  };

  test("the password is a signed request to connect, without its scheme", async () => {
    const { username, password } = await iamCredentials(config)(false);
    expect(username).toBe("sessions");
    expect(password).toMatch(/^acme-test-sessions\/\?Action=connect&User=sessions&X-Amz-/);
    const { searchParams } = new URL(`https://${password}`);
    expect(Object.fromEntries(searchParams)).toEqual({
      Action: "connect",
      User: "sessions",
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": "AKIDEXAMPLE/20260131/eu-west-1/elasticache/aws4_request",
      "X-Amz-Date": "20260131T090000Z",
      "X-Amz-Expires": "900",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Security-Token": "token",
      "X-Amz-Signature": expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test("a serverless cache is named as one", async () => {
    const { password } = await iamCredentials({ ...config, serverless: true })(false);
    expect(password).toContain("&ResourceType=ServerlessCache&");
  });

  test("each connection has a signature of its own time", async () => {
    let now = config.now();
    const source = iamCredentials({ ...config, now: () => (now += 1000) });
    expect(await source(false)).not.toEqual(await source(false));
  });

  test("the function's own credentials are those that Lambda gives it", async () => {
    const source = credentialSource(
      { kind: "iam", cacheName: "acme", serverless: false, username: "sessions" },
      {
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: "AKID",
        AWS_SECRET_ACCESS_KEY: "key",
        AWS_SESSION_TOKEN: "t",
      },
    );
    expect((await source(false)).password).toMatch(/X-Amz-Credential=AKID%2F\d{8}%2Feu-west-1%2Felasticache/);
  });
});
