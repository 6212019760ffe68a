import { environment as manifest } from "./function.json";
import { readSettings } from "./settings";

const complete = {
  CACHE_HOST: "cache.example.com",
  CACHE_PORT: "6379",
  CACHE_TLS: "on",
  CACHE_AUTHENTICATION: "none",
  SESSION_IDLE_MINUTES: "30",
  SESSION_MAXIMUM_HOURS: "12",
  SESSION_REFRESH_GRACE_SECONDS: "10",
  SESSIONS_PER_PRINCIPAL: "5",
  RATE_LIMIT_PER_MINUTE: "7",
  RATE_LIMIT_BURST: "20",
};

test("the environment becomes settings, in milliseconds", () => {
  expect(readSettings(complete)).toEqual({
    service: "sessions",
    namespace: "sessions",
    cache: { host: "cache.example.com", port: 6379, tls: true },
    authentication: { kind: "none" },
    rules: {
      idleMilliseconds: 1_800_000,
      maximumMilliseconds: 43_200_000,
      graceMilliseconds: 10_000,
      sessionsPerUser: 5,
      millisecondsPerRequest: 8572,
      burst: 20,
    },
  });
});

test("what may be left out is taken when it is there", () => {
  const settings = readSettings({
    ...complete,
    CACHE_TLS: "off",
    CORS_ORIGIN: "https://app.example.com",
    POWERTOOLS_SERVICE_NAME: "sessions-v2",
    POWERTOOLS_METRICS_NAMESPACE: "acme-test",
  });
  expect(settings).toMatchObject({
    service: "sessions-v2",
    namespace: "acme-test",
    corsOrigin: "https://app.example.com",
    cache: { tls: false },
  });
});

test.each<[string, Record<string, string>, object]>([
  [
    "a password",
    { CACHE_AUTHENTICATION: "password", CACHE_SECRET_ARN: "arn:secret" },
    { kind: "password", secretArn: "arn:secret" },
  ],
  [
    "a password of a user",
    { CACHE_AUTHENTICATION: "password", CACHE_SECRET_ARN: "arn:secret", CACHE_USER: "sessions" },
    { kind: "password", secretArn: "arn:secret", username: "sessions" },
  ],
  [
    "IAM",
    { CACHE_AUTHENTICATION: "iam", CACHE_NAME: "acme", CACHE_USER: "sessions" },
    { kind: "iam", cacheName: "acme", serverless: false, username: "sessions" },
  ],
  [
    "IAM, of a serverless cache",
    { CACHE_SERVERLESS: "on", CACHE_AUTHENTICATION: "iam", CACHE_NAME: "acme", CACHE_USER: "sessions" },
    { kind: "iam", cacheName: "acme", serverless: true, username: "sessions" },
  ],
])("authentication by %s", (_case, change, authentication) => {
  expect(readSettings({ ...complete, ...change }).authentication).toEqual(authentication);
});

test.each<[string, Record<string, string>, string]>([
  ["no host", { CACHE_HOST: "" }, "CACHE_HOST must be set, got nothing"],
  [
    "a port that is no number",
    { CACHE_PORT: "6379x" },
    'CACHE_PORT must be a whole number from 1 to 65535, got "6379x"',
  ],
  ["a port of none", { CACHE_PORT: "0" }, 'CACHE_PORT must be a whole number from 1 to 65535, got "0"'],
  ["half TLS", { CACHE_TLS: "true" }, 'CACHE_TLS must be one of on, off, got "true"'],
  [
    "half a serverless cache",
    { CACHE_SERVERLESS: "yes", CACHE_AUTHENTICATION: "iam", CACHE_NAME: "a", CACHE_USER: "b" },
    'CACHE_SERVERLESS must be one of on, off, got "yes"',
  ],
  [
    "another authentication",
    { CACHE_AUTHENTICATION: "token" },
    'CACHE_AUTHENTICATION must be one of none, password, iam, got "token"',
  ],
  [
    "a password without a secret",
    { CACHE_AUTHENTICATION: "password" },
    "CACHE_SECRET_ARN must be set with CACHE_AUTHENTICATION=password, got nothing",
  ],
  [
    "IAM without the cache's name",
    { CACHE_AUTHENTICATION: "iam", CACHE_USER: "a" },
    "CACHE_NAME must be set with CACHE_AUTHENTICATION=iam, got nothing",
  ],
  [
    "IAM without a user",
    { CACHE_AUTHENTICATION: "iam", CACHE_NAME: "a" },
    "CACHE_USER must be set with CACHE_AUTHENTICATION=iam, got nothing",
  ],
  [
    "no idle time",
    { SESSION_IDLE_MINUTES: "0" },
    'SESSION_IDLE_MINUTES must be a whole number from 1 to 10080, got "0"',
  ],
  [
    "a session for ever",
    { SESSION_MAXIMUM_HOURS: "721" },
    'SESSION_MAXIMUM_HOURS must be a whole number from 1 to 720, got "721"',
  ],
  [
    "a long grace",
    { SESSION_REFRESH_GRACE_SECONDS: "61" },
    'SESSION_REFRESH_GRACE_SECONDS must be a whole number from 0 to 60, got "61"',
  ],
])("%s is refused", (_case, change, message) => {
  expect(() => readSettings({ ...complete, ...change })).toThrow(new Error(`environment: ${message}`));
});

test("function.json requires what is missed here", () => {
  expect(() => readSettings({})).toThrow(
    new Error(`environment: ${manifest.required.join(", ")} must be set, got nothing`),
  );
});
