import { setTimeout as sleep } from "node:timers/promises";
import type { components } from "../../services/storefront/generated/v1/types";
import { expectProblem } from "../internal/http";
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

type HistoryOrder = components["schemas"]["HistoryOrder"];
type HistoryPage = components["schemas"]["HistoryPage"];

/** Within which an event is in the view, in an environment that others use at the same time. */
const ARRIVES_SECONDS = 30;

let customer: Customer;
let other: Customer;
let teapot: Product;

beforeAll(async () => {
  const [seller, ...customers] = await Promise.all([newSeller(), newCustomer(), newCustomer()]);
  [customer, other] = customers as [Customer, Customer];
  teapot = await newProduct(seller, { name: "Blue teapot", priceCents: 3900, available: 50 });
});

async function place(quantity = 1): Promise<Order> {
  const { status, text, body } = await customer.storefront<Order>("POST", "/v1/orders", {
    headers: withKey(),
    body: orderOf({ [teapot.id]: quantity }),
  });
  if (status !== 201) throw new Error(`POST /v1/orders answered ${status} ${text}`);
  return body;
}

/** Asks the view until an order is as it should be. */
async function shown(id: string, isRight: (order: HistoryOrder) => boolean): Promise<HistoryOrder> {
  const end = Date.now() + ARRIVES_SECONDS * 1000;
  for (;;) {
    const answer = await customer.storefront<HistoryOrder>("GET", `/v1/order-history/${id}`);
    if (answer.status === 200 && isRight(answer.body)) return answer.body;
    if (Date.now() > end) throw new Error(`the view has ${answer.status} ${answer.text}`);
    await sleep(250);
  }
}

test("an order that is placed and cancelled comes to the view by its events", async () => {
  const order = await place(2);
  const placed = await shown(order.id, () => true);
  expect(placed).toMatchObject({
    ...{ id: order.id, totalCents: 7800, currency: "EUR", placedAt: order.placedAt },
    items: [{ productId: teapot.id, name: "Blue teapot", quantity: 2, unitPriceCents: 3900 }],
  });
  expect(await customer.orders("POST", `/v1/orders/${order.id}/cancellation`, {})).toMatchObject({
    status: 200,
  });
  expect(await shown(order.id, ({ status }) => status === "cancelled")).toMatchObject({
    ...{ version: 2, cancelledBy: "user", cancelledAt: expect.any(String) },
  });
});

test("each of many orders comes to the view once", async () => {
  const orders = await Promise.all(Array.from({ length: 20 }, () => place()));
  for (const { id } of orders) await shown(id, () => true);
  const seen: string[] = [];
  let pageToken: string | undefined;
  do {
    const query = pageToken === undefined ? "" : `&pageToken=${encodeURIComponent(pageToken)}`;
    const { status, body } = await customer.storefront<HistoryPage>(
      "GET",
      `/v1/order-history?limit=7${query}`,
    );
    expect(status).toBe(200);
    seen.push(...body.items.map(({ id }) => id));
    pageToken = body.nextPageToken;
  } while (pageToken !== undefined);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(orders.map(({ id }) => id)));
});

test("control 17: another's orders are not shown", async () => {
  const { id } = await place();
  await shown(id, () => true);
  expectProblem(await other.storefront("GET", `/v1/order-history/${id}`), 404);
  const { body } = await other.storefront<HistoryPage>("GET", "/v1/order-history");
  expect(body.items).toEqual([]);
});
