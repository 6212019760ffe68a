/** Caches are flushed, hang or die: sessions begin anew, products are served all along. */
import { cacheServer, withCache } from "../internal/cache";
import { expectAway, expectLate, kill, timed, unmended, whileHalted } from "../internal/faults";
import { expectProblem } from "../internal/http";
import { serviceClient, until } from "../internal/services";
import {
  beginSession,
  type Customer,
  impatient,
  newCustomer,
  newProduct,
  newSeller,
  type Product,
  type ShownProduct,
} from "../internal/shop";

jest.setTimeout(60_000);

let customer: Customer;
let product: Product;

beforeAll(async () => {
  const [seller, buyer] = await Promise.all([newSeller(), newCustomer()]);
  customer = impatient(buyer);
  product = await newProduct(seller, { name: "Jug" });
});

/** A client of the storefront with another session's token. */
function storefront(token: string) {
  return serviceClient("storefront", {
    Authorization: `Bearer ${customer.idToken}`,
    "X-Session-Token": token,
  });
}

function show(token = customer.sessionToken) {
  return timed(storefront(token)<ShownProduct>("GET", `/v1/products/${product.id}`));
}

/** Begins a session, once that can be done. */
function beginAtLast(): Promise<string> {
  return until("a session", 30, () => beginSession(customer.sessions).catch(() => undefined));
}

/** Waits until the cache of product views is read from again. */
function hitAtLast(): Promise<true> {
  return until("a hit", 30, async () => (await show()).headers.get("cache-status") === "storefront; hit");
}

describe("control 42: products are served", () => {
  beforeEach(hitAtLast);

  test("when the cache has been flushed", async () => {
    await withCache("storefront", (cache) => cache.flushall());
    const { status, body, headers } = await show();
    expect([status, body.name, headers.get("cache-status")]).toEqual([200, "Jug", "storefront; fwd=miss"]);
  });

  test("while the cache hangs, in no more than its time for one command", async () => {
    await whileHalted([cacheServer("storefront").pid], async () => {
      for (let count = 0; count < 8; count++) {
        const { status, body, headers } = await show();
        expect([status, body.name, headers.get("cache-status")]).toEqual([
          200,
          "Jug",
          "storefront; fwd=miss",
        ]);
      }
    });
    await hitAtLast();
  });

  test("while the cache is gone, and from it again when it is back", async () => {
    kill(cacheServer("storefront").pid);
    const first = await show();
    expect(first.headers.get("cache-status")).toBe("storefront; fwd=miss");
    for (const { status, body } of [first, await show(), await show(), await show()]) {
      expect([status, body.name]).toEqual([200, "Jug"]);
    }
    await hitAtLast();
  });
});

describe("when the cache of the sessions", () => {
  afterEach(async () => {
    customer = { ...customer, sessionToken: await beginAtLast() };
  });

  test("has been flushed, sessions are over; users sign in anew and are served", async () => {
    expect((await show()).status).toBe(200);
    await withCache("sessions", (cache) => cache.flushall());
    expectProblem(await show(), 401);
    expectProblem(
      await customer.sessions("GET", "/sessions/current", {
        headers: { "X-Session-Token": customer.sessionToken },
      }),
      404,
    );
    expect((await show(await beginSession(customer.sessions))).status).toBe(200);
  });

  /** Every operation, asked at once. */
  const askAll = () => {
    const { sessions, sessionToken } = customer;
    const headers = { "X-Session-Token": sessionToken };
    return Promise.all([
      timed(sessions("POST", "/sessions")),
      timed(sessions("GET", "/sessions/current", { headers })),
      timed(sessions("POST", "/sessions/current/refresh", { headers })),
      timed(sessions("DELETE", "/sessions")),
    ]);
  };

  test("control 12: hangs, sessions are answered 503 in time, and nobody is let in", async () => {
    await whileHalted([cacheServer("sessions").pid], async () => {
      const [answers, shown, garbage] = await Promise.all([askAll(), show(), show("garbage")]);
      for (const answer of answers) expectAway(answer);
      expectLate(shown);
      // No token at all: that needs no asking.
      expect(garbage.status).toBe(401);
    });
    expect((await show(await beginAtLast())).status).toBe(200);
  });

  test("is gone, sessions are answered 503 in time, and begin again when it is back", async () => {
    await unmended(async () => {
      kill(cacheServer("sessions").pid);
      for (const answer of await askAll()) expectAway(answer);
    });
    expect((await show(await beginAtLast())).status).toBe(200);
  });
});
