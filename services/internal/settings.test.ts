import { readSettings, readUserPool } from "./settings";

const SOURCE = { PORT: "8080", SERVICE_NAME: "catalog" };

test("without more, all addresses, INFO and 5 seconds", () => {
  expect(readSettings(SOURCE)).toEqual({
    name: "catalog",
    host: "0.0.0.0",
    port: 8080,
    logLevel: "INFO",
    drainSeconds: 5,
  });
});

test("what is set is taken", () => {
  const more = { HOST: "127.0.0.1", LOG_LEVEL: "debug", DRAIN_SECONDS: "0", PORT: "0" };
  expect(readSettings({ ...SOURCE, ...more })).toMatchObject({
    host: "127.0.0.1",
    port: 0,
    logLevel: "DEBUG",
    drainSeconds: 0,
  });
});

test.each([
  ["nothing", {}, "environment: PORT, SERVICE_NAME must be set, got nothing"],
  [
    "no port",
    { ...SOURCE, PORT: "http" },
    "environment: PORT must be a whole number from 0 to 65535, got http",
  ],
  [
    "too high a port",
    { ...SOURCE, PORT: "70000" },
    "environment: PORT must be a whole number from 0 to 65535, got 70000",
  ],
  [
    "an unknown level",
    { ...SOURCE, LOG_LEVEL: "loud" },
    "environment: LOG_LEVEL must be one of DEBUG, INFO, WARN, ERROR, got LOUD",
  ],
  [
    "a long drain",
    { ...SOURCE, DRAIN_SECONDS: "600" },
    "environment: DRAIN_SECONDS must be a whole number from 0 to 60, got 600",
  ],
])("%s is refused", (_case, source, message) => {
  expect(() => readSettings(source)).toThrow(new Error(message));
});

test("a user pool is its id and its client; where its tokens and keys come from only if it is said", () => {
  const pool = { USER_POOL_ID: "eu-west-1_Ab", USER_POOL_CLIENT_ID: "client" };
  expect(readUserPool(pool)).toEqual({ userPoolId: "eu-west-1_Ab", clientId: "client" });
  expect(readUserPool({ ...pool, USER_POOL_ISSUER: "http://i", USER_POOL_JWKS_URL: "http://k" })).toEqual({
    userPoolId: "eu-west-1_Ab",
    clientId: "client",
    issuer: "http://i",
    jwksUrl: "http://k",
  });
  expect(() => readUserPool({})).toThrow(
    new Error("environment: USER_POOL_ID, USER_POOL_CLIENT_ID must be set, got nothing"),
  );
});
