import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { local } from "../../envs/local";
import { trustDocument } from "../../modules/internal/iam";
import { EmulatorClients } from "../../scripts/commands/local/ecs/clients";
import { administratorConfig, administratorVariables, endpoints } from "../internal/environment";
import { iam } from "../internal/iam";
import { until } from "../internal/services";
import {
  type Customer,
  type HistoryOrder,
  newCustomer,
  newProduct,
  newSeller,
  type Order,
  orderInHistory,
  type Product,
  placeOrder,
} from "../internal/shop";

/** Within which an order is fulfilled, in an environment that others use at the same time. */
const FULFILLED_SECONDS = 60;
/** The command starts several times in a test, beside all else that is tested. */
jest.setTimeout(300_000);
const FULFILMENT = resolve(__dirname, "../../scripts/fulfilment");

let seller: Customer;
let customer: Customer;

beforeAll(async () => {
  [seller, customer] = await Promise.all([newSeller(), newCustomer()]);
});

function place(product: Product, quantity: number): Promise<Order> {
  return placeOrder(customer.storefront, product, quantity);
}

/** The order in the history, once it has ended there. */
function ended({ id }: Order): Promise<HistoryOrder> {
  const hasEnded = ({ status, fulfilment, cancelledAt }: HistoryOrder) =>
    status === "shipped" || (fulfilment !== undefined && cancelledAt !== null);
  return orderInHistory(customer, id, hasEnded, FULFILLED_SECONDS);
}

async function available({ id }: Product): Promise<number> {
  const { body } = await seller.catalog<Product>("GET", `/v1/products/${id}`);
  return body.available;
}

/** Runs the command as an administrator. @param as variables of somebody else */
async function fulfilment(args: string[], as: Record<string, string> = {}) {
  const run = promisify(execFile);
  const { stdout } = await run(FULFILMENT, ["envs/local", ...args, "--json"], {
    ...{ encoding: "utf8", env: { ...administratorVariables(), ...as } },
  });
  return JSON.parse(stdout);
}

interface Known {
  readonly approval?: string;
  readonly execution?: string;
}

const { project, name: environment, account } = local;
const functionArn = (name: string) =>
  `arn:aws:lambda:${account.region}:${account.id}:function:${project}-${environment}-${name}:live`;

/** Asks a function as it is asked by nobody but who may. */
async function ask(name: string, input: object, config: object = administratorConfig()) {
  const lambda = new LambdaClient({ ...config, maxAttempts: 1 });
  try {
    const command = new InvokeCommand({ FunctionName: functionArn(name), Payload: JSON.stringify(input) });
    const { Payload } = await lambda.send(command);
    return JSON.parse(Buffer.from(Payload ?? []).toString("utf8"));
  } finally {
    lambda.destroy();
  }
}

/** What is known of an order's fulfilment, once it is as it should be. */
function known({ id: orderId }: Order, isSo: (it: Known) => boolean): Promise<Known> {
  return until(`order ${orderId} as it should be`, FULFILLED_SECONDS, async () => {
    const it: Known = await ask("fulfilment-approvals", { step: "order", orderId });
    return isSo(it) && it;
  });
}

/** Waits until orders wait for approval. */
function waiting(...orders: Order[]): Promise<Known[]> {
  return Promise.all(orders.map((order) => known(order, ({ approval }) => approval === "asked")));
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
  await waiting(first, second);
  const { approvals } = await fulfilment(["approvals"]);
  const listed = approvals as { readonly orderId: string; readonly askedAt: string }[];
  expect(listed.map(({ orderId }) => orderId)).toEqual(expect.arrayContaining([first.id, second.id]));
  const since = listed.map(({ askedAt }) => askedAt);
  expect(since).toEqual([...since].sort());
  expect(await fulfilment(["reject", first.id, "--dry-run"])).toMatchObject({ action: "would-reject" });
  expect(await available(product)).toBe(6);
  expect(await fulfilment(["approve", first.id])).toMatchObject({ action: "approved", heard: true });
  await customer.orders("POST", `/v1/orders/${second.id}/cancellation`, {});
  expect((await ended(first)).status).toBe("shipped");
  expect(await ended(second)).toMatchObject({ fulfilment: { reason: "cancelled" }, cancelledBy: "user" });
  expect(await available(product)).toBe(8);
});

