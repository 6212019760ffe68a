import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type ApiName,
  ConnectionError,
  type Deprecation,
  NotModifiedError,
  PlatformClient,
  type PlatformClientConfig,
  ProblemError,
  type TokenReason,
} from "./index";

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

type Answer = (response: ServerResponse, asked: Asked) => void;

const ID = "01890a5d-ac96-774b-bcce-b302099a8057";
const TODO = {
  id: ID,
  title: "Buy milk",
  status: "open",
  priority: "normal",
  attachments: ["a.jpg"],
  version: 1,
  createdAt: "2026-11-01T00:00:00.000Z",
  updatedAt: "2026-11-01T00:00:00.000Z",
};

let server: Server;
let url: string;
let asked: Asked[];
/** What is answered, one after the other; the last again and again. */
let answers: Answer[];
let reasons: TokenReason[];

beforeAll(async () => {
  server = createServer((request, response) => {
    const { method = "", url: path = "", headers } = request;
    const each = { method, url: path, headers };
    asked.push(each);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    request.resume().on("end", () => answer?.(response, each));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  reasons = [];
  answers = [json(200, TODO)];
});

function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  const type = status < 400 ? "application/json" : "application/problem+json";
  return (response) =>
    response.writeHead(status, { "Content-Type": type, ...headers }).end(JSON.stringify(body));
}

function problem(status: number, headers: Record<string, string> = {}): Answer {
  return json(
    status,
    { type: "about:blank", title: "No", status, detail: "It cannot be.", requestId: "r-1" },
    headers,
  );
}

function newClient(config: Partial<PlatformClientConfig> = {}): PlatformClient {
  return new PlatformClient({
    baseUrl: "https://shop.example.com",
    addresses: { todosV2: url, orders: url, storefront: `${url}/` },
    idToken: async (reason) => {
      reasons.push(reason);
      return `token-${reasons.length}`;
    },
    retry: { firstDelayMilliseconds: 1 },
    ...config,
  });
}

/** An ID token's form, which ends at that second. */
function tokenUntil(exp: number): string {
  return `e30.${Buffer.from(JSON.stringify({ exp })).toString("base64url")}.c2ln`;
}

test("one base URL leads to all APIs", async () => {
  const seen: string[] = [];
  const client = newClient({
    addresses: {},
    fetch: async (to) => {
      seen.push(String(to));
      return new Response(JSON.stringify({ items: [] }), { headers: { "Content-Type": "application/json" } });
    },
  });
  await client.todosV1.listTodos();
  await client.todosV2.listTodos();
  await client.catalog.listProducts();
  await client.orders.listOrders();
  await client.storefront.listOrderHistory();
  await client.sessions.getSession({ xSessionToken: "s" });
  expect(seen).toEqual([
    "https://todos.shop.example.com/v1/todos",
    "https://todos.shop.example.com/v2/todos",
    "https://catalog.shop.example.com/v1/products",
    "https://orders.shop.example.com/v1/orders",
    "https://storefront.shop.example.com/v1/order-history",
    "https://sessions.shop.example.com/v1/sessions/current",
  ]);
});

test("a base URL that is no origin is refused", () => {
  expect(() => newClient({ baseUrl: "https://shop.example.com/api", addresses: {} })).toThrow(
    'baseUrl: must be an origin like https://shop.example.com, got "https://shop.example.com/api"',
  );
});

test.each<[string, Partial<PlatformClientConfig>, string]>([
  [
    "a base URL",
    { baseUrl: "http://shop.example.com", addresses: {} },
    'baseUrl: must be https, got "http://shop.example.com"',
  ],
  [
    "an API's address",
    { addresses: { orders: "http://localhost.example.com/v1" } },
    'addresses.orders: must be https, got "http://localhost.example.com/v1"',
  ],
])("%s of another machine that is http is refused, unless it is allowed", (_case, config, message) => {
  expect(() => newClient(config)).toThrow(
    `${message}: use https, or set allowInsecure where nobody can listen`,
  );
  expect(() => newClient({ ...config, allowInsecure: true })).not.toThrow();
});

test.each(["http://localhost:4566", "http://shop.localhost", "http://127.0.0.1:80", "http://[::1]:80"])(
  "this machine's own address may be http: %s",
  (orders) => {
    expect(() => newClient({ addresses: { orders } })).not.toThrow();
  },
);

test("a redirect is not followed, and is an error that names its host", async () => {
  answers = [
    (response) =>
      response.writeHead(307, { Location: `${url.replace("127.0.0.1", "localhost")}/away` }).end(),
  ];
  const error: unknown = await newClient()
    .todosV2.getTodo({ id: ID })
    .catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ProblemError);
  expect((error as ProblemError).problem).toMatchObject({
    status: 307,
    detail: `The answer is a redirect to localhost:${new URL(url).port}, which is not followed: the tokens would go along.`,
  });
  expect(asked).toHaveLength(1);
});

