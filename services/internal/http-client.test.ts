import { setTimeout as wait } from "node:timers/promises";
import { DependencyError } from "./dependency-error";
import { type HttpCall, HttpClient, type HttpClientConfig } from "./http-client";
import { type HttpStub, type StubAnswer, startHttpStub } from "./http-stub";
import { RequestContext, runForRequest } from "./request-context";

let stub: HttpStub;
const clients: HttpClient[] = [];

afterEach(async () => {
  // First, so that no client waits for an answer.
  await stub?.close();
  for (const client of clients.splice(0)) await client.close();
});

/** A client of a stub that answers what it is told, with no wait between attempts. */
async function clientOf(
  answer: Parameters<typeof startHttpStub>[0],
  config: Partial<HttpClientConfig> = {},
): Promise<HttpClient> {
  stub = await startHttpStub(answer);
  return clientAt(stub.url, config);
}

function clientAt(baseUrl: string, config: Partial<HttpClientConfig> = {}): HttpClient {
  const client = new HttpClient({ name: "catalog", baseUrl, random: () => 0, ...config });
  clients.push(client);
  return client;
}

const ok: StubAnswer = { status: 200, body: '{"id":"a"}' };

async function failureOf(call: Promise<unknown>): Promise<DependencyError> {
  const error = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(DependencyError);
  return error as DependencyError;
}

describe("a call", () => {
  test("gets status, headers and JSON", async () => {
    const client = await clientOf(() => ({ ...(ok as object), status: 200, headers: { ETag: '"1"' } }));
    const answer = await client.call({ path: "/v1/products/a" });
    expect(answer.status).toBe(200);
    expect(answer.header("etag")).toBe('"1"');
    expect(answer.json()).toEqual({ id: "a" });
  });

  test("sends path, query, headers and JSON behind the base address", async () => {
    stub = await startHttpStub(() => ok);
    await clientAt(`${stub.url}/stage/`).call({
      method: "POST",
      path: "/v1/orders",
      query: { ids: "a,b", limit: 2, pageToken: undefined },
      headers: { authorization: "Bearer x", "idempotency-key": undefined },
      json: { items: [] },
    });
    expect(stub.requests[0]).toMatchObject({
      method: "POST",
      url: "/stage/v1/orders?ids=a%2Cb&limit=2",
      headers: { authorization: "Bearer x", "content-type": "application/json", accept: "application/json" },
      body: '{"items":[]}',
    });
    expect(stub.requests[0]?.headers).not.toHaveProperty("idempotency-key");
  });

  test("says who calls, as firewalls refuse who does not", async () => {
    const client = await clientOf(() => ok);
    await client.call({ path: "/" });
    expect(stub.requests[0]?.headers["user-agent"]).toBe("platform-service");
  });

  test.each([400, 401, 404, 409, 422])("knows the meaning of %i itself", async (status) => {
    const client = await clientOf(() => ({ status }));
    expect((await client.call({ path: "/" })).status).toBe(status);
    expect(stub.requests).toHaveLength(1);
  });

  test("keeps its connections, and no more than it may", async () => {
    const client = await clientOf(() => ok, { connections: 2 });
    await Promise.all(Array.from({ length: 20 }, () => client.call({ path: "/" })));
    expect(stub.requests).toHaveLength(20);
    expect(stub.connections).toBe(2);
    expect(stub.open.most).toBeLessThanOrEqual(2);
  });

  test("waits for no other: as many as a service has requests are made at once", async () => {
    const client = await clientOf(() => "hang", { timeoutMilliseconds: 20_000, attempts: 1 });
    const failures = Array.from({ length: 200 }, () => failureOf(client.call({ path: "/" })));
    for (const end = Date.now() + 15_000; stub.open.now < 200 && Date.now() < end; ) await wait(20);
    expect(stub.open.now).toBe(200);
    await stub.close();
    await Promise.all(failures);
  });

  test("adds what each attempt is prepared with", async () => {
    let signatures = 0;
    const client = await clientOf((_request, number) => (number === 1 ? { status: 503 } : ok), {
      prepare: async ({ method, url }) => ({ "x-signature": `${method} ${url.pathname} ${++signatures}` }),
    });
    await client.call({ path: "/v1/a" });
    expect(stub.requests.map(({ headers }) => headers["x-signature"])).toEqual([
      "GET /v1/a 1",
      "GET /v1/a 2",
    ]);
  });
});

