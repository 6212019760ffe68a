import { TerraformOutput } from "cdktf";
import { synthesise } from "../internal/synth-test";
import { ALARMS, KEY, queueOf, reference, topicOf } from "./fixture";

const TYPES = ["shop.order.placed.v1", "shop.order.cancelled.v1"];
const QUEUE_ARN = reference("aws_sqs_queue", "stock_queue", "arn");
const TOPIC_ARN = reference("aws_sns_topic", "topic", "arn");

const { one, json } = synthesise((stack) => {
  const queue = queueOf(stack);
  queue.subscribe(topicOf(stack), { types: TYPES });
  new TerraformOutput(stack, "send", { value: queue.sendStatements() });
  new TerraformOutput(stack, "consume", { value: queue.consumeStatements() });
});

test("control 24: messages are encrypted with the customer's key", () => {
  expect(one("aws_sqs_queue", "stock_queue")).toMatchObject({
    name: "acme-test-stock",
    visibility_timeout_seconds: 60,
    message_retention_seconds: 345_600,
    receive_wait_time_seconds: 20,
    kms_master_key_id: KEY,
    kms_data_key_reuse_period_seconds: 300,
  });
});

test("control 6: after five deliveries a message goes to a dead-letter queue that keeps it longer, and takes no other's", () => {
  const queue = one("aws_sqs_queue", "stock_queue");
  const failures = one("aws_sqs_queue", "failures");
  expect(JSON.parse(queue.redrive_policy)).toEqual({
    deadLetterTargetArn: reference("aws_sqs_queue", "failures", "arn"),
    maxReceiveCount: 5,
  });
  expect(failures).toMatchObject({ name: "acme-test-stock-failed", message_retention_seconds: 1_209_600 });
  const { redrive_allow_policy } = one("aws_sqs_queue_redrive_allow_policy");
  expect(JSON.parse(redrive_allow_policy)).toEqual({
    redrivePermission: "byQueue",
    sourceQueueArns: [QUEUE_ARN],
  });
});

test("control 29: the age of the oldest message, the depth and what failed for good alarm", () => {
  const alarms = ["age-alarm", "stock_depth", "failures_depth"].map((id) =>
    one("aws_cloudwatch_metric_alarm", id),
  );
  expect(
    alarms.map(({ alarm_name, threshold, alarm_actions, metric_query }) => ({
      alarm_name,
      threshold,
      alarm_actions,
      metric: metric_query[0].metric.metric_name,
    })),
  ).toEqual([
    {
      alarm_name: "acme-test-stock-age",
      threshold: 300,
      alarm_actions: [ALARMS],
      metric: "ApproximateAgeOfOldestMessage",
    },
    {
      alarm_name: "acme-test-stock-depth",
      threshold: 1000,
      alarm_actions: [ALARMS],
      metric: "ApproximateNumberOfMessagesVisible",
    },
    {
      alarm_name: "acme-test-stock-failed-depth",
      threshold: 0,
      alarm_actions: [ALARMS],
      metric: "ApproximateNumberOfMessagesVisible",
    },
  ]);
});

test("a subscription gets the body as it is, of its types alone, and keeps what SNS could not deliver", () => {
  const { filter_policy, redrive_policy, depends_on, ...subscription } = one("aws_sns_topic_subscription");
  expect(subscription).toMatchObject({
    topic_arn: TOPIC_ARN,
    protocol: "sqs",
    endpoint: QUEUE_ARN,
    raw_message_delivery: true,
    filter_policy_scope: "MessageBody",
  });
  expect(JSON.parse(filter_policy)).toEqual({ type: TYPES });
  expect(JSON.parse(redrive_policy)).toEqual({
    deadLetterTargetArn: reference("aws_sqs_queue", "failures", "arn"),
  });
  // A message that comes before the policy is lost.
  expect(depends_on).toEqual([
    expect.stringMatching(/^aws_sqs_queue_policy\.stock_policy/),
    expect.stringMatching(/^aws_sqs_queue_policy\.stock_failures/),
  ]);
});

