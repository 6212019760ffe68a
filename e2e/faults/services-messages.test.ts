/** What handles messages fails, and recovers: nothing is lost, what failed for good is kept, and comes back by `scripts/redrive`. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { local } from "../../envs/local";
import type { QueueReport, RedriveResult } from "../../scripts/commands/redrive/run";
import { administratorConfig, administratorVariables } from "../internal/environment";
import { iam } from "../internal/iam";
import { ROOT } from "../internal/project";
import { until } from "../internal/services";
import {
  type Customer,
  newCustomer,
  newProduct,
  newSeller,
  type Product,
  placeOrder,
} from "../internal/shop";

const PREFIX = `${local.project}-${local.name}`;

jest.setTimeout(180_000);

let sqs: SQSClient;
let kinesis: KinesisClient;
let lambda: LambdaClient;
let dynamoDb: DynamoDBClient;
let product: Product;

beforeAll(async () => {
  sqs = new SQSClient(administratorConfig());
  // By HTTP/1.1, as the emulator speaks.
  kinesis = new KinesisClient({ ...administratorConfig(), requestHandler: new NodeHttpHandler() });
  lambda = new LambdaClient(administratorConfig());
  dynamoDb = new DynamoDBClient(administratorConfig());
  product = await newProduct(await newSeller(), { priceCents: 100, available: 1_000_000 });
});

afterAll(() => {
  for (const client of [sqs, kinesis, lambda, dynamoDb]) client.destroy();
});

const place = (customer: Customer) => placeOrder(customer.orders, product);

/** While something is done, a function may do nothing with any table. */
async function withoutTables<T>(functionName: string, work: () => Promise<T>): Promise<T> {
  const { Role = "" } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: `${PREFIX}-${functionName}` }),
  );
  const policy = { RoleName: Role.split("/").at(-1) ?? "", PolicyName: "end-to-end-test" };
  const Statement = [{ Effect: "Deny", Action: "dynamodb:*", Resource: "*" }];
  await iam({
    ...{ ...policy, Action: "PutRolePolicy" },
    PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
  });
  try {
    return await work();
  } finally {
    await iam({ ...policy, Action: "DeleteRolePolicy" });
  }
}

async function queueUrl(name: string): Promise<string> {
  const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${PREFIX}-${name}` }));
  return QueueUrl;
}

async function attributeOf(name: string, attribute: QueueAttributeName): Promise<string> {
  const QueueUrl = await queueUrl(name);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [attribute] }),
  );
  return Attributes?.[attribute] ?? "";
}

const depthOf = async (name: string) => Number(await attributeOf(name, "ApproximateNumberOfMessages"));

/** While something is done, what fails comes again after a second instead of minutes. */
async function impatientQueue<T>(name: string, work: () => Promise<T>): Promise<T> {
  const QueueUrl = await queueUrl(name);
  const before = await attributeOf(name, "VisibilityTimeout");
  const set = (VisibilityTimeout: string) =>
    sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout } }));
  await set("1");
  try {
    return await work();
  } finally {
    await set(before);
  }
}

async function redrive(queue: string, ...args: string[]): Promise<QueueReport | undefined> {
  const { stdout } = await promisify(execFile)(
    join(ROOT, "scripts", "redrive"),
    ["envs/local", queue, ...args, "--json"],
    { cwd: ROOT, env: administratorVariables() },
  );
  const { queues } = JSON.parse(stdout) as RedriveResult;
  return queues.find(({ name }) => name === queue);
}

/** How many notifications a user has. */
async function notifications({ sub }: Customer): Promise<number> {
  const { Count = 0 } = await dynamoDb.send(
    new QueryCommand({
      TableName: `${PREFIX}-notifications`,
      KeyConditionExpression: "pk = :user",
      ExpressionAttributeValues: { ":user": { S: sub } },
    }),
  );
  return Count;
}

async function isInHistory(customer: Customer, id: string): Promise<boolean> {
  const { status } = await customer.storefront("GET", `/v1/order-history/${id}`, {
    headers: { "Cache-Control": "max-age=0" },
  });
  return status === 200;
}

test("control 8: messages whose handling fails go to the dead-letter queue; once it is mended they are redriven, and handled once", async () => {
  const customer = await newCustomer();
  await impatientQueue("notifications", async () => {
    await withoutTables("notifications", async () => {
      await place(customer);
      await until("the failed message", 90, async () => (await depthOf("notifications-failed")) > 0);
    });
    expect(await notifications(customer)).toBe(0);
    const report = await redrive("notifications");
    expect(report?.samples[0]).toMatchObject({ type: expect.stringMatching(/^shop\./) });
    await redrive("notifications", "--move");
    await until("the notification", 60, async () => (await notifications(customer)) > 0);
    await until("an empty queue", 60, async () => (await depthOf("notifications-failed")) === 0);
  });
});

test("a projector that fails for some time loses no order", async () => {
  const customer = await newCustomer();
  const orders = await withoutTables("order-history", async () => {
    const placed = [];
    for (let count = 0; count < 5; count++) placed.push(await place(customer));
    expect(await isInHistory(customer, placed[0]?.id ?? "")).toBe(false);
    return placed;
  });
  for (const { id } of orders) await until("the order in the view", 90, () => isInHistory(customer, id));
});

test("control 7: a record that is no event is kept apart at once, and holds up nobody", async () => {
  const customer = await newCustomer();
  const failures = "order-history-order-events-failed";
  const before = await depthOf(failures);
  const PartitionKey = randomUUID();
  const Data = Buffer.from(JSON.stringify({ type: "shop.order.placed.v1", data: "nonsense" }));
  for (let count = 0; count < 3; count++) {
    const key = count === 0 ? PartitionKey : randomUUID();
    await kinesis.send(
      new PutRecordCommand({ StreamName: `${PREFIX}-order-events`, PartitionKey: key, Data }),
    );
  }
  const { id } = await place(customer);
  await until("the order in the view", 60, () => isInHistory(customer, id));
  await until("the records that are none", 60, async () => (await depthOf(failures)) === before + 3);
  const report = await redrive("order-history-order-events");
  expect(JSON.stringify(report?.samples)).toContain("/specversion is required");
});
