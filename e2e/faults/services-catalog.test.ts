/** The catalog hangs or dies: what needs it is answered in time, what does not goes on. */
import { queryOrders } from "../internal/database";
import { expectAway, expectLate, kill, timed, unmended, whileHalted } from "../internal/faults";
import { healthyTasks, processOf, until } from "../internal/services";
import {
  type Customer,
  impatient,
  newCustomer,
  newProduct,
  newSeller,
  type Order,
  type OrderPage,
  orderOf,
  type Product,
  type ShownProduct,
  withKey,
} from "../internal/shop";

jest.setTimeout(60_000);

const FRESH = { "Cache-Control": "max-age=0" };

let seller: Customer;
let customer: Customer;
/** Seen in the storefront before, so that its view is in the cache; and not. */
let seen: Product;
let unseen: Product;
/** Key of an order that was placed before. */
const before = withKey();

beforeAll(async () => {
  const [owner, buyer] = await Promise.all([newSeller(), newCustomer()]);
  [seller, customer] = [owner, impatient(buyer)];
  [seen, unseen] = [await newProduct(seller), await newProduct(seller)];
  const body = orderOf({ [unseen.id]: 1 });
  expect((await buyer.orders("POST", "/v1/orders", { headers: before, body })).status).toBe(201);
});

function catalogProcesses(): number[] {
  return healthyTasks("catalog").map((task) => processOf("catalog", task));
}

function place(ask: Customer["orders"], headers: Record<string, string>) {
  return ask<Order>("POST", "/v1/orders", { headers, body: orderOf({ [unseen.id]: 1 }) });
}

/** Places the order of a key until that is done. */
function placeAtLast(headers: Record<string, string>): Promise<true> {
  return until("the order", 30, async () => (await place(customer.storefront, headers)).status === 201);
}

async function ordersOf({ id }: Product): Promise<number> {
  return (await queryOrders("SELECT 1 FROM order_items WHERE product_id = $1", [id])).length;
}

test("control 12: while the catalog hangs, orders are refused in time and listed without names; what was placed is known", async () => {
  const { orders, storefront } = customer;
  await storefront("GET", `/v1/products/${seen.id}`, { headers: FRESH });
  const [headers, others] = [withKey(), withKey()];
  const count = await ordersOf(unseen);
  await whileHalted(catalogProcesses(), async () => {
    const [direct, through, listed, known, cached, missing, past] = await Promise.all([
      timed(place(orders, headers)),
      timed(place(storefront, others)),
      timed(storefront<OrderPage>("GET", "/v1/orders")),
      timed(place(storefront, before)),
      timed(storefront<ShownProduct>("GET", `/v1/products/${seen.id}`)),
      timed(storefront("GET", `/v1/products/${unseen.id}`)),
      timed(storefront("GET", `/v1/products/${seen.id}`, { headers: FRESH })),
    ]);
    expect(expectAway(direct).detail).toBe("The catalog is away. No order was placed; try again.");
    expectLate(through);
    expect(listed).toMatchObject({
      status: 200,
      body: { namesMissing: true, items: [{ items: [{ name: null, orderedName: unseen.name }] }] },
    });
    expect([known.status, known.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect([cached.status, cached.headers.get("cache-status")]).toEqual([200, "storefront; hit"]);
    for (const answer of [missing, past]) expectLate(answer);
    for (const { seconds } of [listed, known, cached]) expect(seconds).toBeLessThan(10);
    expect(await ordersOf(unseen)).toBe(count);
  });
  // Of what was answered 504 it was not known whether it would be placed: now it is, and once.
  await placeAtLast(headers);
  await placeAtLast(others);
  expect(await ordersOf(unseen)).toBe(count + 2);
  const named = await until("the names", 30, async () => {
    const { body } = await storefront<OrderPage>("GET", "/v1/orders");
    return !body.namesMissing && body;
  });
  expect(named.items[0]?.items[0]?.name).toBe(unseen.name);
});

test("control 35: a killed task of the catalog is replaced, and orders go on by themselves", async () => {
  const [killed] = healthyTasks("catalog");
  const headers = withKey();
  const count = await ordersOf(unseen);
  await unmended(async () => {
    kill(...catalogProcesses());
    expectAway(await timed(place(customer.orders, headers)));
  });
  await placeAtLast(headers);
  expect(await ordersOf(unseen)).toBe(count + 1);
  const [replacement] = healthyTasks("catalog");
  expect(replacement?.id).not.toBe(killed?.id);
});
