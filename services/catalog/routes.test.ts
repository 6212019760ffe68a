import { Problem, type Product } from "../../runtime";
import { type RunningService, serve, type User } from "../internal";
import { recordingLogger } from "../internal/recording-logger";
import { testClient } from "../internal/test-client";
import { MemoryProductStore } from "./memory-store";
import { catalogRoutes } from "./routes";

const TEAPOT = { name: "Blue teapot", description: "", priceCents: 3900, currency: "EUR", available: 12 };
const ask = testClient("api/catalog/v1.yaml");
const NOW = 1_700_000_000_000;
const UPDATED_AT = "2023-11-14T22:13:20.000Z";

let service: RunningService;
let store: MemoryProductStore;
let lines: Record<string, unknown>[];

beforeEach(async () => {
  store = new MemoryProductStore();
  const recording = recordingLogger("catalog");
  lines = recording.lines;
  service = await serve({
    settings: { host: "127.0.0.1", port: 0, drainSeconds: 0 },
    logger: recording.logger,
    // Stands for the verification of tokens: the token is the list of the groups.
    authenticate: async (authorization) => userOf(authorization),
    routes: catalogRoutes({ store, now: () => NOW }),
  });
});

afterEach(() => service.stop());

function userOf(authorization: string | undefined): User {
  if (authorization === undefined) throw new Problem(401, "No token.");
  return { id: "user-1", groups: authorization.split(",") };
}

function call(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
) {
  return ask(`http://127.0.0.1:${service.port}`, path, {
    method,
    headers: { authorization: "catalog-admin", ...headers },
    json: body,
  });
}

const add = (id: string, product: object = TEAPOT) =>
  call("PUT", `/v1/products/${id}`, { body: product, headers: { "if-none-match": "*" } });

test("a product that is added can be read, listed, and read by its id among others", async () => {
  const product: Product = { id: "teapot", ...TEAPOT, listed: true, version: 1, updatedAt: UPDATED_AT };
  const added = await add("teapot");
  expect(added).toMatchObject({ status: 201, body: product });
  expect(added.headers.get("etag")).toBe('"1"');
  expect(await call("GET", "/v1/products/teapot")).toMatchObject({ status: 200, body: product });
  expect((await call("GET", "/v1/products")).body).toEqual({ items: [product] });
  expect((await call("GET", "/v1/products?ids=cup,teapot")).body).toEqual({ items: [product] });
});

test("answers are private, and carry an ETag", async () => {
  await add("teapot");
  for (const path of ["/v1/products/teapot", "/v1/products"]) {
    const { headers } = await call("GET", path);
    expect(headers.get("cache-control")).toBe("private, no-cache");
    const again = await call("GET", path, { headers: { "if-none-match": headers.get("etag") as string } });
    expect(again.status).toBe(304);
    expect(again.body).toBeUndefined();
    expect(again.headers.get("etag")).toBe(headers.get("etag"));
  }
});

test("products by ids come in the order that was asked for, each once, listed or not", async () => {
  for (const id of ["a", "b", "c"]) await add(id, { ...TEAPOT, listed: id !== "b" });
  const { body } = await call("GET", "/v1/products?ids=c,b,none,c,a");
  expect(body.items.map(({ id }: Product) => id)).toEqual(["c", "b", "a"]);
});

test("pages hold what is listed, by id, and end without a token", async () => {
  for (const id of ["d", "a", "c", "b", "e"]) await add(id, { ...TEAPOT, listed: id !== "c" });
  const first = await call("GET", "/v1/products?limit=2");
  expect(first.body.items.map(({ id }: Product) => id)).toEqual(["a", "b"]);
  const second = await call("GET", `/v1/products?limit=2&pageToken=${first.body.nextPageToken}`);
  expect(second.body.items.map(({ id }: Product) => id)).toEqual(["d", "e"]);
  expect(second.body).not.toHaveProperty("nextPageToken");
});

test("reads are as old as the store likes, or as it is now where the client asks", async () => {
  await add("teapot");
  await call("GET", "/v1/products/teapot");
  await call("GET", "/v1/products/teapot", { headers: { "cache-control": "max-age=0" } });
  await call("GET", "/v1/products?ids=teapot", { headers: { "cache-control": "no-cache" } });
  expect(store.reads).toEqual([false, true, true]);
});