test.each([
  { of: "the queue", id: "stock_policy", queue: "stock_queue" },
  { of: "its dead-letter queue", id: "failures", queue: "failures" },
])("control 21: the policy of $of lets the topic in, and nobody without TLS", ({ id, queue }) => {
  const resources = [reference("aws_sqs_queue", queue, "arn")];
  expect(JSON.parse(one("aws_sqs_queue_policy", id).policy).Statement).toEqual([
    {
      Sid: "DenyPlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: ["sqs:*"],
      Resource: resources,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "SendFromTopicOrderEvents",
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Resource: resources,
      Condition: { ArnEquals: { "aws:SourceArn": TOPIC_ARN } },
    },
  ]);
});

test("control 21: senders send, consumers receive, and both use the key for this queue alone", () => {
  const key = (sid: string, actions: string[]) => ({
    sid,
    actions,
    resources: [KEY],
    conditions: {
      StringEquals: {
        "kms:ViaService": "sqs.eu-west-1.amazonaws.com",
        "kms:EncryptionContext:aws:sqs:arn": QUEUE_ARN,
      },
    },
  });
  expect(json["output"].send.value).toEqual([
    { sid: "SendToStock", actions: ["sqs:SendMessage"], resources: [QUEUE_ARN] },
    key("EncryptForStockQueue", ["kms:GenerateDataKey", "kms:Decrypt"]),
  ]);
  expect(json["output"].consume.value).toEqual([
    {
      sid: "ConsumeFromStock",
      actions: [
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:ChangeMessageVisibility",
      ],
      resources: [QUEUE_ARN],
    },
    key("DecryptFromStockQueue", ["kms:Decrypt"]),
  ]);
});

test("a FIFO queue and its dead-letter queue say so by name, and keep the order within a group", () => {
  const fifo = synthesise((stack) => {
    queueOf(stack, {
      name: "order-cancellations-of-a-shop-with-a-name-that-is-too-long-for-sqs",
      fifo: true,
    });
  });
  const name = /^acme-test-order-cancellations-of-a-shop-[a-z-]*-[0-9a-f]{8}\.fifo$/;
  const queue = fifo.one("aws_sqs_queue", "long-for-sqs_queue");
  expect(queue).toMatchObject({
    name: expect.stringMatching(name),
    fifo_queue: true,
    content_based_deduplication: true,
    deduplication_scope: "messageGroup",
    fifo_throughput_limit: "perMessageGroupId",
  });
  const failures = fifo.one("aws_sqs_queue", "failures");
  expect(failures).toMatchObject({ name: expect.stringMatching(name), fifo_queue: true });
  expect([queue.name.length, failures.name.length]).toEqual([80, 80]);
});

test("what is out of range is told at once", () => {
  const changes = {
    visibilityTimeoutSeconds: 43_201,
    maxReceiveCount: 0,
    retentionSeconds: 59,
    maxAgeAlarmSeconds: 0,
    depthAlarm: -1,
  };
  expect(() => synthesise((stack) => queueOf(stack, changes))).toThrow(
    new Error(
      "queue stock: visibilityTimeoutSeconds must be a whole number from 0 to 43200, got 43201\n" +
        "queue stock: maxReceiveCount must be a whole number from 1 to 1000, got 0\n" +
        "queue stock: retentionSeconds must be a whole number from 60 to 1209600, got 59\n" +
        "queue stock: maxAgeAlarmSeconds must be a whole number of at least 1, got 0\n" +
        "queue stock: depthAlarm must be a whole number of at least 0, got -1",
    ),
  );
});

const PLACE = "subscription of queue stock to topic order-events";

test.each([
  {
    name: "to a FIFO queue",
    fifo: true,
    types: TYPES,
    message: `${PLACE}: a FIFO queue takes messages of FIFO topics alone; remove fifo`,
  },
  { name: "to nothing", types: [], message: `${PLACE}: types must be 1 to 150 types of events, got 0` },
  {
    name: "to what is no type, and to one twice",
    types: ["shop.*", "shop.order.placed.v1", "shop.order.placed.v1"],
    message:
      `${PLACE}: types[0] must be words joined by dots, as shop.order.placed.v1, got "shop.*"\n` +
      `${PLACE}: types[2]: "shop.order.placed.v1" comes twice; remove one`,
  },
])("refused: a subscription $name", ({ fifo = false, types, message }) => {
  expect(() => synthesise((stack) => queueOf(stack, { fifo }).subscribe(topicOf(stack), { types }))).toThrow(
    new Error(message),
  );
});
