import { queryOrders } from "../internal/database";
import { expectProblem } from "../internal/http";
import {
  type Customer,
  newCustomer,
  newProduct,
  newSeller,
  type Order,
  type OrderPage,
  orderOf,
  type Product,
  type ShownPage,
  type ShownProduct,
  withKey,
} from "../internal/shop";

let seller: Customer;
let customer: Customer;

beforeAll(async () => {
  [seller, customer] = await Promise.all([newSeller(), newCustomer()]);
});

interface OrderRow {
  readonly principal: string;
  readonly status: string;
  readonly currency: string;
  readonly total_cents: string;
  readonly product_id: string;
  readonly name: string;
  readonly quantity: number;
  readonly unit_price_cents: string;
}

/** The items of an order with what the order itself says, as PostgreSQL has them. */
function rowsOf(id: string): Promise<OrderRow[]> {
  return queryOrders<OrderRow>(
    `SELECT principal, status, currency, total_cents, product_id, name, quantity, unit_price_cents
       FROM orders JOIN order_items ON order_id = id WHERE id = $1 ORDER BY position`,
    [id],
  );
}

test("a customer with a session sees a product, orders it, and finds the order with its name of today", async () => {
  const teapot = await newProduct(seller, { name: "Blue teapot", priceCents: 3900, available: 5 });
  const cup = await newProduct(seller, { name: "White cup", priceCents: 650 });
  const seen = await customer.storefront<ShownProduct>("GET", `/v1/products/${teapot.id}`);
  expect(seen.status).toBe(200);
  expect(seen.body).toEqual({
    ...{
      id: teapot.id,
      name: "Blue teapot",
      description: "",
      priceCents: 3900,
      currency: "EUR",
      available: 5,
    },
  });

  const placed = await customer.storefront<Order>("POST", "/v1/orders", {
    headers: withKey(),
    body: orderOf({ [teapot.id]: 1, [cup.id]: 4 }),
  });
  expect(placed.status).toBe(201);
  const items = [
    { productId: teapot.id, name: "Blue teapot", quantity: 1, unitPriceCents: 3900 },
    { productId: cup.id, name: "White cup", quantity: 4, unitPriceCents: 650 },
  ];
  expect(placed.body).toMatchObject({ status: "placed", totalCents: 6500, currency: "EUR", items });

  const common = { principal: customer.sub, status: "placed", currency: "EUR", total_cents: "6500" };
  expect(await rowsOf(placed.body.id)).toEqual([
    { ...common, product_id: teapot.id, name: "Blue teapot", quantity: 1, unit_price_cents: "3900" },
    { ...common, product_id: cup.id, name: "White cup", quantity: 4, unit_price_cents: "650" },
  ]);

  // Renamed since: the list has both names.
  await seller.catalog("PUT", `/v1/products/${cup.id}`, {
    headers: { "If-Match": "*" },
    body: { name: "Ivory cup", priceCents: 700, currency: "EUR", available: 1000 },
  });
  const listed = await customer.storefront<OrderPage>("GET", "/v1/orders", {
    headers: { "Cache-Control": "max-age=0" },
  });
  expect(listed.status).toBe(200);
  expect(listed.body).toEqual({
    namesMissing: false,
    items: [
      {
        ...placed.body,
        items: [
          { ...items[0], orderedName: "Blue teapot" },
          { ...items[1], name: "Ivory cup", orderedName: "White cup" },
        ],
      },
    ],
  });

  const own = await customer.orders<Order>("GET", `/v1/orders/${placed.body.id}`);
  expect(own.body).toEqual(placed.body);
});

test("stock is the catalog's: what is not there is not sold, and nothing is written", async () => {
  const rare = await newProduct(seller, { name: "Rare cup", available: 2 });
  const key = withKey();
  const order = (quantity: number) =>
    customer.storefront<Order>("POST", "/v1/orders", {
      headers: key,
      body: orderOf({ [rare.id]: quantity }),
    });
  const refused = expectProblem(await order(3), 409);
  expect(refused.errors).toEqual([{ pointer: "#/items/0/quantity", detail: expect.any(String) }]);
  expect(await queryOrders("SELECT 1 FROM order_items WHERE product_id = $1", [rare.id])).toEqual([]);
  // The key is free: what is there is sold under it.
  const placed = await order(2);
  expect(placed.status).toBe(201);
  expect(placed.headers.get("idempotency-replayed")).toBeNull();
  expect(await rowsOf(placed.body.id)).toHaveLength(1);
});

