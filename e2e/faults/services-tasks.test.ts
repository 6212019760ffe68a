/** Tasks are killed and replaced while requests come: nothing is lost, nothing done twice, and a change fails nobody. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  DeregisterTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { queryOrders } from "../internal/database";
import { administratorConfig } from "../internal/environment";
import { kill } from "../internal/faults";
import { type Load, startLoad } from "../internal/load";
import { taskDefinitionOf } from "../internal/roles";
import { type ContainerName, healthyTasks, processOf, serviceState, until } from "../internal/services";
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

jest.setTimeout(120_000);

let ecs: ECSClient;
let customer: Customer;
let product: Product;
let load: Load | undefined;

beforeAll(async () => {
  ecs = new ECSClient(administratorConfig());
  const [seller, buyer] = await Promise.all([newSeller(), newCustomer()]);
  customer = buyer;
  product = await newProduct(seller, { available: 1_000_000 });
});

afterEach(async () => {
  await load?.end();
  load = undefined;
});

afterAll(() => ecs.destroy());

/** Ids of the orders of the product, in PostgreSQL. */
async function placedIds(): Promise<string[]> {
  const rows = await queryOrders<{ order_id: string }>(
    "SELECT order_id FROM order_items WHERE product_id = $1",
    [product.id],
  );
  return rows.map(({ order_id }) => order_id).sort();
}

test("control 35: tasks of orders are killed while orders are placed: each is placed once, and the tasks are replaced", async () => {
  const killed = healthyTasks("orders");
  expect(killed).toHaveLength(2);
  const acknowledged: string[] = [];
  // As the contract asks of clients: after any answer of 500 and above, and after none, again under the same key.
  load = startLoad(6, async () => {
    const headers = withKey();
    const order = await until("the order", 30, async () => {
      const body = orderOf({ [product.id]: 1 });
      const answer = await impatient(customer)
        .orders<Order>("POST", "/v1/orders", { headers, body })
        .catch(() => undefined);
      return answer?.status === 201 && answer.body;
    });
    acknowledged.push(order.id);
  });
  await until("some orders", 20, () => acknowledged.length >= 20);
  for (const task of killed) {
    kill(processOf("orders", task));
    const count = acknowledged.length;
    await until("more orders", 30, () => acknowledged.length >= count + 20);
  }
  await until("two other tasks", 60, () => {
    const healthy = healthyTasks("orders").filter(({ id }) => !killed.some((task) => task.id === id));
    return healthy.length === 2 && serviceState("orders").status === "steady";
  });
  await load.end();
  // Nothing that was acknowledged is missing, nothing is there that was not, and nothing twice.
  expect(await placedIds()).toEqual([...acknowledged].sort());
});

/** What of a task definition a new revision is made from. */
async function revisionOf(
  name: ContainerName,
): Promise<RegisterTaskDefinitionCommandInput & { readonly arn: string }> {
  const {
    taskDefinitionArn = "",
    family,
    taskRoleArn,
    executionRoleArn,
    networkMode,
    containerDefinitions,
    requiresCompatibilities,
    cpu,
    memory,
    runtimePlatform,
  } = await taskDefinitionOf(name);
  return {
    ...{ arn: taskDefinitionArn, family, taskRoleArn, executionRoleArn, networkMode, containerDefinitions },
    ...{ requiresCompatibilities, cpu, memory, runtimePlatform },
  };
}

/** Registers a revision of a service's task definition with a variable changed. @returns its ARN, and that of the one before */
async function changed(name: ContainerName, variable: { readonly name: string; readonly value: string }) {
  const { arn, ...revision } = await revisionOf(name);
  const containerDefinitions = revision.containerDefinitions?.map((container) => ({
    ...container,
    environment: [...(container.environment ?? []).filter((each) => each.name !== variable.name), variable],
  }));
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({ ...revision, containerDefinitions }),
  );
  return { before: arn, after: taskDefinition?.taskDefinitionArn ?? "" };
}

async function deploy(name: ContainerName, taskDefinition: string): Promise<void> {
  const { name: service, cluster } = serviceState(name);
  await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition }));
}

/** Waits until a service runs that revision alone; sees to it that it has its healthy tasks all along. */
async function untilReplaced(name: ContainerName, taskDefinition: string): Promise<void> {
  const revision = taskDefinition.split("/").at(-1);
  const fewest: number[] = [];
  await until(`${name} on ${revision}`, 60, () => {
    const state = serviceState(name);
    fewest.push(state.healthy);
    return (
      state.taskDefinition === revision &&
      state.status === "steady" &&
      state.tasks.every((task) => task.taskDefinition === revision)
    );
  });
  expect(Math.min(...fewest)).toBeGreaterThanOrEqual(2);
}

/** Reads and orders through the storefront, without a second attempt. Notes what was not as it should be. */
function startShopping(): { readonly load: Load; readonly failed: string[] } {
  const { storefront } = impatient(customer);
  const failed: string[] = [];
  const body = orderOf({ [product.id]: 1 });
  const asks: (() => Promise<{ readonly status: number; readonly text: string }>)[] = [
    () => storefront("POST", "/v1/orders", { headers: withKey(), body }),
    () => storefront("GET", "/v1/orders?limit=1"),
    () => storefront("GET", `/v1/products/${product.id}`),
    () => customer.orders("GET", "/v1/orders?limit=1"),
  ];
  return {
    failed,
    load: startLoad(4, async (index) => {
      const { status, text } = await (asks[index % asks.length] as (typeof asks)[number])();
      if (status !== 200 && status !== 201) failed.push(`${status} ${text}`);
    }),
  };
}

describe("a deployment under load", () => {
  test("control 34: of a revision that does not start is rolled back, and nobody notices", async () => {
    const { before, after } = await changed("storefront", { name: "USER_POOL_ID", value: "none" });
    const tasks = healthyTasks("storefront").map(({ id }) => id);
    const shopping = startShopping();
    ({ load } = shopping);
    await deploy("storefront", after);
    const failure = await until("the rollback", 60, () => {
      const { failure: told, taskDefinition } = serviceState("storefront");
      return told?.rolledBackTo === taskDefinition && told;
    });
    expect(failure.taskDefinition).toBe(after.split("/").at(-1));
    expect(failure.lines.join("\n")).toContain("USER_POOL_ID must be an id");
    await untilReplaced("storefront", before);
    await load.end();
    expect(shopping.failed).toEqual([]);
    expect(healthyTasks("storefront").map(({ id }) => id)).toEqual(tasks);
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: after }));
  });

  test("controls 34 and 36: of storefront and orders, there and back, fails no request", async () => {
    const names = ["storefront", "orders"] as const;
    const revisions = await Promise.all(
      names.map(async (name) => ({ name, ...(await changed(name, { name: "DRAIN_SECONDS", value: "2" })) })),
    );
    const tasks = names.flatMap((name) => healthyTasks(name).map(({ id }) => id));
    const shopping = startShopping();
    ({ load } = shopping);
    for (const direction of ["after", "before"] as const) {
      const count = load.count();
      await Promise.all(
        revisions.map(async ({ name, ...arns }) => {
          await deploy(name, arns[direction]);
          await untilReplaced(name, arns[direction]);
        }),
      );
      expect(load.count()).toBeGreaterThan(count + 20);
    }
    // Requests that come just behind the change.
    await sleep(500);
    await load.end();
    expect(shopping.failed).toEqual([]);
    // All were replaced, and what is deployed is what was.
    for (const name of names) {
      for (const { id } of healthyTasks(name)) expect(tasks).not.toContain(id);
    }
    for (const { after } of revisions) {
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: after }));
    }
  });
});
