import { generateKeyPairSync } from "node:crypto";
import { withForeignToken } from "../internal/foreign-pool";
import { type Answer, expectProblem } from "../internal/http";
import { forged, tampered, unsigned } from "../internal/jwt";
import { type Ask, type ServiceName, serviceClient } from "../internal/services";
import {
  beginSession,
  type Customer,
  newCustomer,
  newProduct,
  newSeller,
  type Order,
  orderOf,
  withKey,
} from "../internal/shop";

const NO_ID = "01890a5d-ac96-774b-bcce-b302099a8057";
/** Every operation that asks who the user is. */
const OPERATIONS = [
  ["catalog", "GET", "/v1/products"],
  ["catalog", "GET", "/v1/products/teapot"],
  ["catalog", "PUT", "/v1/products/teapot"],
  ["orders", "GET", "/v1/orders"],
  ["orders", "POST", "/v1/orders"],
  ["orders", "GET", `/v1/orders/${NO_ID}`],
  ["orders", "POST", `/v1/orders/${NO_ID}/cancellation`],
  ["storefront", "GET", "/v1/products"],
  ["storefront", "GET", "/v1/products/teapot"],
  ["storefront", "GET", "/v1/orders"],
  ["storefront", "GET", "/v1/order-history"],
  ["storefront", "POST", "/v1/orders"],
  ["sessions", "POST", "/sessions"],
  ["sessions", "DELETE", "/sessions"],
  ["sessions", "GET", "/sessions/current"],
  ["sessions", "DELETE", "/sessions/current"],
  ["sessions", "POST", "/sessions/current/refresh"],
] as const;
const SERVICES = ["catalog", "orders", "storefront", "sessions"] as const;

let ann: Customer;
let bob: Customer;
let seller: Customer;

beforeAll(async () => {
  [ann, bob, seller] = await Promise.all([newCustomer(), newCustomer(), newSeller()]);
});

/** Asks one operation, otherwise as it should be. */
function attempt(
  [service, method, path]: readonly [ServiceName, string, string],
  token: string | undefined,
): Promise<Answer<unknown>> {
  const headers = {
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    "X-Session-Token": ann.sessionToken,
    ...withKey(),
  };
  const body = method === "PUT" || path === "/v1/orders" ? orderOf({ teapot: 1 }) : undefined;
  const hasBody = body !== undefined && method !== "GET";
  return serviceClient(service, headers)(method, path, hasBody ? { body } : {});
}

/** The first operation of a service: what is told of tokens, one place tells. */
function firstOf(service: ServiceName) {
  const operation = OPERATIONS.find(([name]) => name === service);
  if (!operation) throw new Error(`${service} has no operation`);
  return operation;
}

