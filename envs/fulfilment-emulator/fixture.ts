import { readFileSync } from "node:fs";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateAliasCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { signedHeaders } from "../../runtime";
import { ACCOUNT } from "../../scripts/commands/local/settings";
import { startTemporaryEmulator } from "../../scripts/internal/temporary-emulator";

const ROLE_ARN = `arn:aws:iam::${ACCOUNT.id}:role/anyone`;
const USER = { accessKeyId: "test", secretAccessKey: "test" };

/** For tests: the emulator with all that the workflows of fulfilment work with, but for these themselves. */
export interface FulfilmentEmulator {
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly dynamoDb: DynamoDBClient;
  readonly lambda: LambdaClient;
  /** URL of the queue that all events of fulfilment come to. */
  readonly queueUrl: string;
  /** ARN of the alias of functions/fulfilment, `fulfilment`, that takes the steps. `fulfilment-approvals` takes what people ask. */
  readonly functionArn: string;
  readonly busArn: string;
  createWorkflow(name: string, definition: string): Promise<void>;
  stop(): Promise<void>;
}

/** @param zipPath the function as it is built */
export async function startFulfilmentEmulator(zipPath: string): Promise<FulfilmentEmulator> {
  const { endpoint, stop } = await startTemporaryEmulator("fulfilment");
  // AWS has a host of its own for synchronous executions.
  const client = { endpoint, region: ACCOUNT.region, credentials: USER, disableHostPrefix: true };
  const [sfn, sqs] = [new SFNClient(client), new SQSClient(client)];
  const [dynamoDb, lambda] = [new DynamoDBClient(client), new LambdaClient(client)];
  await createRole(endpoint);
  await createTable(dynamoDb, "fulfilment", "pk", "sk");
  await createTable(dynamoDb, "products", "id");
  await createFunction(lambda, zipPath, endpoint, "fulfilment-approvals", "approvals");
  return {
    ...{ sfn, sqs, dynamoDb, lambda },
    ...(await createBus(sqs, new EventBridgeClient(client))),
    functionArn: await createFunction(lambda, zipPath, endpoint, "fulfilment", "steps"),
    createWorkflow: async (name, definition) => {
      await sfn.send(new CreateStateMachineCommand({ name, definition, roleArn: ROLE_ARN }));
    },
    stop: async () => {
      for (const each of [sfn, sqs, dynamoDb, lambda]) each.destroy();
      await stop();
    },
  };
}

/** With the rights that modules/fulfilment and modules/catalog-table give: the emulator asks for them. */
async function createRole(endpoint: string): Promise<void> {
  const resource = (service: string, name: string) =>
    `arn:aws:${service}:${ACCOUNT.region}:${ACCOUNT.id}:${name}`;
  const allow = (Resource: string, ...Action: string[]) => ({ Effect: "Allow", Action, Resource });
  const items = (...operations: string[]) => operations.map((operation) => `dynamodb:${operation}`);
  const Statement = [
    allow(resource("dynamodb", "table/fulfilment"), ...items("GetItem", "Query")),
    allow(resource("dynamodb", "table/fulfilment"), ...items("DeleteItem", "PutItem", "UpdateItem")),
    allow(resource("dynamodb", "table/products"), ...items("UpdateItem")),
    allow(resource("states", "stateMachine:fulfilment"), "states:SendTaskSuccess"),
    allow(resource("states", "stateMachine:impatient"), "states:SendTaskSuccess"),
  ];
  const role = { Version: "2010-05-08", RoleName: "anyone" };
  await callIam(endpoint, {
    ...{ ...role, Action: "CreateRole" },
    AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
  });
  await callIam(endpoint, {
    ...{ ...role, Action: "PutRolePolicy", PolicyName: "steps" },
    PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
  });
}

async function callIam(endpoint: string, parameters: Record<string, string>): Promise<void> {
  const url = new URL(endpoint);
  const request = { method: "POST", url, body: new URLSearchParams(parameters).toString() } as const;
  const headers = signedHeaders(
    { ...request, headers: { "content-type": "application/x-www-form-urlencoded" } },
    { credentials: USER, region: ACCOUNT.region, service: "iam", now: Date.now() },
  );
  const { status } = await fetch(url, { method: "POST", headers, body: request.body });
  if (status !== 200) throw new Error(`${parameters["Action"]} answered ${status}`);
}

async function createTable(dynamoDb: DynamoDBClient, TableName: string, ...keys: string[]): Promise<void> {
  await dynamoDb.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: "PAY_PER_REQUEST" },
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
      KeySchema: keys.map((AttributeName, index) => ({
        AttributeName,
        KeyType: index === 0 ? ("HASH" as const) : ("RANGE" as const),
      })),
    }),
  );
}

/** A bus, all of whose events of fulfilment come to a queue. */
async function createBus(sqs: SQSClient, events: EventBridgeClient) {
  const { QueueUrl: queueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "ends" }));
  const bus = { EventBusName: "shop" };
  const { EventBusArn: busArn = "" } = await events.send(new CreateEventBusCommand({ Name: "shop" }));
  const EventPattern = JSON.stringify({ source: ["shop.fulfilment"] });
  await events.send(new PutRuleCommand({ ...bus, Name: "ends", EventPattern }));
  const Arn = `arn:aws:sqs:${ACCOUNT.region}:${ACCOUNT.id}:ends`;
  await events.send(
    new PutTargetsCommand({ ...bus, Rule: "ends", Targets: [{ Id: "queue", Arn, InputPath: "$.detail" }] }),
  );
  events.destroy();
  return { busArn, queueUrl };
}

/** @returns ARN of its alias */
async function createFunction(
  lambda: LambdaClient,
  zipPath: string,
  endpoint: string,
  FunctionName: string,
  TAKES: "steps" | "approvals",
): Promise<string> {
  await lambda.send(
    new CreateFunctionCommand({
      ...{ FunctionName, Role: ROLE_ARN, Runtime: "nodejs22.x", Handler: "index.handler" },
      ...{ Code: { ZipFile: readFileSync(zipPath) }, Publish: true, Timeout: 15 },
      Environment: {
        Variables: {
          ...{ TAKES, FULFILMENT_TABLE: "fulfilment", PRODUCTS_TABLE: "products" },
          ...{ CREDIT_LIMIT_CENTS: "10000", APPROVAL_ABOVE_CENTS: "5000" },
          AWS_ENDPOINT_URL: endpoint,
        },
      },
    }),
  );
  const alias = { FunctionName, Name: "live", FunctionVersion: "1" };
  const { AliasArn = "" } = await lambda.send(new CreateAliasCommand(alias));
  return AliasArn;
}