test("prices are the catalog's as well: a client has no way to say one", async () => {
  const dear = await newProduct(seller, { priceCents: 100_000 });
  const body = { items: [{ productId: dear.id, quantity: 1, unitPriceCents: 1 }] };
  const { errors } = expectProblem(
    await customer.storefront("POST", "/v1/orders", { headers: withKey(), body }),
    400,
  );
  expect(errors).toEqual([{ pointer: "#/items/0/unitPriceCents", detail: "is not known" }]);
});

test("a product that nobody sells is not ordered", async () => {
  const { errors } = expectProblem(
    await customer.storefront("POST", "/v1/orders", { headers: withKey(), body: orderOf({ "no-such": 1 }) }),
    409,
  );
  expect(errors).toEqual([{ pointer: "#/items/0/productId", detail: expect.any(String) }]);
});

test("an order is cancelled by its owner, once", async () => {
  const product = await newProduct(seller);
  const { body } = await customer.orders<Order>("POST", "/v1/orders", {
    headers: withKey(),
    body: orderOf({ [product.id]: 1 }),
  });
  const cancel = () => customer.orders<Order>("POST", `/v1/orders/${body.id}/cancellation`);
  const cancelled = await cancel();
  expect(cancelled.status).toBe(200);
  expect(cancelled.body).toMatchObject({ status: "cancelled", version: 2, cancelledAt: expect.any(String) });
  expect((await cancel()).body).toEqual(cancelled.body);
  expect((await rowsOf(body.id))[0]).toMatchObject({ status: "cancelled" });
});

test("what a seller has just written is seen by the catalog at once, and by the storefront past its cache", async () => {
  const product = await newProduct(seller, { name: "Bowl" });
  const path = `/v1/products/${product.id}`;
  const cached = await customer.storefront<ShownProduct>("GET", path);
  expect(cached.body.name).toBe("Bowl");
  const changed = await seller.catalog<Product>("PUT", path, {
    headers: { "If-Match": '"1"' },
    body: { name: "Large bowl", priceCents: 1200, currency: "EUR", available: 3 },
  });
  expect(changed.status).toBe(200);
  const fresh = { "Cache-Control": "max-age=0" };
  expect((await customer.catalog<Product>("GET", path, { headers: fresh })).body).toEqual(changed.body);
  const again = await customer.storefront<ShownProduct>("GET", path, { headers: fresh });
  expect(again.body).toMatchObject({ name: "Large bowl", priceCents: 1200 });
  expect(again.headers.get("cache-status")).toBe("storefront; fwd=miss");
  // The fresh view is kept for everybody.
  const hit = await seller.storefront<ShownProduct>("GET", path);
  expect(hit.headers.get("cache-status")).toBe("storefront; hit");
  expect(hit.body).toEqual(again.body);
});

test("products are listed page by page, each once, by both services", async () => {
  const names = await Promise.all([1, 2, 3].map(() => newProduct(seller)));
  const wanted = names.map(({ id }) => id).sort();
  for (const list of [customer.catalog, customer.storefront]) {
    const found: string[] = [];
    let next: string | undefined;
    do {
      const query = new URLSearchParams({ limit: "100", ...(next !== undefined && { pageToken: next }) });
      const { status, body } = await list<ShownPage>("GET", `/v1/products?${query}`, {
        headers: { "Cache-Control": "max-age=0" },
      });
      expect(status).toBe(200);
      found.push(...body.items.map(({ id }) => id));
      next = body.nextPageToken;
    } while (next !== undefined);
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((id) => wanted.includes(id))).toEqual(wanted);
  }
});
