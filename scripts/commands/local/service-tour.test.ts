import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Exchange } from "./exchange";
import type { Endpoints } from "./outputs";
import { takeServiceTour } from "./service-tour";

/** Stands for the user pool and the services: answers by method and path, in the order of the lists. */
let server: Server;
let endpoints: Endpoints;
let answers: Record<string, [number, object?][]>;
let asked: { request: string; headers: IncomingMessage["headers"]; body: string }[];
let exchanges: Exchange[];

const ALL: typeof answers = {
  "POST /": [[200, {}]],
  "GET /catalog/v1/products/sample-teapot": [
    [404, {}],
    [200, {}],
  ],
  "PUT /catalog/v1/products/sample-teapot": [[201, { version: 1 }]],
  "POST /sessions/sessions": [
    [201, { token: "very-secret" }],
    [201, { token: "very-secret" }],
  ],
  "GET /shop/v1/products": [
    [200, { items: [] }],
    [200, { items: [] }],
  ],
  "GET /shop/v1/orders": [
    [200, { items: [] }],
    [200, { items: [1] }],
    [200, { items: [1] }],
  ],
  "POST /shop/v1/orders": [[201, { id: "1", status: "placed" }]],
};

beforeEach(async () => {
  asked = [];
  exchanges = [];
  answers = Object.fromEntries(Object.entries(ALL).map(([name, list]) => [name, [...list]]));
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const name = `${request.method} ${request.url}`;
      asked.push({ request: name, headers: request.headers, body });
      const [status, content = {}] = answers[name]?.shift() ?? [500, { detail: "not expected" }];
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  endpoints = {
    ...{ endpoint, apiUrl: "", userPoolId: "us-east-1_abc", clientId: "", identityPoolId: "", bucket: "" },
    ...{ region: "us-east-1", hostedDomainUrl: "" },
    catalogUrl: `${endpoint}/catalog`,
    sessionsUrl: `${endpoint}/sessions`,
    storefrontUrl: `${endpoint}/shop`,
  };
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function take(given = endpoints, more: { readonly historySeconds?: number } = {}): Promise<void> {
  return takeServiceTour({
    ...more,
    endpoints: given,
    email: "sample@example.com",
    signIn: async () => "id-token",
    onExchange: (exchange) => exchanges.push(exchange),
  });
}

test("a product is put on sale, a session begun, an order placed; the session's token is not shown", async () => {
  await take();
  expect(asked.map(({ request }) => request)).toEqual([
    "POST /",
    "GET /catalog/v1/products/sample-teapot",
    "PUT /catalog/v1/products/sample-teapot",
    "POST /sessions/sessions",
    "GET /shop/v1/products",
    "GET /shop/v1/orders",
    "POST /shop/v1/orders",
    "GET /shop/v1/orders",
  ]);
  expect(asked.slice(1).every(({ headers }) => headers.authorization === "Bearer id-token")).toBe(true);
  expect(asked.at(-1)?.headers["x-session-token"]).toBe("very-secret");
  expect(asked[6]?.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.stringify(exchanges)).not.toContain("very-secret");
  expect(exchanges.at(-2)).toEqual({
    request: 'storefront: POST /v1/orders {"items":[{"productId":"sample-teapot","quantity":2}]}',
    answer: '201 {"id":"1","status":"placed"}',
  });
});

describe("where there is a view of orders", () => {
  const view = { historyTable: "acme-local-order-history" };
  const fulfilled = { ...view, fulfilmentFunction: "acme-local-fulfilment" };
  const HISTORY = "GET /shop/v1/order-history/1";
  const states = (...all: readonly string[]) => all.map((status): [number, object] => [200, { status }]);

  test.each([
    ["has come to it", view, states("placed"), "placed", /^placed, there after \d+\.\d s$/],
    [
      "is shipped, where there is fulfilment",
      fulfilled,
      states("placed", "placed", "shipped"),
      "shipped",
      /^placed, shipped after \d+\.\d s$/,
    ],
  ])("the tour waits until the order %s, and shows its states", async (_, more, answered, end, shown) => {
    answers[HISTORY] = [[404, {}], ...answered];
    await take({ ...endpoints, ...more });
    expect(asked.filter(({ request }) => request === HISTORY)).toHaveLength(1 + answered.length);
    expect(asked.at(-1)?.headers).toMatchObject({
      ...{ "cache-control": "max-age=0", "x-session-token": "very-secret", authorization: "Bearer id-token" },
    });
    expect(exchanges.filter(({ request }) => request.includes("order-history"))).toEqual([
      {
        request: `storefront: GET /v1/order-history/1, until it is ${end}`,
        answer: expect.stringMatching(shown),
      },
    ]);
  });

  test("an order that will not be shipped is told at once, with where to look", async () => {
    answers[HISTORY] = states("placed", "failed");
    await expect(take({ ...endpoints, ...fulfilled })).rejects.toThrow(
      /^storefront: order 1 is not shipped in the order history after [\d.]+ s: placed, failed after [\d.]+ s; scripts\/local logs order-relay shows whether its events were published, logs fulfilment the steps of its fulfilment, logs order-history what came to the history$/,
    );
  });

  test("an order that does not come to it in time is told, with where to look", async () => {
    answers[HISTORY] = Array(10).fill([404, {}]);
    await expect(take({ ...endpoints, ...view }, { historySeconds: 0.1 })).rejects.toThrow(
      /^storefront: order 1 is not placed in the order history after [\d.]+ s: it is not there; scripts\/local logs order-relay shows whether its events were published, logs order-history what came to the history$/,
    );
  });

  test("a second time it is read as it is", async () => {
    answers["GET /shop/v1/orders"] = [[200, { items: [1] }]];
    answers["GET /shop/v1/order-history"] = [[200, { items: [] }]];
    await take({ ...endpoints, ...fulfilled });
    expect(exchanges.at(-1)?.request).toBe("storefront: GET /v1/order-history");
  });
});

test("a second time it only reads", async () => {
  await take();
  answers["POST /"] = [[200, {}]];
  asked = [];
  await take();
  expect(asked.map(({ request }) => request)).toEqual([
    "POST /",
    "GET /catalog/v1/products/sample-teapot",
    "POST /sessions/sessions",
    "GET /shop/v1/products",
    "GET /shop/v1/orders",
  ]);
});

test("without the sellers' group nothing is put on sale, and nothing ordered", async () => {
  answers["POST /"] = [[400, { __type: "ResourceNotFoundException", message: "Group not found." }]];
  await take();
  expect(
    asked.map(({ request }) => request).filter((request) => /^(PUT|POST) \/(catalog|shop)/.test(request)),
  ).toEqual([]);
});

test("what is not deployed is left out", async () => {
  const { catalogUrl: _, storefrontUrl: __, ...sessionsAlone } = endpoints;
  await take(sessionsAlone);
  expect(asked.map(({ request }) => request)).toEqual(["POST /sessions/sessions"]);
  const { sessionsUrl: ___, ...none } = sessionsAlone;
  asked = [];
  await take(none);
  expect(asked).toEqual([]);
});

test("a wrong answer is told with the request, and where to look", async () => {
  answers["POST /sessions/sessions"] = [[503, { detail: "The cache is away." }]];
  await expect(take()).rejects.toThrow(
    'sessions: POST /sessions must answer 201, got 503 {"detail":"The cache is away."}; scripts/local logs sessions shows what the service says',
  );
});
