/** The command against the SQS of the emulator: real receipts, visibility, order and attributes. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { CommandError } from "../../internal/cli";
import { startTemporaryEmulator, type TemporaryEmulator } from "../../internal/temporary-emulator";
import { ACCOUNT } from "../local/settings";
import { type RedriveRequest, redrive } from "./run";
import { openServices, type RedriveServices } from "./services";
import type { FailureQueue } from "./targets";

jest.setTimeout(60_000);

const { id: ACCOUNT_ID, region: REGION } = ACCOUNT;
let emulator: TemporaryEmulator;
const before = { ...process.env };
let services: RedriveServices;
let sqs: SQSClient;

beforeAll(async () => {
  emulator = await startTemporaryEmulator("redrive");
  Object.assign(process.env, emulator.variables);
  services = await openServices({ accountId: ACCOUNT_ID, region: REGION });
  sqs = new SQSClient({ region: REGION });
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
}, 300_000);

afterAll(async () => {
  services.close();
  sqs.destroy();
  process.env = before;
  await emulator?.stop();
});

/** A queue of failures and what it is of, with messages that were delivered once and failed. */
async function failures(name: string, bodies: readonly string[], fifo = false) {
  const end = fifo ? ".fifo" : "";
  const failureQueueName = `acme-test-${name}-failed${end}`;
  const queueName = `acme-test-${name}${end}`;
  const kind = fifo ? { FifoQueue: "true", ContentBasedDeduplication: "true" } : {};
  await sqs.send(new CreateQueueCommand({ QueueName: failureQueueName, Attributes: kind }));
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: queueName,
      Attributes: {
        ...kind,
        VisibilityTimeout: "0",
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${failureQueueName}`,
          maxReceiveCount: 1,
        }),
      },
    }),
  );
  for (const [index, MessageBody] of bodies.entries()) {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody,
        MessageAttributes: { index: { DataType: "String", StringValue: String(index) } },
        ...(fifo && { MessageGroupId: "order-1" }),
      }),
    );
  }
  const source: FailureQueue = { name, queueName: failureQueueName, source: { kind: "queue", queueName } };
  while ((await services.depth(failureQueueName)).waiting < bodies.length) {
    await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    await sleep(20);
  }
  return source;
}

const request = (queue: FailureQueue, changes: Partial<RedriveRequest> = {}): RedriveRequest => ({
  environment: "envs/test",
  queues: [queue],
  named: true,
  ...{ move: false, samples: 10, bodies: false, dryRun: false },
  ...changes,
});
const config = () => ({
  ...{ perSecond: 500, deadline: Date.now() + 60_000, hasMoveTasks: false },
  ...{ now: Date.now, sleep },
});

test.each([
  { kind: "a queue", fifo: false },
  { kind: "a FIFO queue, in their order", fifo: true },
])("the failures of $kind are looked at without a trace, and go back as they were", async ({ fifo }) => {
  const bodies = Array.from({ length: 12 }, (_, index) => JSON.stringify({ number: index }));
  const queue = await failures(fifo ? "letters" : "stock", bodies, fifo);

  const [looked] = (await redrive(request(queue), services, config())).queues;
  expect(looked).toMatchObject({ waiting: 12, hidden: 0 });
  expect(looked?.samples[0]).toEqual({
    messageId: expect.any(String),
    sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/),
    reason: "it is no event: its specversion is not 1.0",
  });
  expect(await services.depth(queue.queueName)).toEqual({ waiting: 12, hidden: 0 });

  const [moved] = (await redrive(request(queue, { move: true, samples: 0 }), services, config())).queues;
  expect(moved).toMatchObject({ move: "moved", moved: 12, left: 0 });
  expect(await services.depth(queue.queueName)).toEqual({ waiting: 0, hidden: 0 });
  const target = queue.source.kind === "queue" ? queue.source.queueName : "";
  expect(await services.depth(target)).toEqual({ waiting: 12, hidden: 0 });
  const back = [...(await services.receive(target, 10, 30)), ...(await services.receive(target, 10, 30))];
  const found = back.map(({ body, attributes }) => [body, attributes["index"]]);
  const sent = bodies.map((body, index) => [body, String(index)]);
  expect(fifo ? found : found.sort()).toEqual(fifo ? sent.slice(0, found.length) : sent.sort());
});

test("a queue that is not deployed is named", async () => {
  const queue: FailureQueue = { name: "none", queueName: "acme-test-none-failed", source: { kind: "rule" } };
  await expect(redrive(request(queue), services, config())).rejects.toEqual(
    new CommandError("queue acme-test-none-failed", "is not deployed", "deploy it first"),
  );
});