describe("the trace", () => {
  test("goes along, in both forms", async () => {
    const client = await clientOf(() => ok);
    const trace = { id: "1-5759e988-bd862e3fe1be46a994272793", sampled: true };
    await runForRequest(new RequestContext("r", trace, "GET"), () => client.call({ path: "/" }));
    expect(stub.requests[0]?.headers).toMatchObject({
      traceparent: expect.stringMatching(/^00-5759e988bd862e3fe1be46a994272793-[0-9a-f]{16}-01$/),
      "x-amzn-trace-id": expect.stringMatching(
        /^Root=1-5759e988-bd862e3fe1be46a994272793;Parent=[0-9a-f]{16};Sampled=1$/,
      ),
    });
  });

  test("is not made up outside of a request", async () => {
    const client = await clientOf(() => ok);
    await client.call({ path: "/" });
    expect(stub.requests[0]?.headers).not.toHaveProperty("traceparent");
  });
});

describe("what passes", () => {
  test.each<StubAnswer>([{ status: 429 }, { status: 502 }, { status: 503 }, { status: 504 }, "hang up"])(
    "is tried again, and not seen: %j",
    async (answer) => {
      const client = await clientOf((_request, number) => (number <= 2 ? answer : ok));
      expect((await client.call({ path: "/" })).status).toBe(200);
      expect(stub.requests).toHaveLength(3);
    },
  );

  test.each<[string, StubAnswer, Partial<DependencyError>]>([
    ["too busy", { status: 429 }, { failure: "busy", status: 429 }],
    ["a fault", { status: 502 }, { failure: "fault", status: 502 }],
    ["no connection", "hang up", { failure: "unreachable", status: undefined }],
  ])("is told after three attempts: %s", async (_case, answer, expected) => {
    const client = await clientOf(() => answer);
    const error = await failureOf(client.call({ path: "/" }));
    expect(error).toMatchObject({ dependency: "catalog", attempts: 3, ...expected });
    expect(stub.requests).toHaveLength(3);
  });

  test("is not tried again when it was a fault of the service", async () => {
    const client = await clientOf(() => ({ status: 500 }));
    expect(await failureOf(client.call({ path: "/" }))).toMatchObject({
      failure: "fault",
      status: 500,
      attempts: 1,
    });
  });

  test.each<[string, HttpCall, number]>([
    ["a POST once", { method: "POST", path: "/", json: {} }, 1],
    ["a PUT once", { method: "PUT", path: "/", json: {} }, 1],
    ["a POST that may be repeated again", { method: "POST", path: "/", json: {}, repeatable: true }, 3],
    ["a GET that may not be repeated once", { path: "/", repeatable: false }, 1],
  ])("asks with %s", async (_case, call, requests) => {
    const client = await clientOf(() => ({ status: 503 }));
    await failureOf(client.call(call));
    expect(stub.requests).toHaveLength(requests);
  });

  test("a service that is not there is unreachable", async () => {
    stub = await startHttpStub(() => ok);
    const client = clientAt("http://127.0.0.1:9");
    expect(await failureOf(client.call({ path: "/" }))).toMatchObject({
      failure: "unreachable",
      attempts: 3,
    });
  });
});

