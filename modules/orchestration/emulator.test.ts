/** Workflows as they are synthesised, executed by the emulator: retries, choices, branches, callbacks, compensation. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateAliasCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from "@aws-sdk/client-sfn";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { strToU8, zipSync } from "fflate";
import { signedHeaders } from "../../runtime";
import { ACCOUNT } from "../../scripts/commands/local/settings";
import { startTemporaryEmulator, type TemporaryEmulator } from "../../scripts/internal/temporary-emulator";
import { waitUntil } from "../../scripts/internal/wait-until";
import { synthesise, testLabel } from "../internal/synth-test";
import { StateMachine, type StateMachineDefinition, type TaskState } from ".";
import { bookingWorkflow, orderWorkflow, type Targets } from "./fixture";

const ROLE = "anyone";
const ROLE_ARN = `arn:aws:iam::${ACCOUNT.id}:role/${ROLE}`;
const ROOT_USER = { accessKeyId: "test", secretAccessKey: "test" };
/** Fails at a step as often as the order says, and hands a token to the test by a file, as it would to a person by a message. */
const CODE = `const { appendFileSync, mkdirSync, statSync, writeFileSync } = require("node:fs");
exports.handler = async ({ step, order, token }) => {
  mkdirSync(order.folder, { recursive: true });
  const attempts = order.folder + "/" + step;
  appendFileSync(attempts, ".");
  if (statSync(attempts).size <= (order.failures?.[step] ?? 0)) throw new Error(step + " fails");
  if (token) writeFileSync(order.folder + "/token", token);
  return { outcome: order.outcomes?.[step] ?? (step === "reserve" ? "reserved" : "done") };
};`;

let emulator: TemporaryEmulator;
let targets: Targets;
let sfn: SFNClient;
let sqs: SQSClient;

jest.setTimeout(120_000);

beforeAll(async () => {
  emulator = await startTemporaryEmulator("orchestration");
  const client = {
    endpoint: emulator.endpoint,
    region: ACCOUNT.region,
    credentials: ROOT_USER,
    // AWS has a host of its own for synchronous executions.
    disableHostPrefix: true,
  };
  await createRole(client.endpoint);
  sfn = new SFNClient(client);
  sqs = new SQSClient(client);
  const [functionArn, messages] = await Promise.all([
    createFunction(new LambdaClient(client)),
    createQueue(),
  ]);
  targets = {
    functionArn,
    ...messages,
    busArn: await createBus(new EventBridgeClient(client), messages.queueArn),
  };
  await createWorkflow("order", "STANDARD", orderWorkflow(targets));
  await createWorkflow("booking", "EXPRESS", bookingWorkflow(targets));
  const { states, ...order } = orderWorkflow(targets);
  // The emulator calls every error of a function so.
  const Reserve = { ...states["Reserve"], permanentErrors: ["Runtime.HandlerError"] } as TaskState;
  await createWorkflow("strict", "STANDARD", { ...order, states: { ...states, Reserve } });
}, 300_000);

afterAll(async () => {
  sfn?.destroy();
  sqs?.destroy();
  await emulator?.stop();
});

/** Functions and workflows need one; the emulator lets a workflow do all. */
async function createRole(endpoint: string): Promise<void> {
  const url = new URL(endpoint);
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  const parameters = {
    Version: "2010-05-08",
    Action: "CreateRole",
    RoleName: ROLE,
    AssumeRolePolicyDocument,
  };
  const body = new URLSearchParams(parameters).toString();
  const headers = signedHeaders(
    { method: "POST", url, headers: { "content-type": "application/x-www-form-urlencoded" }, body },
    { credentials: ROOT_USER, region: ACCOUNT.region, service: "iam", now: Date.now() },
  );
  const { status } = await fetch(url, { method: "POST", headers, body });
  if (status !== 200) throw new Error(`the role could not be made: ${status}`);
}

async function createFunction(lambda: LambdaClient): Promise<string> {
  const FunctionName = "steps";
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: ROLE_ARN,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: zipSync({ "index.js": strToU8(CODE) }) },
      Publish: true,
    }),
  );
  const alias = await lambda.send(
    new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }),
  );
  lambda.destroy();
  return alias.AliasArn ?? "";
}

async function createQueue(): Promise<{ queueUrl: string; queueArn: string }> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "messages" }));
  return { queueUrl: QueueUrl ?? "", queueArn: `arn:aws:sqs:${ACCOUNT.region}:${ACCOUNT.id}:messages` };
}

/** @returns ARN of a bus whose events come to the queue */
async function createBus(events: EventBridgeClient, queueArn: string): Promise<string> {
  const bus = { EventBusName: "shop" };
  const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: bus.EventBusName }));
  await events.send(
    new PutRuleCommand({
      ...bus,
      Name: "all",
      EventPattern: JSON.stringify({ "detail-type": ["shop.fulfilment.shipped.v1"] }),
    }),
  );
  await events.send(
    new PutTargetsCommand({
      ...bus,
      Rule: "all",
      Targets: [{ Id: "queue", Arn: queueArn, InputPath: "$.detail" }],
    }),
  );
  events.destroy();
  return EventBusArn ?? "";
}

async function createWorkflow(
  name: string,
  type: "STANDARD" | "EXPRESS",
  definition: StateMachineDefinition,
): Promise<void> {
  const key = "arn:aws:kms:eu-west-1:111111111111:key/data";
  const synthesised = synthesise(
    (stack) =>
      new StateMachine(stack, name, {
        label: testLabel,
        name,
        type,
        definition,
        timeoutSeconds: 240,
        kmsKeyArn: key,
        logKmsKeyArn: key,
        logRetentionDays: 30,
        alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
      }),
  );
  const { definition: text } = synthesised.one("aws_sfn_state_machine");
  await sfn.send(new CreateStateMachineCommand({ name, type, definition: text, roleArn: ROLE_ARN }));
}

