import { expectProblem } from "../internal/http";
import {
  type Customer,
  type HistoryOrder,
  newCustomer,
  newProduct,
  newSeller,
  orderHistory,
  orderInHistory,
  type Product,
  placeOrder,
} from "../internal/shop";

let customer: Customer;
let other: Customer;
let teapot: Product;

beforeAll(async () => {
  const [seller, ...customers] = await Promise.all([newSeller(), newCustomer(), newCustomer()]);
  [customer, other] = customers as [Customer, Customer];
  teapot = await newProduct(seller, { name: "Blue teapot", priceCents: 3900, available: 50 });
});

const place = (quantity?: number) => placeOrder(customer.storefront, teapot, quantity);
const shown = (id: string, isRight: (order: HistoryOrder) => boolean) =>
  orderInHistory(customer, id, isRight);

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
  const seen = await orderHistory(customer, 7);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(orders.map(({ id }) => id)));
});

test("control 17: another's orders are not shown", async () => {
  const { id } = await place();
  await shown(id, () => true);
  expectProblem(await other.storefront("GET", `/v1/order-history/${id}`), 404);
  expect(await orderHistory(other, 20)).toEqual([]);
});
