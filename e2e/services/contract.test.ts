import { setTimeout as sleep } from "node:timers/promises";
import { restoreAllowance } from "../internal/cache";
import { Fuzzer } from "../internal/fuzz";
import { type Answer, expectProblem } from "../internal/http";
import { signedBy } from "../internal/roles";
import {
  type Ask,
  contractOf,
  type ServiceName,
  serviceClient,
  serviceUrl,
  until,
} from "../internal/services";
import {
  beginSession,
  type Customer,
  newCustomer,
  newProduct,
  newSeller,
  type Order,
  orderOf,
  type Product,
  withKey,
} from "../internal/shop";

/** Statuses that no test brings about here: they need a firewall, or something that is down or busy. */
const OUT_OF_REACH = [403, 429, 500, 502, 503, 504];
const NO_ID = "01890a5d-ac96-774b-bcce-b302099a8057";

let seller: Customer;
let customer: Customer;
let product: Product;

beforeAll(async () => {
  [seller, customer] = await Promise.all([newSeller(), newCustomer()]);
  // Orders take of it.
  product = await newProduct(seller, { available: 1_000_000 });
});

/** Knows which statuses of a service's operations have been seen. That each is as the contract says, the clients see to. */
class Witness {
  private readonly seen = new Set<string>();

  constructor(private readonly service: ServiceName) {}

  /** @param operation its id */
  async see<Body>(operation: string, asked: Promise<Answer<Body>>): Promise<Answer<Body>> {
    const answer = await asked;
    this.seen.add(`${operation} ${answer.status}`);
    return answer;
  }

  /** Statuses of the contract that were not seen, but for those that cannot be had. @param others of these */
  unseen(...others: string[]): string[] {
    return contractOf(this.service)
      .documented()
      .filter((name) => !OUT_OF_REACH.includes(Number(name.split(" ")[1])))
      .filter((name) => !this.seen.has(name) && !others.includes(name));
  }
}

const large = { ...orderOf({}), note: "x".repeat(65 * 1024) };
const text = { body: '{"a":1}', headers: { "Content-Type": "text/plain", ...withKey() } };

