import { randomUUID } from "node:crypto";
import { queryOrders } from "../internal/database";
import { type Answer, expectProblem } from "../internal/http";
import {
  type Customer,
  newCustomer,
  newProduct,
  newSeller,
  type Order,
  orderOf,
  type Product,
  withKey,
} from "../internal/shop";

let seller: Customer;
let customer: Customer;
/** Of which there are no orders before a test. */
let product: Product;

beforeAll(async () => {
  [seller, customer] = await Promise.all([newSeller(), newCustomer()]);
});

beforeEach(async () => {
  product = await newProduct(seller);
});

function times<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

/** How many orders of a product there are in PostgreSQL, and how many keys stand for them. */
async function countsOf({ id }: Product) {
  const [row] = await queryOrders<{ orders: number; keys: number }>(
    `SELECT count(DISTINCT orders.id)::int AS orders, count(DISTINCT key_hash)::int AS keys
       FROM order_items JOIN orders ON orders.id = order_items.order_id
       LEFT JOIN idempotency_keys ON idempotency_keys.order_id = orders.id
      WHERE product_id = $1`,
    [id],
  );
  return row;
}

describe("control 9: an Idempotency-Key", () => {
  test.each(["orders", "storefront"] as const)(
    "of 50 requests at once to %s under one key one places the order; all are answered alike",
    async (service) => {
      const headers = withKey();
      const answers = await times(50, () =>
        customer[service]<Order>("POST", "/v1/orders", { headers, body: orderOf({ [product.id]: 3 }) }),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(201));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      const first = answers.filter(({ headers: given }) => !given.has("idempotency-replayed"));
      // None, when its answer was lost on a busy machine.
      expect(first.length).toBeLessThanOrEqual(1);
      expect(await countsOf(product)).toEqual({ orders: 1, keys: 1 });
    },
  );

  test("of requests at once with different bodies under one key one is placed, the others are refused", async () => {
    const headers = withKey();
    const answers = await times(20, (index) =>
      customer.orders<Order>("POST", "/v1/orders", { headers, body: orderOf({ [product.id]: index + 1 }) }),
    );
    const placed = answers.filter(({ status }) => status === 201);
    expect(placed).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) expectProblem(answer, 422);
    expect(await countsOf(product)).toEqual({ orders: 1, keys: 1 });
  });

  test("20 keys at once place 20 orders, each once though each is sent three times", async () => {
    const keys = Array.from({ length: 20 }, () => randomUUID());
    const answers = await times(60, (index) =>
      customer.orders<Order>("POST", "/v1/orders", {
        headers: withKey(keys[index % keys.length]),
        body: orderOf({ [product.id]: 1 }),
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(60).fill(201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(20);
    expect(await countsOf(product)).toEqual({ orders: 20, keys: 20 });
  });

  test("a repetition is answered as the order is now, whatever has become of the product", async () => {
    const rare = await newProduct(seller, { available: 1 });
    const headers = withKey();
    const place = () =>
      customer.storefront<Order>("POST", "/v1/orders", { headers, body: orderOf({ [rare.id]: 1 }) });
    const first = await place();
    expect(first.status).toBe(201);
    await seller.catalog("PUT", `/v1/products/${rare.id}`, {
      headers: { "If-Match": "*" },
      body: { name: "Sold out", priceCents: 1, currency: "EUR", available: 0 },
    });
    const again = await place();
    expect(again.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    await customer.orders("POST", `/v1/orders/${first.body.id}/cancellation`);
    expect((await place()).body).toMatchObject({ id: first.body.id, status: "cancelled" });
  });

  test.each([
    ["missing", {}, 428],
    ["too long", withKey("k".repeat(256)), 400],
    ["with a space", withKey("a b"), 400],
  ])("that is %s is refused", async (_case, headers, status) => {
    const body = orderOf({ [product.id]: 1 });
    for (const ask of [customer.orders, customer.storefront]) {
      expectProblem(await ask("POST", "/v1/orders", { headers, body }), status);
    }
    expect(await countsOf(product)).toEqual({ orders: 0, keys: 0 });
  });
});

describe("control 10: a conditional write of a product", () => {
  const put = (id: string, name: string, headers: Record<string, string>): Promise<Answer<Product>> =>
    seller.catalog("PUT", `/v1/products/${id}`, {
      headers,
      body: { name, priceCents: 1, currency: "EUR", available: 1 },
    });

  test("of ten at once with the same ETag exactly one wins, and nothing of the others is kept", async () => {
    const { id } = await newProduct(seller);
    const answers = await times(10, (index) => put(id, `by ${index}`, { "If-Match": '"1"' }));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
    for (const answer of answers.filter(({ status }) => status === 412)) {
      expectProblem(answer, 412);
      expect(answer.headers.get("etag")).toBe('"2"');
    }
    const fresh = { "Cache-Control": "max-age=0" };
    const { body } = await seller.catalog<Product>("GET", `/v1/products/${id}`, { headers: fresh });
    expect(body).toEqual(answers.find(({ status }) => status === 200)?.body);
  });

  test("of ten at once that add the same product exactly one does", async () => {
    const id = `test-${randomUUID()}`;
    const answers = await times(10, (index) => put(id, `by ${index}`, { "If-None-Match": "*" }));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(412)]);
  });

  test("five at once, each read again and repeated after a conflict, are all done", async () => {
    const { id } = await newProduct(seller, { name: "n" });
    await times(5, async (index) => {
      for (;;) {
        const read = await seller.catalog<Product>("GET", `/v1/products/${id}`, {
          headers: { "Cache-Control": "max-age=0" },
        });
        const etag = read.headers.get("etag") ?? "";
        const { status } = await put(id, `${read.body.name}${index}`, { "If-Match": etag });
        if (status === 200) return;
        expect(status).toBe(412);
      }
    });
    const { body } = await seller.catalog<Product>("GET", `/v1/products/${id}`, {
      headers: { "Cache-Control": "max-age=0" },
    });
    expect([...body.name.slice(1)].sort().join("")).toBe("01234");
    expect(body.version).toBe(6);
  });

  test("without If-Match is refused: 428", async () => {
    const { id } = await newProduct(seller);
    expectProblem(await put(id, "Changed", {}), 428);
  });

  test("of an order that has changed since is refused: 412", async () => {
    const { body } = await customer.orders<Order>("POST", "/v1/orders", {
      headers: withKey(),
      body: orderOf({ [product.id]: 1 }),
    });
    const cancel = (tag: string) =>
      customer.orders<Order>("POST", `/v1/orders/${body.id}/cancellation`, { headers: { "If-Match": tag } });
    const stale = await cancel('"7"');
    expectProblem(stale, 412);
    expect(stale.headers.get("etag")).toBe('"1"');
    const answers = await times(5, () => cancel('"1"'));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ status: "cancelled", version: 2 });
  });
});