describe("control 16: a user without a good ID token is refused", () => {
  test.each(OPERATIONS)("%s %s %s without any", async (...operation) => {
    const answer = await attempt(operation, undefined);
    expectProblem(answer, 401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  });

  const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const hourAgo = () => Math.floor(Date.now() / 1000) - 3600;
  const tokens: readonly (readonly [string, () => string])[] = [
    ["no JWT", () => "garbage"],
    ["three parts of nothing", () => ".."],
    ["parts that are no JSON", () => "a.b.c"],
    ["a token cut short", () => ann.idToken.slice(0, -8)],
    ["another subject below the same signature", () => tampered(ann.idToken, { sub: bob.sub })],
    [
      "a group more below the same signature",
      () => tampered(ann.idToken, { "cognito:groups": ["catalog-admin"] }),
    ],
    ["a stranger's signature", () => forged(ann.idToken, {}, stranger)],
    ["a stranger's signature, and long expired", () => forged(ann.idToken, { exp: hourAgo() }, stranger)],
    ["no signature, as `alg: none` asks for", () => unsigned(ann.idToken)],
    ["the access token", () => ann.accessToken],
    ["the refresh token", () => ann.refreshToken],
  ];

  test.each(tokens)("by every service: %s", async (_case, token) => {
    for (const service of SERVICES) {
      const answer = await attempt(firstOf(service), token());
      expectProblem(answer, 401);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
    }
  });

  test("by every service: a good token of another user pool", async () => {
    await withForeignToken(async (idToken) => {
      for (const service of SERVICES) expectProblem(await attempt(firstOf(service), idToken), 401);
    });
  });

  test("a token as anything else than a bearer's is none", async () => {
    for (const Authorization of [ann.idToken, `Basic ${ann.idToken}`, `Bearer: ${ann.idToken}`]) {
      expectProblem(await serviceClient("catalog", { Authorization })("GET", "/v1/products"), 401);
    }
  });
});

describe("control 16: the storefront refuses a user without a good session", () => {
  const ask = (token: string | undefined): Promise<Answer<unknown>> => {
    const session = token === undefined ? {} : { "X-Session-Token": token };
    const headers = { Authorization: `Bearer ${ann.idToken}`, ...session };
    return serviceClient("storefront", headers)("GET", "/v1/orders");
  };

  test.each<[string, () => string | undefined | Promise<string>]>([
    ["none", () => undefined],
    ["an empty one", () => ""],
    ["garbage", () => "garbage"],
    ["one that is too long", () => "x".repeat(5000)],
    ["the ID token in its place", () => ann.idToken],
    ["one that was made up in the right form", () => ann.sessionToken.replace(/[^.]+$/, "A".repeat(43))],
    [
      "an unknown session of the same user",
      () => ann.sessionToken.replace(/\.[^.]+\./, `.${"A".repeat(22)}.`),
    ],
    ["another user's", () => bob.sessionToken],
  ])("%s", async (_case, token) => {
    expectProblem(await ask(await token()), 401);
  });

  test("and takes the user's own", async () => {
    expect((await ask(ann.sessionToken)).status).toBe(200);
    expect((await ask(await beginSession(ann.sessions))).status).toBe(200);
  });
});

describe("control 16: whose session a token is, is told to nobody who has not signed for it", () => {
  const check = (headers = {}) =>
    serviceClient("sessions", headers)("POST", "/session-checks", { body: { token: ann.sessionToken } });

  test("a request without a signature finds no such route", async () => {
    expectProblem(await check(), 404);
  });

  test("an ID token is no signature", async () => {
    const { status, text } = await check({ Authorization: `Bearer ${ann.idToken}` });
    expect([400, 403]).toContain(status);
    expect(text).not.toContain(ann.sub);
  });

  test("a signature of nobody is none", async () => {
    const scope = "AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/execute-api/aws4_request";
    const { status, text } = await check({
      "X-Amz-Date": "20260101T000000Z",
      Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
    });
    expect(status).toBe(403);
    expect(text).not.toContain(ann.sub);
  });
});

describe("control 17: another user's order", () => {
  let order: Order;

  beforeAll(async () => {
    const product = await newProduct(seller);
    const placed = await ann.storefront<Order>("POST", "/v1/orders", {
      headers: withKey(`ann-${ann.sub}`),
      body: orderOf({ [product.id]: 1 }),
    });
    expect(placed.status).toBe(201);
    order = placed.body;
  });

  test.each([
    ["is not read", "GET", ""],
    ["is not cancelled", "POST", "/cancellation"],
  ])("%s: 404, as of one that is not there", async (_case, method, path) => {
    const { requestId: _, ...problem } = expectProblem(
      await bob.orders(method, `/v1/orders/${order.id}${path}`, { headers: { "If-Match": "*" } }),
      404,
    );
    const { requestId: __, ...nothing } = expectProblem(
      await bob.orders(method, `/v1/orders/${NO_ID}${path}`, { headers: { "If-Match": "*" } }),
      404,
    );
    expect(problem).toEqual(nothing);
    const own = await ann.orders<Order>("GET", `/v1/orders/${order.id}`);
    expect(own.body).toEqual(order);
  });

  test("is in nobody else's list, by either way", async () => {
    for (const list of [bob.orders, bob.storefront, seller.orders, seller.storefront]) {
      expect((await list("GET", "/v1/orders?limit=20")).body).toMatchObject({ items: [] });
    }
  });

  test("is not found by its page token", async () => {
    const product = await newProduct(seller);
    for (let count = 0; count < 2; count++) {
      await ann.orders("POST", "/v1/orders", { headers: withKey(), body: orderOf({ [product.id]: 1 }) });
    }
    const page = await ann.orders<{ nextPageToken: string }>("GET", "/v1/orders?limit=1");
    const { nextPageToken } = page.body;
    expect(nextPageToken).toEqual(expect.any(String));
    const query = new URLSearchParams({ pageToken: nextPageToken });
    for (const list of [bob.orders, bob.storefront]) {
      const { errors } = expectProblem(await list("GET", `/v1/orders?${query}`), 400);
      expect(errors).toEqual([{ parameter: "pageToken", detail: expect.any(String) }]);
    }
  });

  test("is not given out under its Idempotency-Key: the key is its user's alone", async () => {
    const body = orderOf(Object.fromEntries(order.items.map(({ productId }) => [productId, 1])));
    const { status, body: placed } = await bob.storefront<Order>("POST", "/v1/orders", {
      headers: withKey(`ann-${ann.sub}`),
      body,
    });
    expect(status).toBe(201);
    expect(placed.id).not.toBe(order.id);
  });
});

describe("control 17: products are written by their administrators alone", () => {
  const input = { name: "Mine", priceCents: 1, currency: "EUR", available: 1 };
  const put = (ask: Ask, id: string) =>
    ask("PUT", `/v1/products/${id}`, { headers: { "If-Match": "*" }, body: input });

  test("another user neither changes nor adds one", async () => {
    const product = await newProduct(seller);
    expectProblem(await put(ann.catalog, product.id), 403);
    const added = await ann.catalog("PUT", `/v1/products/${product.id}-2`, {
      headers: { "If-None-Match": "*" },
      body: input,
    });
    expectProblem(added, 403);
    expect((await ann.catalog("GET", `/v1/products/${product.id}`)).body).toEqual(product);
    expectProblem(await ann.catalog("GET", `/v1/products/${product.id}-2`), 404);
  });

  test("there is no way round through the storefront", async () => {
    const product = await newProduct(seller);
    expectProblem(await put(seller.storefront, product.id), 404);
  });
});
