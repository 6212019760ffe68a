/** What `putStatements` lets a role put, by the policies of the emulator: own events, and no other's. */
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { TerraformOutput } from "cdktf";
import { type AwsCredentials, signedHeaders } from "../../runtime";
import { ACCOUNT } from "../../scripts/commands/local/settings";
import { startTemporaryEmulator, type TemporaryEmulator } from "../../scripts/internal/temporary-emulator";
import { synthesise } from "../internal/synth-test";
import { busOf } from "./fixture";

const ROOT_USER = { accessKeyId: "test", secretAccessKey: "test" };
const USER = "relay";
const PLACED = { Source: "shop.orders", DetailType: "shop.order.placed.v1" };
const CANCELLED = { Source: "shop.orders", DetailType: "shop.order.cancelled.v1" };

let emulator: TemporaryEmulator;
let client: { readonly endpoint: string; readonly region: string };
let relay: EventBridgeClient;
let sqs: SQSClient;
let queueUrl: string;

jest.setTimeout(60_000);

beforeAll(async () => {
  emulator = await startTemporaryEmulator("messaging");
  client = { endpoint: emulator.endpoint, region: ACCOUNT.region };
  sqs = new SQSClient({ ...client, credentials: ROOT_USER });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "heard" }));
  queueUrl = QueueUrl ?? "";
  await createBus();
  relay = new EventBridgeClient({ ...client, credentials: await createUser() });
}, 300_000);

afterAll(async () => {
  relay?.destroy();
  sqs?.destroy();
  await emulator?.stop();
});

/** A bus, all of whose events come to the queue. */
async function createBus(): Promise<void> {
  const events = new EventBridgeClient({ ...client, credentials: ROOT_USER });
  const bus = { EventBusName: "acme-test-shop" };
  await events.send(new CreateEventBusCommand({ Name: bus.EventBusName }));
  const EventPattern = JSON.stringify({ account: [ACCOUNT.id] });
  await events.send(new PutRuleCommand({ ...bus, Name: "all", EventPattern }));
  const Arn = `arn:aws:sqs:${ACCOUNT.region}:${ACCOUNT.id}:heard`;
  await events.send(new PutTargetsCommand({ ...bus, Rule: "all", Targets: [{ Id: "queue", Arn }] }));
  events.destroy();
}

/** A user whose one policy is what the bus says, as the role of a service has it. */
async function createUser(): Promise<AwsCredentials> {
  const { json } = synthesise((stack) => {
    const types = [PLACED.DetailType, CANCELLED.DetailType];
    const value = busOf(stack).putStatements({ source: PLACED.Source, types });
    new TerraformOutput(stack, "put", { value });
  });
  const [{ actions, conditions }] = json["output"].put.value;
  const Resource = `arn:aws:events:${ACCOUNT.region}:${ACCOUNT.id}:event-bus/acme-test-shop`;
  const Statement = [{ Effect: "Allow", Action: actions, Resource, Condition: conditions }];
  await iam({ Action: "CreateUser" });
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam({ Action: "PutUserPolicy", PolicyName: "access", PolicyDocument });
  const key = await iam({ Action: "CreateAccessKey" });
  const element = (name: string) => new RegExp(`<${name}>(.+)</${name}>`).exec(key)?.[1] ?? "";
  return { accessKeyId: element("AccessKeyId"), secretAccessKey: element("SecretAccessKey") };
}

/** By plain requests, as IAM's client is no dependency of the project. */
async function iam(parameters: Readonly<Record<string, string>>): Promise<string> {
  const url = new URL(client.endpoint);
  const body = new URLSearchParams({ Version: "2010-05-08", UserName: USER, ...parameters }).toString();
  const headers = signedHeaders(
    { method: "POST", url, headers: { "content-type": "application/x-www-form-urlencoded" }, body },
    { credentials: ROOT_USER, region: ACCOUNT.region, service: "iam", now: Date.now() },
  );
  const response = await fetch(url, { method: "POST", headers, body });
  expect(response.status).toBe(200);
  return response.text();
}

const put = (...entries: readonly object[]) =>
  relay.send(
    new PutEventsCommand({
      Entries: entries.map((entry) => ({ EventBusName: "acme-test-shop", Detail: "{}", ...entry })),
    }),
  );

/** Types of what has come to the queue. */
async function heard(): Promise<string[]> {
  const request = { QueueUrl: queueUrl, MaxNumberOfMessages: 10 };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
  return Messages.map(({ Body }) => JSON.parse(Body ?? "")["detail-type"]).sort();
}

test.each<{ name: string; entries: readonly object[] }>([
  { name: "of another's source", entries: [{ ...PLACED, Source: "shop.fulfilment" }] },
  { name: "of another's type", entries: [{ ...PLACED, DetailType: "shop.fulfilment.shipped.v1" }] },
  { name: "without a type", entries: [{ Source: PLACED.Source }] },
  {
    name: "of another's source, behind its own",
    entries: [PLACED, { ...PLACED, Source: "shop.fulfilment" }],
  },
  { name: "of its own for another bus", entries: [PLACED, { ...PLACED, EventBusName: "default" }] },
])("control 21: an event $name is denied, and none of its request is put", async ({ entries }) => {
  await expect(put(...entries)).rejects.toMatchObject({ name: "AccessDeniedException" });
  expect(await heard()).toEqual([]);
});

test("events of its source and types go through, of several types at once", async () => {
  expect(await put(PLACED, CANCELLED)).toMatchObject({ FailedEntryCount: 0 });
  expect(await heard()).toEqual([CANCELLED.DetailType, PLACED.DetailType]);
});
