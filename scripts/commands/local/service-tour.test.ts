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
  "POST /shop/v1/orders": [[201, { id: "1" }]],
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

function take(given = endpoints): Promise<void> {
  return takeServiceTour({
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
    answer: '201 {"id":"1"}',
  });
});

describe("where there is a view of orders", () => {
  const table = { historyTable: "acme-local-order-history" };

  test("the tour waits until the order has come to it, and shows it once", async () => {
    answers["GET /shop/v1/order-history"] = [
      [200, { items: [] }],
      [200, { items: [] }],
      [200, { items: [{ id: "1" }] }],
    ];
    await take({ ...endpoints, ...table });
    expect(asked.filter(({ request }) => request === "GET /shop/v1/order-history")).toHaveLength(3);
    expect(asked.at(-1)?.headers["cache-control"]).toBe("max-age=0");
    expect(exchanges.filter(({ request }) => request.includes("order-history"))).toEqual([
      { request: "storefront: GET /v1/order-history", answer: '200 {"items":[{"id":"1"}]}' },
    ]);
  });

  test("a second time it is read as it is", async () => {
    answers["GET /shop/v1/orders"] = [[200, { items: [1] }]];
    answers["GET /shop/v1/order-history"] = [[200, { items: [] }]];
    await take({ ...endpoints, ...table });
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