describe("control 18: over a run that brings about every status, each answer is what the contract says", () => {
  test("of the catalog", async () => {
    const witness = new Witness("catalog");
    const list = "listProducts";
    const get = "getProduct";
    const put = "putProduct";
    const stranger = serviceClient("catalog");
    const { catalog } = seller;
    const path = `/v1/products/${product.id}`;
    const input = { name: "Teapot", priceCents: 1, currency: "EUR", available: 1_000_000 };
    const write = (ask: Ask, headers = {}, body: unknown = input, to = path) =>
      witness.see(put, ask("PUT", to, { headers, body }));

    const page = await witness.see(list, catalog("GET", "/v1/products?limit=1"));
    await witness.see(list, catalog("GET", `/v1/products?ids=${product.id},no-such`));
    const IfNoneMatch = { "If-None-Match": page.headers.get("etag") ?? "" };
    await witness.see(list, catalog("GET", "/v1/products?limit=1", { headers: IfNoneMatch }));
    await witness.see(list, catalog("GET", "/v1/products?limit=0"));
    await witness.see(list, stranger("GET", "/v1/products"));

    await witness.see(get, catalog("GET", path));
    await witness.see(get, catalog("GET", path, { headers: { "If-None-Match": "*" } }));
    await witness.see(get, catalog("GET", path, { headers: { "If-None-Match": "x".repeat(1025) } }));
    await witness.see(get, catalog("GET", "/v1/products/no-such"));
    await witness.see(get, stranger("GET", path));

    await write(catalog, { "If-None-Match": "*" }, input, `${path}-2`);
    await write(catalog, { "If-Match": '"1"' });
    await write(catalog, { "If-Match": '"1"' });
    await write(catalog, {});
    await write(catalog, { "If-Match": "*" }, { ...input, priceCents: -1 });
    await write(catalog, { "If-Match": "*" }, large);
    await write(catalog, { "If-Match": "*" }, input, "/v1/products/no-such");
    await witness.see(put, catalog("PUT", path, text));
    await write(customer.catalog, { "If-Match": "*" });
    await write(stranger);
    expect(witness.unseen()).toEqual([]);
  });

  test("of the orders", async () => {
    const witness = new Witness("orders");
    const list = "listOrders";
    const place = "placeOrder";
    const get = "getOrder";
    const cancel = "cancelOrder";
    const stranger = serviceClient("orders");
    const { orders } = customer;
    const body = orderOf({ [product.id]: 1 });

    const headers = withKey();
    const first = await witness.see(place, orders<Order>("POST", "/v1/orders", { headers, body }));
    await witness.see(place, orders("POST", "/v1/orders", { headers, body }));
    await witness.see(place, orders("POST", "/v1/orders", { headers, body: orderOf({ [product.id]: 2 }) }));
    await witness.see(
      place,
      orders("POST", "/v1/orders", { headers: withKey(), body: orderOf({ "no-such": 1 }) }),
    );
    await witness.see(place, orders("POST", "/v1/orders", { headers: withKey(), body: {} }));
    await witness.see(place, orders("POST", "/v1/orders", { body }));
    await witness.see(place, orders("POST", "/v1/orders", { headers: withKey(), body: large }));
    await witness.see(place, orders("POST", "/v1/orders", text));
    await witness.see(place, stranger("POST", "/v1/orders", { headers, body }));

    await witness.see(list, orders("GET", "/v1/orders?limit=1"));
    await witness.see(list, orders("GET", "/v1/orders?limit=51"));
    await witness.see(list, stranger("GET", "/v1/orders"));

    const path = `/v1/orders/${first.body.id}`;
    await witness.see(get, orders("GET", path));
    await witness.see(get, orders("GET", path, { headers: { "If-None-Match": '"1"' } }));
    await witness.see(get, orders("GET", path, { headers: { "If-None-Match": "x".repeat(1025) } }));
    await witness.see(get, orders("GET", `/v1/orders/${NO_ID}`));
    await witness.see(get, stranger("GET", path));

    const cancellation = `${path}/cancellation`;
    await witness.see(cancel, orders("POST", cancellation, { headers: { "If-Match": '"9"' } }));
    await witness.see(cancel, orders("POST", cancellation, { headers: { "If-Match": "x".repeat(1025) } }));
    await witness.see(cancel, orders("POST", cancellation));
    await witness.see(cancel, orders("POST", `/v1/orders/${NO_ID}/cancellation`));
    await witness.see(cancel, stranger("POST", cancellation));
    expect(witness.unseen()).toEqual([]);
  });

  test("of the storefront", async () => {
    const witness = new Witness("storefront");
    const list = "listProducts";
    const get = "getProduct";
    const orders = "listOrders";
    const place = "placeOrder";
    const { storefront } = customer;
    const stranger = serviceClient("storefront");
    const body = orderOf({ [product.id]: 1 });
    const ordering = (options: Parameters<Ask>[2]) =>
      witness.see(place, storefront("POST", "/v1/orders", options));

    await witness.see(list, storefront("GET", "/v1/products?limit=1"));
    await witness.see(list, storefront("GET", "/v1/products?limit=0"));
    await witness.see(list, storefront("GET", "/v1/products?pageToken=none"));
    await witness.see(list, stranger("GET", "/v1/products"));

    await witness.see(get, storefront("GET", `/v1/products/${product.id}`));
    await witness.see(
      get,
      storefront("GET", `/v1/products/${product.id}`, { headers: { "Cache-Control": "x".repeat(257) } }),
    );
    await witness.see(get, storefront("GET", "/v1/products/no-such"));
    await witness.see(get, stranger("GET", "/v1/products/no-such"));

    const headers = withKey();
    await ordering({ headers, body });
    await ordering({ headers, body });
    await ordering({ headers, body: orderOf({ [product.id]: 2 }) });
    await ordering({ headers: withKey(), body: orderOf({ [product.id]: 999 }) });
    await ordering({ headers: withKey(), body: orderOf({ "no-such": 1 }) });
    await ordering({ headers: withKey(), body: {} });
    await ordering({ body });
    await ordering({ headers: withKey(), body: large });
    await ordering(text);
    await witness.see(place, stranger("POST", "/v1/orders", { headers, body }));

    await witness.see(orders, storefront("GET", "/v1/orders"));
    await witness.see(orders, storefront("GET", "/v1/orders?limit=21"));
    await witness.see(orders, stranger("GET", "/v1/orders"));

    const history = "listOrderHistory";
    const past = "getOrderHistory";
    await witness.see(history, storefront("GET", "/v1/order-history"));
    await witness.see(history, storefront("GET", "/v1/order-history?limit=0"));
    await witness.see(history, stranger("GET", "/v1/order-history"));
    const placed = await ordering({ headers: withKey(), body });
    const path = `/v1/order-history/${(placed.body as Order).id}`;
    await until("the order in the view", 30, async () => {
      const { status } = await witness.see(past, storefront("GET", path));
      return status === 200;
    });
    await witness.see(
      past,
      storefront("GET", `/v1/order-history/${NO_ID}`, { headers: { "Cache-Control": "x".repeat(257) } }),
    );
    await witness.see(past, storefront("GET", `/v1/order-history/${NO_ID}`));
    await witness.see(past, stranger("GET", `/v1/order-history/${NO_ID}`));
    // Where there is no history at all.
    expect(witness.unseen(`${history} 404`)).toEqual([]);
  });

  test("of the sessions", async () => {
    const witness = new Witness("sessions");
    const create = "createSession";
    const get = "getSession";
    const refresh = "refreshSession";
    const revoke = "revokeSession";
    const revokeAll = "revokeSessions";
    const check = "checkSession";
    const { sessions } = await newCustomer();
    const stranger = serviceClient("sessions");
    const of = (token: string) => ({ headers: { "X-Session-Token": token } });
    const token = await beginSession(sessions);

    await witness.see(create, sessions("POST", "/sessions"));
    await witness.see(create, stranger("POST", "/sessions"));
    await witness.see(get, sessions("GET", "/sessions/current", of(token)));
    await witness.see(get, sessions("GET", "/sessions/current", of("none")));
    await witness.see(get, sessions("GET", "/sessions/current"));
    await witness.see(get, sessions("GET", "/sessions/current", of("x".repeat(201))));
    await witness.see(get, stranger("GET", "/sessions/current", of(token)));

    const asService = async (body: unknown, headers = {}) => {
      const answer = await witness.see(
        check,
        signedBy("storefront", "POST", "/session-checks", body, headers),
      );
      expect(contractOf("sessions").violationsAt("POST", "/session-checks", answer)).toEqual([]);
    };
    await asService({ token });
    await asService({ token: "none" });
    await asService({});
    await asService({ token: "x".repeat(5000) });
    await asService({ token }, { "content-type": "text/plain" });

    await witness.see(refresh, sessions("POST", "/sessions/current/refresh", of(token)));
    await witness.see(refresh, sessions("POST", "/sessions/current/refresh", of("none")));
    await witness.see(refresh, sessions("POST", "/sessions/current/refresh"));
    await witness.see(refresh, stranger("POST", "/sessions/current/refresh", of(token)));
    await witness.see(revoke, sessions("DELETE", "/sessions/current", of(token)));
    await witness.see(revoke, sessions("DELETE", "/sessions/current", of(token)));
    await witness.see(revoke, sessions("DELETE", "/sessions/current"));
    await witness.see(revoke, stranger("DELETE", "/sessions/current", of(token)));
    await witness.see(revokeAll, sessions("DELETE", "/sessions"));
    await witness.see(revokeAll, stranger("DELETE", "/sessions"));
    // Of credentials that have expired.
    expect(witness.unseen("checkSession 401")).toEqual([]);
  });
});

