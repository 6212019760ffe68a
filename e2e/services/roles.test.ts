import {
  DeleteItemCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { administratorConfig, endpoints } from "../internal/environment";
import { expectProblem } from "../internal/http";
import { credentialsOf, signedBy, taskDefinitionOf } from "../internal/roles";
import type { ContainerName } from "../internal/services";
import { type Customer, newCustomer, newProduct, newSeller, type Product } from "../internal/shop";

let customer: Customer;
let product: Product;
let table: string;
/** With the credentials of each service's task. */
const clients: Partial<Record<ContainerName, DynamoDBClient>> = {};

const NAMES = ["catalog", "orders", "storefront"] as const;

beforeAll(async () => {
  const seller = await newSeller();
  [customer, product] = await Promise.all([newCustomer(), newProduct(seller)]);
  const administrator = new DynamoDBClient(administratorConfig());
  const { TableNames = [] } = await administrator.send(new ListTablesCommand());
  table = TableNames.find((name) => name.endsWith("-products")) ?? "";
  administrator.destroy();
  for (const name of NAMES) {
    const { endpoint, region } = endpoints();
    clients[name] = new DynamoDBClient({
      endpoint,
      region,
      credentials: await credentialsOf(name),
      maxAttempts: 1,
    });
  }
});

afterAll(() => {
  for (const client of Object.values(clients)) client.destroy();
});

function database(name: ContainerName): DynamoDBClient {
  const client = clients[name];
  if (!client) throw new Error(`${name} has no credentials`);
  return client;
}

const key = () => ({ TableName: table, Key: { id: { S: product.id } } });

async function expectDenied(attempt: Promise<unknown>): Promise<void> {
  await expect(attempt).rejects.toMatchObject({ name: "AccessDeniedException" });
}

describe("control 21: the products table", () => {
  test("is read by the catalog's tasks", async () => {
    const { Item } = await database("catalog").send(new GetItemCommand(key()));
    expect(Item?.["name"]).toEqual({ S: "Teapot" });
  });

  test.each(["orders", "storefront"] as const)("is neither read nor written by those of %s", async (name) => {
    await expectDenied(database(name).send(new GetItemCommand(key())));
    await expectDenied(database(name).send(new ScanCommand({ TableName: table })));
    await expectDenied(
      database(name).send(new PutItemCommand({ TableName: table, Item: { id: { S: product.id } } })),
    );
  });

  test("is not emptied or removed by the catalog's tasks either", async () => {
    await expectDenied(database("catalog").send(new DeleteItemCommand(key())));
    await expectDenied(database("catalog").send(new ScanCommand({ TableName: table })));
    await expectDenied(database("catalog").send(new DeleteTableCommand({ TableName: table })));
    expect((await customer.catalog("GET", `/v1/products/${product.id}`)).body).toEqual(product);
  });

  test.each(["todos"])("is all that they read: not the table of the %s", async (end) => {
    const other = `${table.slice(0, -"products".length)}${end}`;
    const Key = { owner: { S: customer.sub }, sk: { S: "x" } };
    for (const name of NAMES) {
      await expectDenied(database(name).send(new GetItemCommand({ TableName: other, Key })));
    }
  });
});

describe("control 21: the bus", () => {
  const put = async (
    name: ContainerName,
    event: { readonly Source: string; readonly DetailType: string },
  ) => {
    const { containerDefinitions = [] } = await taskDefinitionOf("order-relay");
    const environment = containerDefinitions.flatMap((container) => container.environment ?? []);
    const EventBusName = environment.find((variable) => variable.name === "EVENT_BUS_NAME")?.value ?? "";
    expect(EventBusName).toMatch(/-shop$/);
    const { endpoint, region } = endpoints();
    const bus = new EventBridgeClient({
      endpoint,
      region,
      credentials: await credentialsOf(name),
      maxAttempts: 1,
    });
    const request = new PutEventsCommand({ Entries: [{ EventBusName, Detail: "{}", ...event }] });
    return bus.send(request).finally(() => bus.destroy());
  };
  const placed = { Source: "shop.orders", DetailType: "shop.order.placed.v1" };

  test.each([
    ["source", { ...placed, Source: "shop.fulfilment" }],
    ["type", { ...placed, DetailType: "shop.fulfilment.shipped.v1" }],
  ])("does not take from the relay what fulfilment says, by its %s", async (_name, event) => {
    await expectDenied(put("order-relay", event));
  });

  test("takes nothing from other services: not what the relay says", async () => {
    for (const name of NAMES) await expectDenied(put(name, placed));
  });
});

describe("control 16: a session is checked for", () => {
  const ask = (name: ContainerName, method: string, path: string) =>
    signedBy(name, method, path, { token: customer.sessionToken });

  test("the storefront", async () => {
    const { status, body } = await ask("storefront", "POST", "/session-checks");
    expect({ status, body }).toEqual({
      status: 200,
      body: { principal: customer.sub, expiresAt: expect.any(String) },
    });
  });

  test.each(["catalog", "orders"] as const)("nobody else: not %s", async (name) => {
    const { status, text } = await ask(name, "POST", "/session-checks");
    expect(status).toBe(403);
    expect(text).not.toContain(customer.sub);
  });

  test("nothing else is open to the storefront by its role", async () => {
    for (const [method, path] of [
      ["POST", "/sessions"],
      ["DELETE", "/sessions"],
    ] as const) {
      expectProblem(await ask("storefront", method, path), 401);
    }
  });
});

describe("control 26: the database's password", () => {
  const read = async (name: ContainerName, role: "task" | "execution") => {
    const { containerDefinitions = [] } = await taskDefinitionOf("orders");
    const [secret] = containerDefinitions.flatMap(({ secrets = [] }) => secrets);
    const SecretId = /^arn:aws:secretsmanager:[^:]+:\d+:secret:[^:]+/.exec(secret?.valueFrom ?? "")?.[0];
    const { endpoint, region } = endpoints();
    const credentials = await credentialsOf(name, role);
    const secrets = new SecretsManagerClient({ endpoint, region, credentials, maxAttempts: 1 });
    return secrets.send(new GetSecretValueCommand({ SecretId })).finally(() => secrets.destroy());
  };

  test("is read for the tasks of orders before they start", async () => {
    expect((await read("orders", "execution")).SecretString).toContain("password");
  });

  test.each([
    ["orders", "task"],
    ["catalog", "execution"],
    ["storefront", "execution"],
    ["storefront", "task"],
  ] as const)("not by %s, role %s", async (name, role) => {
    await expectDenied(read(name, role));
  });

  test("is in no task definition", async () => {
    const { SecretString = "" } = await read("orders", "execution");
    const { password } = JSON.parse(SecretString) as { password: string };
    for (const name of NAMES) {
      expect(JSON.stringify(await taskDefinitionOf(name))).not.toContain(password);
    }
  });
});

test("control 22: a task's role is assumed by ECS alone, not by whoever is in the account", async () => {
  const sts = new STSClient(administratorConfig());
  for (const name of NAMES) {
    const { taskRoleArn: RoleArn } = await taskDefinitionOf(name);
    const attempt = sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "somebody" }));
    await expect(attempt).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  }
  sts.destroy();
});