test("an order whose execution was stopped is resumed by another, once: approved, it is shipped, rejected, it gives back what it holds", async () => {
  const product = await newProduct(seller, { priceCents: 30_000, available: 10 });
  const orders = await Promise.all([place(product, 2), place(product, 2)]);
  const [first, second] = orders as [Order, Order];
  const stopped = await waiting(...orders);
  await expect(fulfilment(["resume", first.id])).rejects.toThrow("is RUNNING; wait for its end");
  const sfn = new SFNClient(administratorConfig());
  for (const { execution: executionArn } of stopped)
    await sfn.send(new StopExecutionCommand({ executionArn }));
  sfn.destroy();
  // Two at once: the later one is refused, or its execution finds the order with the other's.
  const [one, other, ofSecond] = await Promise.allSettled(
    [first, first, second].map(({ id }) => fulfilment(["resume", id])),
  );
  const resumed = [one, other].flatMap((it) => (it?.status === "fulfilled" ? [it.value] : []));
  const own = { action: "resumed", fromStatus: "ABORTED" };
  expect(resumed[0]).toMatchObject({ ...own, from: stopped[0]?.execution });
  expect(ofSecond).toMatchObject({ value: { ...own, from: stopped[1]?.execution } });
  await Promise.all(
    orders.map((order, index) => known(order, (it) => it.execution !== stopped[index]?.execution)),
  );
  await fulfilment(["approve", first.id]);
  await fulfilment(["reject", second.id]);
  expect((await ended(first)).status).toBe("shipped");
  expect(await ended(second)).toMatchObject({ fulfilment: { reason: "rejected" } });
  expect(await available(product)).toBe(8);
});

test("control 21: who may invoke the function for approvals decides on orders, and has none shipped", async () => {
  const product = await newProduct(seller, { priceCents: 30_000, available: 10 });
  const order = await place(product, 2);
  await waiting(order);
  const RoleName = `e2e-approver-${randomUUID().slice(0, 8)}`;
  const PolicyName = "approve";
  await iam({
    ...{ Action: "CreateRole", RoleName },
    AssumeRolePolicyDocument: trustDocument([{ principals: { AWS: `arn:aws:iam::${account.id}:root` } }]),
  });
  const Statement = [
    { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functionArn("fulfilment-approvals") },
  ];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam({ Action: "PutRolePolicy", RoleName, PolicyName, PolicyDocument });
  const { endpoint } = endpoints();
  const credentials = await new EmulatorClients(endpoint).assume(
    `arn:aws:iam::${account.id}:role/${RoleName}`,
    "approver",
  );
  const config = { ...administratorConfig(), credentials };
  for (const step of ["ship", "refund", "giveUp"]) {
    await expect(ask("fulfilment", { step }, config)).rejects.toMatchObject({
      name: expect.stringMatching(/^AccessDenied/),
    });
    expect(await ask("fulfilment-approvals", { step }, config)).toMatchObject({
      errorMessage: "step must be one of approvalAge, approvals, order, answerApproval",
    });
  }
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const approver = {
    ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    AWS_SESSION_TOKEN: sessionToken,
  };
  expect(await fulfilment(["approve", order.id], approver)).toMatchObject({
    action: "approved",
    heard: true,
  });
  expect((await ended(order)).status).toBe("shipped");
  await iam({ Action: "DeleteRolePolicy", RoleName, PolicyName });
  await iam({ Action: "DeleteRole", RoleName });
});