describe("an answer that breaks off", () => {
  const broken: Answer = (response) => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
    response.write("{", () => response.destroy());
  };

  test("is read again where that is safe", async () => {
    answers = [broken, json(200, TODO)];
    expect((await newClient().todosV2.getTodo({ id: ID })).title).toBe("Buy milk");
    expect(asked).toHaveLength(2);
  });

  test("is no answer where it is not", async () => {
    answers = [broken];
    const call = newClient().todosV2.createTodo({ todoInput: { title: "a" } });
    await expect(call).rejects.toBeInstanceOf(ConnectionError);
    expect(asked).toHaveLength(1);
  });

  test("or does not go on ends with the attempt's time", async () => {
    answers = [(response) => response.writeHead(200, { "Content-Type": "application/json" }).write("{")];
    const call = newClient({ timeoutMilliseconds: 50, retry: { attempts: 1 } }).todosV2.getTodo({ id: ID });
    await expect(call).rejects.toThrow("no answer within 50 ms");
  });
});

describe("an API that is deprecated", () => {
  const link =
    '<https://abc.example.com/v2>; rel="successor-version", <https://docs.example.com/a,b>; rel="deprecation"; type="text/html"';
  const headers = { Deprecation: "@1796083200", Sunset: "Wed, 01 Dec 2027 00:00:00 GMT", Link: link };

  test("is told once, by an error too", async () => {
    answers = [problem(404, headers), json(200, TODO, headers)];
    const told: Deprecation[] = [];
    const client = newClient({ onDeprecated: (deprecation) => told.push(deprecation) });
    await client.todosV2.getTodo({ id: ID }).catch(() => {});
    await client.todosV2.getTodo({ id: ID });
    expect(told).toEqual([
      {
        api: "todosV2",
        deprecatedAt: new Date("2026-12-01T00:00:00Z"),
        sunsetAt: new Date("2027-12-01T00:00:00Z"),
        successor: "https://abc.example.com/v2",
        documentation: "https://docs.example.com/a,b",
      },
    ]);
    await client.orders.getOrder({ id: ID }).catch(() => {});
    expect(told.map(({ api }) => api)).toEqual(["todosV2", "orders"]);
  });

  test.each([
    ["no date", { Deprecation: "true" }, []],
    ["no header", { Sunset: headers.Sunset }, []],
    ["a date alone", { Deprecation: "@0" }, [{ api: "todosV2", deprecatedAt: new Date(0) }]],
  ])("may say little: %s", async (_case, said, expected) => {
    answers = [json(200, TODO, said as Record<string, string>)];
    const told: Deprecation[] = [];
    await newClient({ onDeprecated: (each) => told.push(each) }).todosV2.getTodo({ id: ID });
    expect(told).toEqual(expected);
  });

  test.each([
    [
      "at once",
      () => {
        throw new Error("no log");
      },
    ],
    ["later", () => Promise.reject(new Error("no log"))],
  ])("fails neither a call nor the program by being told what fails %s", async (_case, onDeprecated) => {
    answers = [json(200, TODO, headers)];
    const unhandled = jest.fn();
    process.on("unhandledRejection", unhandled);
    expect((await newClient({ onDeprecated }).todosV2.getTodo({ id: ID })).title).toBe("Buy milk");
    await new Promise((done) => setTimeout(done, 10));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

test("an answer comes as the contract's type", async () => {
  expect(await newClient().todosV2.getTodo({ id: ID })).toEqual({
    ...TODO,
    note: undefined,
    dueAt: undefined,
  });
});

test("a field that a patch is to remove is sent as null, one that it leaves alone is not sent", async () => {
  let body: unknown;
  const client = newClient({
    fetch: async (_to, init) => {
      body = init?.body;
      return new Response(JSON.stringify(TODO), { headers: { "Content-Type": "application/json" } });
    },
  });
  await client.todosV2.changeTodo({ id: ID, ifMatch: '"1"', todoPatch: { note: null, status: "done" } });
  expect(body).toBe('{"note":null,"status":"done"}');
});

test("the storefront alone gets the session", async () => {
  answers = [json(200, { items: [] })];
  const client = newClient();
  client.useSession("session-1");
  await client.storefront.listOrders();
  await client.orders.listOrders();
  client.useSession(undefined);
  await client.storefront.listOrders();
  expect(asked.map(({ headers }) => headers["x-session-token"])).toEqual(["session-1", undefined, undefined]);
});

describe("errors of all APIs are of one kind:", () => {
  test("problem details are given as they came", async () => {
    const errors = [{ pointer: "#/title", detail: "must have at most 200 characters" }];
    answers = [
      json(
        412,
        {
          type: "about:blank",
          title: "Precondition Failed",
          status: 412,
          detail: "Changed.",
          requestId: "r",
          errors,
        },
        { ETag: '"7"' },
      ),
    ];
    const error = await newClient()
      .todosV2.deleteTodo({ id: ID, ifMatch: '"1"' })
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      status: 412,
      message: "412 Precondition Failed: Changed.",
      problem: { requestId: "r", errors },
    });
    expect((error as ProblemError).headers.get("etag")).toBe('"7"');
  });

  test.each([
    ["a firewall's page", 403, "text/html", "<html>Forbidden</html>"],
    ["a load balancer's page", 500, "text/html", "<html>"],
    ["JSON of another form", 403, "application/json", '{"message":"Forbidden"}'],
    ["what is cut off", 400, "application/problem+json", '{"type":"about'],
  ])("%s is made one", async (_case, status, type, text) => {
    answers = [(response) => response.writeHead(status, { "Content-Type": type }).end(text)];
    await expect(newClient().orders.getOrder({ id: ID })).rejects.toMatchObject({
      name: "ProblemError",
      problem: {
        type: "about:blank",
        status,
        detail: "The answer is no problem details: it is not the service's own.",
      },
    });
  });

  test("what has not changed", async () => {
    answers = [(response) => response.writeHead(304).end()];
    await expect(newClient().todosV2.getTodo({ id: ID, ifNoneMatch: '"1"' })).rejects.toBeInstanceOf(
      NotModifiedError,
    );
  });

  test("no answer", async () => {
    answers = [(response) => response.destroy()];
    const error = await newClient()
      .orders.cancelOrder({ id: ID })
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConnectionError);
    expect((error as Error).message).toMatch(`${url}/v1/orders/${ID}/cancellation: `);
  });

  test("no answer in time", async () => {
    answers = [() => {}];
    const client = newClient({ timeoutMilliseconds: 50, retry: { attempts: 1 } });
    await expect(client.todosV2.getTodo({ id: ID })).rejects.toThrow(
      new ConnectionError(`${url}/todos/${ID}`, new Error("no answer within 50 ms")),
    );
  });

  test("the caller's own abort is none of them", async () => {
    answers = [() => {}];
    const signal = AbortSignal.timeout(50);
    await expect(newClient().todosV2.getTodo({ id: ID }, { signal })).rejects.toMatchObject({
      name: "TimeoutError",
    });
    expect(asked).toHaveLength(1);
  });
});

describe("a request is sent again", () => {
  const order = { orderInput: { items: [{ productId: "teapot", quantity: 1 }] } };
  const calls: [string, (client: PlatformClient) => Promise<unknown>, number][] = [
    ["a read", (client) => client.todosV2.getTodo({ id: ID }), 3],
    ["a deletion", (client) => client.todosV2.deleteTodo({ id: ID }), 3],
    ["what has a key", (client) => client.orders.placeOrder({ ...order, idempotencyKey: "k" }), 3],
    ["what has no key", (client) => client.orders.placeOrder(order), 1],
    ["a patch", (client) => client.todosV2.changeTodo({ id: ID, todoPatch: {}, ifMatch: '"1"' }), 1],
  ];

  test.each(calls)("while a service is away: %s", async (_case, call, times) => {
    answers = [problem(503), problem(502), json(200, TODO)];
    const error = await call(newClient()).then(
      () => undefined,
      (thrown) => thrown as unknown,
    );
    expect(asked).toHaveLength(times);
    if (times === 1) expect(error).toMatchObject({ status: 503 });
    else expect(error).not.toBeInstanceOf(ProblemError);
  });

  test("when the connection broke", async () => {
    answers = [(response) => response.destroy(), json(200, TODO)];
    expect(await newClient().todosV2.getTodo({ id: ID })).toMatchObject({ title: "Buy milk" });
    expect(asked).toHaveLength(2);
  });

  test("with the same key and body", async () => {
    answers = [problem(504), problem(503)];
    await newClient({ retry: { attempts: 2, firstDelayMilliseconds: 1 } })
      .orders.placeOrder({ ...order, idempotencyKey: "k" })
      .catch(() => {});
    expect(asked.map(({ headers }) => [headers["idempotency-key"], headers["content-length"]])).toEqual([
      ["k", "47"],
      ["k", "47"],
    ]);
  });

  test("so often and no more", async () => {
    answers = [problem(503)];
    await expect(newClient().todosV2.getTodo({ id: ID })).rejects.toMatchObject({ status: 503 });
    expect(asked).toHaveLength(4);
  });

  test.each([400, 404, 409, 500])("but not after %i", async (status) => {
    answers = [problem(status)];
    await expect(newClient().todosV2.getTodo({ id: ID })).rejects.toMatchObject({ status });
    expect(asked).toHaveLength(1);
  });
});

describe("the ID token", () => {
  test("is asked for once and kept", async () => {
    const client = newClient();
    await Promise.all([client.todosV2.getTodo({ id: ID }), client.todosV2.getTodo({ id: ID })]);
    await client.todosV2.getTodo({ id: ID });
    expect(reasons).toEqual(["first"]);
    expect(new Set(asked.map(({ headers }) => headers.authorization))).toEqual(new Set(["Bearer token-1"]));
  });

  test("is asked for anew a minute before it expires", async () => {
    let now = 1_000_000;
    const client = newClient({
      now: () => now * 1000,
      idToken: async (reason) => {
        reasons.push(reason);
        return tokenUntil(now + 3600);
      },
    });
    await client.todosV2.getTodo({ id: ID });
    now += 3539;
    await client.todosV2.getTodo({ id: ID });
    expect(reasons).toEqual(["first"]);
    now += 2;
    await client.todosV2.getTodo({ id: ID });
    expect(reasons).toEqual(["first", "expired"]);
  });

  test("is asked for anew once it is refused, by all requests together, whatever they do", async () => {
    answers = [
      (response, { headers }) =>
        (headers.authorization === "Bearer token-1" ? problem(401) : json(201, TODO))(
          response,
          asked[0] as Asked,
        ),
    ];
    const client = newClient();
    const create = () => client.todosV2.createTodo({ todoInput: { title: "Buy milk" } });
    await Promise.all([create(), create(), create()]);
    expect(reasons).toEqual(["first", "refused"]);
    expect(asked).toHaveLength(6);
  });

  test("that is refused twice is the caller's error", async () => {
    answers = [problem(401)];
    await expect(newClient().todosV2.getTodo({ id: ID })).rejects.toMatchObject({ status: 401 });
    expect(asked).toHaveLength(2);
  });

  test("that cannot be had fails the call as its source does, and is asked for again by the next", async () => {
    let signedIn = false;
    const client = newClient({
      idToken: async () => {
        if (signedIn) return "token";
        throw new Error("sign in again");
      },
    });
    await expect(client.todosV2.getTodo({ id: ID })).rejects.toThrow(new Error("sign in again"));
    expect(asked).toEqual([]);
    signedIn = true;
    await client.todosV2.getTodo({ id: ID });
  });
});

test("there is no API but those of the client", () => {
  const names: ApiName[] = ["todosV1", "todosV2", "catalog", "orders", "storefront", "sessions"];
  const client = newClient();
  expect(names.filter((name) => client[name] === undefined)).toEqual([]);
});
