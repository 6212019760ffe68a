import { readStorefront } from "./settings";

const SOURCE = {
  CATALOG_URL: "http://internal.example",
  ORDERS_URL: "http://internal.example",
  SESSIONS_URL: "https://abc.execute-api.eu-west-1.amazonaws.com/v1",
  AWS_REGION: "eu-west-1",
  CACHE_HOST: "cache.example",
  CACHE_PORT: "6379",
  CACHE_TLS: "on",
};

test("reads where everything is", () => {
  expect(
    readStorefront({
      ...SOURCE,
      ...{ HISTORY_TABLE: "history", CACHE_USER: "storefront", CACHE_PASSWORD: "secret" },
    }),
  ).toEqual({
    catalogUrl: "http://internal.example",
    ordersUrl: "http://internal.example",
    sessionsUrl: "https://abc.execute-api.eu-west-1.amazonaws.com/v1",
    region: "eu-west-1",
    historyTable: "history",
    cache: {
      host: "cache.example",
      port: 6379,
      tls: true,
      sharded: false,
      username: "storefront",
      password: "secret",
    },
  });
});

test.each([
  ["replication", false],
  ["cluster", true],
  ["serverless", true],
])("a cache of the mode %s", (mode, sharded) => {
  const { cache } = readStorefront({ ...SOURCE, CACHE_TLS: "off", CACHE_MODE: mode });
  expect(cache).toEqual({ host: "cache.example", port: 6379, tls: false, sharded });
});

test.each([
  ["no orders", { ORDERS_URL: "" }, "ORDERS_URL must be set, got nothing"],
  [
    "an address that is none",
    { CATALOG_URL: "catalog" },
    "CATALOG_URL must be a URL of http or https, got catalog",
  ],
  [
    "an address of another kind",
    { ORDERS_URL: "ftp://a" },
    "ORDERS_URL must be a URL of http or https, got ftp://a",
  ],
  ["a port that is none", { CACHE_PORT: "x" }, "CACHE_PORT must be a whole number from 1 to 65535, got x"],
  ["TLS in other words", { CACHE_TLS: "true" }, "CACHE_TLS must be one of on, off, got true"],
  [
    "a mode that is none",
    { CACHE_MODE: "memcached" },
    "CACHE_MODE must be one of replication, cluster, serverless, got memcached",
  ],
])("%s is refused by name", (_what, change, message) => {
  expect(() => readStorefront({ ...SOURCE, ...change })).toThrow(new Error(`environment: ${message}`));
});