describe("waits", () => {
  test("with full jitter, twice as long each time", async () => {
    const client = await clientOf((_request, number) => (number <= 2 ? { status: 503 } : ok), {
      random: () => 0.99,
    });
    const startedAt = performance.now();
    await client.call({ path: "/" });
    // 99 and 198 ms.
    expect(performance.now() - startedAt).toBeGreaterThan(290);
  });

  test("as long as Retry-After says, and not all for the same time", async () => {
    const client = await clientOf(
      (_request, number) => (number === 1 ? { status: 503, headers: { "Retry-After": "1" } } : ok),
      { random: () => 0.99 },
    );
    const startedAt = performance.now();
    await client.call({ path: "/" });
    expect(performance.now() - startedAt).toBeGreaterThan(1090);
  });

  test("not at all when Retry-After is beyond the time of the call: the caller is told", async () => {
    const client = await clientOf(() => ({ status: 429, headers: { "Retry-After": "60" } }));
    const startedAt = performance.now();
    const error = await failureOf(client.call({ path: "/" }));
    expect(error).toMatchObject({ failure: "busy", retryAfterSeconds: 60, attempts: 1 });
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

test("control 11: while all calls are throttled, retries stay within their budget: ten, and one for ten calls", async () => {
  const client = await clientOf(() => ({ status: 429 }));
  const calls = 100;
  for (let call = 0; call < calls; call++) await failureOf(client.call({ path: "/" }));
  const retries = stub.requests.length - calls;
  expect(retries).toBeGreaterThanOrEqual(19);
  expect(retries).toBeLessThanOrEqual(20);
});

describe("control 12: a service that hangs", () => {
  test.each<StubAnswer>(["hang", "hang in the body"])(
    "%s: is given up in time, all attempts together",
    async (answer) => {
      const client = await clientOf(() => answer, { timeoutMilliseconds: 200, totalMilliseconds: 1000 });
      const startedAt = performance.now();
      const error = await failureOf(client.call({ path: "/" }));
      expect(error).toMatchObject({ failure: "timeout", attempts: 3 });
      expect(performance.now() - startedAt).toBeLessThan(1000);
    },
  );

  test("takes no longer than the whole call may", async () => {
    const client = await clientOf(() => "hang", { timeoutMilliseconds: 400, totalMilliseconds: 500 });
    const startedAt = performance.now();
    await failureOf(client.call({ path: "/" }));
    expect(performance.now() - startedAt).toBeLessThan(700);
  });

  test("nor than its request has, which can still be answered without it; and that is no fault of the service", async () => {
    const client = await clientOf((_request, number) => (number === 1 ? "hang" : ok), { breakerFailures: 1 });
    const request = new RequestContext("r", { id: "1-5759e988-bd862e3fe1be46a994272793" }, "GET");
    request.answerBy = performance.now() + 600;
    const error = await failureOf(
      runForRequest(request, () => client.call({ path: "/", repeatable: false })),
    );
    expect(error).toMatchObject({ failure: "timeout", attempts: 1 });
    expect(performance.now()).toBeLessThan(request.answerBy);
    expect((await client.call({ path: "/" })).status).toBe(200);
  });

  test("as does what prepares a call", async () => {
    const client = await clientOf(() => ok, {
      timeoutMilliseconds: 100,
      prepare: () => new Promise(() => undefined),
    });
    expect(await failureOf(client.call({ path: "/" }))).toMatchObject({ failure: "timeout" });
    expect(stub.requests).toEqual([]);
  });
});

test("a call ends when nobody waits for its request any more, and its connection with it", async () => {
  const client = await clientOf(() => "hang");
  const request = new RequestContext("r", { id: "1-5759e988-bd862e3fe1be46a994272793" }, "GET");
  const call = failureOf(runForRequest(request, () => client.call({ path: "/" })));
  while (stub.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  request.abort();
  expect(await call).toMatchObject({ failure: "aborted", attempts: 1 });
  while (stub.open.now > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(stub.requests).toHaveLength(1);
});

describe("a service that fails all along", () => {
  test("is left alone for a while, then asked once", async () => {
    let answer: StubAnswer = { status: 500 };
    const client = await clientOf(() => answer, { breakerFailures: 3, openMilliseconds: 200 });
    for (let call = 0; call < 3; call++) await failureOf(client.call({ path: "/" }));
    expect(await failureOf(client.call({ path: "/" }))).toMatchObject({
      failure: "circuitOpen",
      attempts: 1,
    });
    expect(stub.requests).toHaveLength(3);

    await new Promise((resolve) => setTimeout(resolve, 250));
    answer = ok;
    expect((await client.call({ path: "/" })).status).toBe(200);
    expect((await client.call({ path: "/" })).status).toBe(200);
  });

  test("is told by its own failure, not by being left alone, in the call that found out", async () => {
    const client = await clientOf(() => "hang up", { breakerFailures: 2 });
    expect(await failureOf(client.call({ path: "/" }))).toMatchObject({
      failure: "unreachable",
      attempts: 2,
    });
  });

  test("is not one that is too busy", async () => {
    const client = await clientOf(() => ({ status: 429 }), { breakerFailures: 1 });
    for (let call = 0; call < 3; call++) {
      expect(await failureOf(client.call({ path: "/" }))).toMatchObject({ failure: "busy" });
    }
  });
});

describe("an answer that is none", () => {
  test("is too large", async () => {
    const client = await clientOf(() => ({ status: 200, body: "x".repeat(2000) }), { mostBytes: 1000 });
    expect(await failureOf(client.call({ path: "/" }))).toMatchObject({ failure: "invalidAnswer" });
    expect(stub.requests).toHaveLength(1);
  });

  test("is no JSON", async () => {
    const client = await clientOf(() => ({ status: 200, body: "<html>" }));
    const answer = await client.call({ path: "/" });
    expect(() => answer.json()).toThrow(expect.objectContaining({ failure: "invalidAnswer", status: 200 }));
  });
});