describe("a change", () => {
  const put = (headers: Record<string, string>, change: object = {}) =>
    call("PUT", "/v1/products/teapot", { body: { ...TEAPOT, ...change }, headers });

  test("of the version that was read is done", async () => {
    await add("teapot");
    const { status, headers, body } = await put({ "if-match": '"1"' }, { available: 0, listed: false });
    expect(status).toBe(200);
    expect(headers.get("etag")).toBe('"2"');
    expect(body).toMatchObject({ available: 0, listed: false, version: 2 });
  });

  test("control 10: of an older version is refused, with the current ETag", async () => {
    await add("teapot");
    await put({ "if-match": "*" });
    const { status, headers } = await put({ "if-match": '"1"' });
    expect(status).toBe(412);
    expect(headers.get("etag")).toBe('"2"');
  });

  test("that adds what is there is refused", async () => {
    await add("teapot");
    const { status, headers } = await add("teapot");
    expect(status).toBe(412);
    expect(headers.get("etag")).toBe('"1"');
  });

  test("of what is not there is refused", async () => {
    expect((await put({ "if-match": "*" })).status).toBe(404);
  });

  test("that names no version is refused", async () => {
    expect((await put({})).status).toBe(428);
  });

  test.each([
    [
      "both headers",
      { "if-match": "*", "if-none-match": "*" },
      [{ parameter: "If-Match", detail: "must not be given with If-None-Match" }],
    ],
    [
      "another If-None-Match",
      { "if-none-match": '"1"' },
      [{ parameter: "If-None-Match", detail: "must be one of *" }],
    ],
    [
      "an If-Match that is none",
      { "if-match": "1" },
      [{ parameter: "If-Match", detail: 'must be * or at most 100 ETags in quotes, e.g. "1"' }],
    ],
  ])("with %s is refused", async (_case, headers, errors) => {
    const { status, body } = await put(headers as Record<string, string>);
    expect(status).toBe(400);
    expect(body.errors).toEqual(errors);
  });

  test("by somebody who is no administrator is refused, whatever is said", async () => {
    const { status, body } = await put({ authorization: "customers", "if-match": "*" }, { priceCents: 1 });
    expect(status).toBe(403);
    expect(body.detail).toBe("Only the group catalog-admin may write.");
  });

  test.each([
    [
      "part of a cent",
      { priceCents: 39.5 },
      [{ pointer: "#/priceCents", detail: "must be of type integer" }],
    ],
    ["a negative price", { priceCents: -1 }, [{ pointer: "#/priceCents", detail: "must be at least 0" }]],
    ["negative stock", { available: -1 }, [{ pointer: "#/available", detail: "must be at least 0" }]],
    [
      "a currency that is none",
      { currency: "eur" },
      [{ pointer: "#/currency", detail: "must match ^[A-Z]{3}$" }],
    ],
    ["an unknown field", { version: 7 }, [{ pointer: "#/version", detail: "is not known" }]],
    [
      "half of a surrogate pair",
      { name: "\ud800" },
      [{ pointer: "#/name", detail: "must not hold half of a surrogate pair" }],
    ],
    [
      "a line's end in its name, and what no text has",
      { name: "Blue\nteapot", description: "Line 1\r\n\tLine 2\u0000" },
      [
        { pointer: "#/name", detail: "must not hold control characters" },
        { pointer: "#/description", detail: "must not hold control characters" },
      ],
    ],
  ])("to %s is refused", async (_case, change, errors) => {
    const { status, body } = await put({ "if-match": "*" }, change);
    expect(status).toBe(400);
    expect(body.errors).toEqual(errors);
  });
});

test.each([
  ["ids with a limit", "ids=a&limit=2", [{ parameter: "limit", detail: "must not be given with ids" }]],
  ["a limit of none", "limit=0", [{ parameter: "limit", detail: "must be at least 1" }]],
  [
    "a token that is none",
    "pageToken=abc",
    [{ parameter: "pageToken", detail: "must be the nextPageToken of the page before" }],
  ],
  ["a limit twice", "limit=1&limit=2", [{ parameter: "limit", detail: "must be given once" }]],
])("a list with %s is refused", async (_case, query, errors) => {
  const { status, body } = await call("GET", `/v1/products?${query}`);
  expect(status).toBe(400);
  expect(body.errors).toEqual(errors);
});

test("more than 100 ids are refused", async () => {
  const ids = Array.from({ length: 101 }, (_, index) => `p${index}`).join();
  expect((await call("GET", `/v1/products?ids=${ids}`)).status).toBe(400);
});

test.each(["-a", "a%20b", "a%2Fb", "x".repeat(65)])("what can be no id, %s, is not found", async (id) => {
  expect((await call("GET", `/v1/products/${id}`)).status).toBe(404);
});

test("without a token nothing is answered", async () => {
  const response = await fetch(`http://127.0.0.1:${service.port}/v1/products`);
  expect(response.status).toBe(401);
});

test("control 28: a line has the route, not the id, and nothing that was written", async () => {
  await add("very-secret-teapot", { ...TEAPOT, name: "Named for Ann" });
  const requests = lines.filter(({ message }) => message === "request");
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({ service: "catalog", route: "PUT /v1/products/{id}", status: 201 });
  expect(JSON.stringify(lines)).not.toMatch(/very-secret|Ann|catalog-admin/);
});
