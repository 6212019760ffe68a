/** What publishes events is killed while orders are placed, and the view is built anew while it is read: no order is lost, none shown twice. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RebuildResult } from "../../scripts/commands/rebuild-view/request";
import { administratorVariables } from "../internal/environment";
import { kill } from "../internal/faults";
import { type Load, startLoad } from "../internal/load";
import { ROOT } from "../internal/project";
import { healthyTasks, processOf, until } from "../internal/services";
import {
  type Customer,
  impatient,
  newCustomer,
  newProduct,
  newSeller,
  type Order,
  orderHistory,
  orderOf,
  type Product,
  withKey,
} from "../internal/shop";

jest.setTimeout(240_000);

let customer: Customer;
let product: Product;
let load: Load | undefined;

beforeAll(async () => {
  const [seller, buyer] = await Promise.all([newSeller(), newCustomer()]);
  customer = buyer;
  product = await newProduct(seller, { available: 1_000_000 });
});

afterEach(async () => {
  await load?.end();
  load = undefined;
});

/** Places orders, as the contract asks of clients, until the load is ended. @returns ids of those that were answered */
function placeOrders(): string[] {
  const placed: string[] = [];
  load = startLoad(4, async () => {
    const headers = withKey();
    const order = await until("the order", 30, async () => {
      const body = orderOf({ [product.id]: 1 });
      const answer = await impatient(customer)
        .orders<Order>("POST", "/v1/orders", { headers, body })
        .catch(() => undefined);
      return answer?.status === 201 && answer.body;
    });
    placed.push(order.id);
  });
  return placed;
}

const history = () => orderHistory(customer, 20, { "Cache-Control": "max-age=0" });

async function rebuild(): Promise<RebuildResult> {
  const { stdout } = await promisify(execFile)(
    join(ROOT, "scripts", "rebuild-view"),
    ["envs/local", "--json", "--timeout", "180"],
    { cwd: ROOT, env: administratorVariables() },
  );
  return JSON.parse(stdout);
}

test("control 9: relays are killed while orders are placed: each order comes to the view, once", async () => {
  const placed = placeOrders();
  await until("some orders", 30, () => placed.length >= 20);
  const killed = healthyTasks("order-relay");
  for (const task of killed) {
    kill(processOf("order-relay", task));
    const count = placed.length;
    await until("more orders", 30, () => placed.length >= count + 20);
  }
  await load?.end();
  await until("every order in the view", 60, async () => {
    const seen = new Set(await history());
    return placed.every((id) => seen.has(id));
  });
  const seen = await history();
  expect(seen.length).toBe(new Set(seen).size);
  await until("two other relays", 60, () => {
    const others = healthyTasks("order-relay").filter(({ id }) => killed.every((task) => task.id !== id));
    return others.length === 2;
  });
});

test("the view is built anew from the archive while orders are placed and it is read", async () => {
  const placed = placeOrders();
  const before = new Set(await history());
  let lacking = 0;
  let built = false;
  const reading = (async () => {
    while (!built) {
      const seen = new Set(await history());
      for (const id of before) if (!seen.has(id)) lacking++;
    }
  })();
  try {
    expect(await rebuild()).toMatchObject({ action: "rebuilt" });
  } finally {
    built = true;
    await reading;
  }
  await load?.end();
  expect(lacking).toBe(0);
  await until("every order in the view", 60, async () => {
    const seen = new Set(await history());
    return placed.every((id) => seen.has(id));
  });
});
