import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { components } from "../../services/storefront/generated/v1/types";
import { administratorVariables } from "../internal/environment";
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

/** Within which an order is fulfilled, in an environment that others use at the same time. */
const FULFILLED_SECONDS = 60;
const FULFILMENT = resolve(__dirname, "../../scripts/fulfilment");

let seller: Customer;
let customer: Customer;

beforeAll(async () => {
  [seller, customer] = await Promise.all([newSeller(), newCustomer()]);
});

async function place(product: Product, quantity: number): Promise<Order> {
  const { status, text, body } = await customer.storefront<Order>("POST", "/v1/orders", {
    headers: withKey(),
    body: orderOf({ [product.id]: quantity }),
  });
  if (status !== 201) throw new Error(`POST /v1/orders answered ${status} ${text}`);
  return body;
}

/** Asks the history until the order has ended. */
async function ended({ id }: Order): Promise<HistoryOrder> {
  const end = Date.now() + FULFILLED_SECONDS * 1000;
  for (;;) {
    const answer = await customer.storefront<HistoryOrder>("GET", `/v1/order-history/${id}`);
    const { status, fulfilment, cancelledAt } = answer.body ?? {};
    if (answer.status === 200 && (status === "shipped" || (fulfilment && cancelledAt))) return answer.body;
    if (Date.now() > end) throw new Error(`the history has ${answer.status} ${answer.text}`);
    await sleep(300);
  }
}

async function available({ id }: Product): Promise<number> {
  const { body } = await seller.catalog<Product>("GET", `/v1/products/${id}`);
  return body.available;
}

async function fulfilment(...args: string[]) {
  const run = promisify(execFile);
  const { stdout } = await run(FULFILMENT, ["envs/local", ...args, "--json"], {
    ...{ encoding: "utf8", env: administratorVariables() },
  });
  return JSON.parse(stdout);
}

test("an order is shipped, and the stock has as many less", async () => {
  const product = await newProduct(seller, { priceCents: 1000, available: 5 });
  const order = await place(product, 2);
  expect(await ended(order)).toMatchObject({
    status: "shipped",
    fulfilment: { status: "shipped", shipmentId: expect.any(String) },
  });
  expect(await available(product)).toBe(3);
});

test("of two orders for the last units one is shipped; the other has failed, and is cancelled", async () => {
  const product = await newProduct(seller, { priceCents: 1000, available: 3 });
  const orders = await Promise.all([place(product, 2), place(product, 2)]);
  const found = await Promise.all(orders.map(ended));
  expect(found.map(({ status }) => status).sort()).toEqual(["cancelled", "shipped"]);
  expect(found.find(({ status }) => status === "cancelled")).toMatchObject({
    ...{ cancelledBy: "fulfilmentFailed", fulfilment: { status: "failed", reason: "outOfStock" } },
  });
  expect(await available(product)).toBe(1);
});

test("an order above the amount waits for approval; approved, it is shipped, cancelled, it gives back what it holds", async () => {
  const product = await newProduct(seller, { priceCents: 30_000, available: 10 });
  const [first, second] = await Promise.all([place(product, 2), place(product, 2)]);
  const end = Date.now() + FULFILLED_SECONDS * 1000;
  for (;;) {
    const { approvals } = await fulfilment("approvals");
    const ids = (approvals as { orderId: string }[]).map(({ orderId }) => orderId);
    if ([first.id, second.id].every((id) => ids.includes(id))) break;
    if (Date.now() > end) throw new Error(`approvals are ${ids.join(", ")}`);
  }
  expect(await available(product)).toBe(6);
  expect(await fulfilment("approve", first.id)).toMatchObject({ action: "approved", heard: true });
  await customer.orders("POST", `/v1/orders/${second.id}/cancellation`, {});
  expect((await ended(first)).status).toBe("shipped");
  expect(await ended(second)).toMatchObject({ fulfilment: { reason: "cancelled" }, cancelledBy: "user" });
  expect(await available(product)).toBe(8);
});
