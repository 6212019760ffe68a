/** The orders' database hangs or is gone: who asks is told so in time, and all is well when it is back. */
import { ordersServer, queryOrders } from "../internal/database";
import { expectAway, expectLate, kill, timed, unmended, whileHalted } from "../internal/faults";
import { healthyTasks, until } from "../internal/services";
import {
  type Customer,
  impatient,
  newCustomer,
  newProduct,
  newSeller,
  type Order,
  orderOf,
  type Product,
  withKey,
} from "../internal/shop";

jest.setTimeout(60_000);

let customer: Customer;
let product: Product;
let order: Order;
/** Ids of the tasks of orders before each test. */
let tasks: string[];

beforeAll(async () => {
  const [seller, buyer] = await Promise.all([newSeller(), newCustomer()]);
  customer = impatient(buyer);
  product = await newProduct(seller);
  const placed = await buyer.orders<Order>("POST", "/v1/orders", { headers: withKey(), body: bodyOf() });
  order = placed.body;
});

beforeEach(() => {
  tasks = taskIds();
});

function taskIds(): string[] {
  return healthyTasks("orders").map(({ id }) => id);
}

function bodyOf() {
  return orderOf({ [product.id]: 1 });
}

/** Places the order of a key until that is done. @returns it */
function placeAtLast(headers: Record<string, string>): Promise<Order> {
  return until("the order", 30, async () => {
    const { status, body } = await customer.orders<Order>("POST", "/v1/orders", { headers, body: bodyOf() });
    return status === 201 && body;
  });
}

async function rowsOf(id: string): Promise<number> {
  return (await queryOrders("SELECT 1 FROM orders WHERE id = $1", [id])).length;
}

test("control 12: while the database hangs every request is answered 503 in time, and no task is replaced", async () => {
  const { orders, storefront } = customer;
  const headers = withKey();
  await whileHalted([ordersServer().process.pid], async () => {
    const answers = await Promise.all([
      timed(orders("GET", "/v1/orders")),
      timed(orders("GET", `/v1/orders/${order.id}`)),
      timed(orders("POST", `/v1/orders/${order.id}/cancellation`)),
      timed(orders("POST", "/v1/orders", { headers, body: bodyOf() })),
      timed(storefront("GET", "/v1/orders")),
      timed(storefront("POST", "/v1/orders", { headers: withKey(), body: bodyOf() })),
    ]);
    for (const answer of answers.slice(0, 4)) {
      expect(expectAway(answer).detail).toMatch(/^The database is (away|busy)\. Try again\.$/);
    }
    for (const answer of answers.slice(4)) expectLate(answer);
    // What does not need it goes on.
    expect((await storefront("GET", `/v1/products/${product.id}`)).status).toBe(200);
  });
  const placed = await placeAtLast(headers);
  expect(await rowsOf(placed.id)).toBe(1);
  expect(taskIds()).toEqual(tasks);
});

test("when the database is killed no order that was placed is lost, none is placed twice, and the tasks go on", async () => {
  const acknowledged: string[] = [];
  const keys = Array.from({ length: 6 }, () => withKey());
  for (const headers of keys.slice(0, 3)) acknowledged.push((await placeAtLast(headers)).id);
  await unmended(async () => {
    kill(ordersServer().process.pid);
    const headers = keys[3] ?? {};
    const answers = await Promise.all([
      timed(customer.orders("POST", "/v1/orders", { headers, body: bodyOf() })),
      timed(customer.orders("GET", "/v1/orders")),
    ]);
    for (const answer of answers) expect(expectAway(answer).detail).toBe("The database is away. Try again.");
  });
  // Each repeated under its key until it is placed.
  const all = await Promise.all(keys.map(placeAtLast));
  expect(all.slice(0, 3).map(({ id }) => id)).toEqual(acknowledged);
  expect(new Set(all.map(({ id }) => id)).size).toBe(keys.length);
  for (const { id } of all) expect(await rowsOf(id)).toBe(1);
  const rows = await queryOrders("SELECT 1 FROM order_items WHERE product_id = $1", [product.id]);
  const listed = await customer.orders<{ items: Order[] }>("GET", "/v1/orders?limit=50");
  expect(listed.body.items).toHaveLength(rows.length);
  expect(taskIds()).toEqual(tasks);
});