const machine = (name: string) => `arn:aws:states:${ACCOUNT.region}:${ACCOUNT.id}:stateMachine:${name}`;

async function start(id: string, order: object, name = "order"): Promise<string> {
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({
      stateMachineArn: machine(name),
      name: id,
      input: JSON.stringify({
        order: { id, cents: 5000, folder: join(emulator.directory.path, id), ...order },
      }),
    }),
  );
  return executionArn ?? "";
}

/** The end of an execution, and the states on its way there. */
async function end(executionArn: string) {
  const describe = () => sfn.send(new DescribeExecutionCommand({ executionArn }));
  await waitUntil(async () => (await describe()).status !== "RUNNING", 60);
  const { status, output, error } = await describe();
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return {
    status,
    error,
    output: JSON.parse(output ?? "{}"),
    states: events.flatMap(({ stateEnteredEventDetails: entered }) => (entered?.name ? [entered.name] : [])),
    failed: events.filter(({ type }) => type === "TaskFailed").length,
  };
}

/** The token that the function has got for an order. */
async function token(id: string): Promise<string> {
  const read = () => {
    try {
      return readFileSync(join(emulator.directory.path, id, "token"), "utf8");
    } catch {
      return "";
    }
  };
  await waitUntil(() => read() !== "", 30);
  return read();
}

/** Takes messages from the queue until there are as many, or none comes any more. */
async function messages(count: number): Promise<object[]> {
  const found: object[] = [];
  await waitUntil(async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: targets.queueUrl, MaxNumberOfMessages: 10 }),
    );
    found.push(...Messages.map(({ Body }) => JSON.parse(Body ?? "")));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    if (Entries.length > 0)
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: targets.queueUrl, Entries }));
    return found.length >= count;
  }, 10);
  return found;
}

test("orders are shipped, or what was done for them is taken back", async () => {
  const approved = await start("approved", { cents: 20_000, failures: { reserve: 1 } });
  const rejected = await start("rejected", { cents: 20_000 });
  const outOfStock = await start("out-of-stock", { outcomes: { reserve: "outOfStock" } });
  const unpacked = await start("unpacked", { failures: { pack: 9 } });
  const stuck = await start("stuck", { failures: { pack: 9, refund: 9 } });
  await sfn.send(
    new SendTaskSuccessCommand({ taskToken: await token("approved"), output: JSON.stringify({ by: "ann" }) }),
  );
  await sfn.send(new SendTaskFailureCommand({ taskToken: await token("rejected"), error: "Rejected" }));

  const success = await end(approved);
  expect(success).toMatchObject({ status: "SUCCEEDED", failed: 1 });
  expect(success.output).toMatchObject({
    order: { id: "approved" },
    reserve: { outcome: "reserved" },
    approval: { by: "ann" },
    charge: { outcome: "done" },
  });
  expect(success.states.filter((name) => !["Pack", "Label"].includes(name))).toEqual([
    "Reserve",
    "WasReserved",
    "NeedsApproval",
    "Approve",
    "Charge",
    "Ship",
    "TellShipped",
    "Done",
  ]);

  expect(await end(rejected)).toMatchObject({
    status: "SUCCEEDED",
    output: { error: { Error: "Rejected" }, release: { outcome: "done" } },
    states: ["Reserve", "WasReserved", "NeedsApproval", "Approve", "Release", "TellFailed", "Done"],
  });
  expect(await end(outOfStock)).toMatchObject({
    status: "SUCCEEDED",
    states: ["Reserve", "WasReserved", "TellFailed", "Done"],
  });

  const compensated = await end(unpacked);
  expect(compensated).toMatchObject({ status: "SUCCEEDED", output: { refund: { outcome: "done" } } });
  expect(compensated.states.slice(-4)).toEqual(["Refund", "Release", "TellFailed", "Done"]);

  const failure = await end(stuck);
  expect(failure.status).toBe("FAILED");
  expect(failure.states.at(-1)).toBe("Refund");

  expect((await messages(4)).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
    { outcome: "failed", order: "out-of-stock" },
    { outcome: "failed", order: "rejected" },
    { outcome: "failed", order: "unpacked" },
    { outcome: "shipped", order: "approved" },
  ]);
});

test("what no attempt mends is caught at once", async () => {
  const execution = await start("refused", { failures: { reserve: 1 } }, "strict");
  expect(await end(execution)).toMatchObject({
    status: "SUCCEEDED",
    failed: 1,
    states: ["Reserve", "Release", "TellFailed", "Done"],
  });
  expect(await messages(1)).toEqual([{ outcome: "failed", order: "refused" }]);
});

test("an Express workflow answers whoever started it", async () => {
  const run = (order: object) =>
    sfn.send(
      new StartSyncExecutionCommand({
        stateMachineArn: machine("booking"),
        input: JSON.stringify({ order: { lines: [{ sku: "a" }, { sku: "b" }], ...order } }),
      }),
    );
  const [booked, refused] = await Promise.all([
    run({ cents: 5 }),
    run({ cents: 5, state: "open", lines: [] }),
  ]);
  expect(booked.status).toBe("SUCCEEDED");
  expect(JSON.parse(booked.output ?? "")).toMatchObject({ mark: { done: true }, order: { cents: 5 } });
  expect(refused).toMatchObject({ status: "FAILED", error: "OrderOpen" });
  expect(await messages(2)).toEqual(expect.arrayContaining([{ booked: "a" }, { booked: "b" }]));
});