describe("control 18: some hundred made-up requests, right and wrong ones, bring about nothing else", () => {
  /** A machine that does much else is slower than the services' limits; that they keep to them is tested in e2e/faults. */
  const MAY_BE_BUSY =
    '[checks.not_a_server_error]\nexpected-statuses = ["2xx", "3xx", "4xx", "503", "504"]\n';
  let fuzzer: Fuzzer;

  beforeAll(async () => {
    fuzzer = await Fuzzer.prepare();
  }, 120_000);

  afterAll(() => fuzzer.remove());

  async function fuzz(
    service: ServiceName,
    user: Customer,
    settings: string,
    operations: readonly string[] = [],
    phases: readonly string[] = ["coverage", "fuzzing"],
  ): Promise<number> {
    const { code, output, requests } = await fuzzer.run({
      operations,
      phases,
      mostExamples: 5,
      settings: settings + MAY_BE_BUSY,
      document: `api/${service}/v1.yaml`,
      url: serviceUrl(service),
      headers: {
        Authorization: `Bearer ${user.idToken}`,
        ...(service === "storefront" && { "X-Session-Token": user.sessionToken }),
      },
    });
    expect({ code, ...(code !== 0 && { output }) }).toEqual({ code: 0 });
    return requests;
  }

  test("in the catalog", async () => {
    const { id } = await newProduct(seller);
    const settings = `[parameters]\n"path.id" = "${id}"\n"header.If-Match" = "*"\n`;
    expect(await fuzz("catalog", seller, settings, ["getProduct", "putProduct"])).toBeGreaterThan(100);
    // By chance alone: to make up the edges of a list of a hundred ids takes a quarter of a minute.
    await fuzz("catalog", seller, "", ["listProducts"], ["fuzzing"]);
    const fresh = { "Cache-Control": "max-age=0" };
    const { body } = await seller.catalog<Product>("GET", `/v1/products/${id}`, { headers: fresh });
    // It was replaced, more than once, by what the fuzzer made up.
    expect(body.version).toBeGreaterThan(2);
  }, 120_000);

  test("in the orders", async () => {
    const { body } = await customer.orders<Order>("POST", "/v1/orders", {
      headers: withKey(),
      body: orderOf({ [product.id]: 1 }),
    });
    const settings = `[parameters]\n"path.id" = "${body.id}"\n`;
    expect(await fuzz("orders", customer, settings)).toBeGreaterThan(80);
    expect((await customer.orders<Order>("GET", `/v1/orders/${body.id}`)).body.status).toBe("cancelled");
  }, 120_000);

  test("in the storefront", async () => {
    const settings = `[parameters]\n"path.id" = "${product.id}"\n`;
    expect(await fuzz("storefront", customer, settings)).toBeGreaterThan(100);
  }, 120_000);

  test("in the sessions", async () => {
    const user = await newCustomer();
    let fuzzing = true;
    // The limit for each user is right, and tested by itself; here it would answer for everything else.
    const restoring = (async () => {
      while (fuzzing) {
        await restoreAllowance(user.sessionToken);
        await sleep(100);
      }
    })();
    const token = await beginSession(user.sessions);
    const settings = `[parameters]\n"header.X-Session-Token" = "${token}"\n`;
    // Checks are signed, which the fuzzer cannot do.
    const operations = ["createSession", "getSession", "refreshSession", "revokeSession", "revokeSessions"];
    try {
      expect(await fuzz("sessions", user, settings, operations)).toBeGreaterThan(20);
    } finally {
      fuzzing = false;
      await restoring;
    }
    expectProblem(
      await user.sessions("GET", "/sessions/current", { headers: { "X-Session-Token": token } }),
      404,
    );
  }, 120_000);
});
