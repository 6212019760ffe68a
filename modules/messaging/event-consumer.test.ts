import { synthesise, testArtifact } from "../internal/synth-test";
import type { EventConsumerConfig } from ".";
import { ALARMS, consumerOf, KEY, queueOf, reference, streamOf } from "./fixture";

const { all, one } = synthesise((stack) => {
  const consumer = consumerOf(
    stack,
    [
      { queue: queueOf(stack) },
      {
        queue: queueOf(stack, { name: "rebuild", visibilityTimeoutSeconds: 61 }),
        batchSize: 50,
        maximumBatchingWindowSeconds: 1,
      },
      { stream: streamOf(stack) },
    ],
    {
      artifact: testArtifact("history", { required: ["FAILURES_QUEUE_URL"] }),
      statements: [{ sid: "Own", actions: ["dynamodb:PutItem"], resources: ["arn:table"] }],
    },
  );
  consumer.allowInvocation("rule", "events.amazonaws.com", "arn:rule");
});

const ALIAS = reference("aws_lambda_alias", "live", "arn");
const FAILURES = reference("aws_sqs_queue", "consumer_failures-of-order-events", "arn");

test("control 7: of a queue's batch only what failed is delivered again", () => {
  expect(one("aws_lambda_event_source_mapping", "from-stock-queue")).toMatchObject({
    event_source_arn: reference("aws_sqs_queue", "stock_queue", "arn"),
    function_name: ALIAS,
    function_response_types: ["ReportBatchItemFailures"],
    batch_size: 10,
    maximum_batching_window_in_seconds: 0,
  });
  expect(one("aws_lambda_event_source_mapping", "from-rebuild-queue")).toMatchObject({
    function_response_types: ["ReportBatchItemFailures"],
    batch_size: 50,
    maximum_batching_window_in_seconds: 1,
  });
});

test("queues share what the stream's shards leave of the reserved concurrency, so that none is throttled", () => {
  expect(
    all("aws_lambda_event_source_mapping")
      .filter(({ scaling_config }) => scaling_config)
      .map(({ scaling_config }) => scaling_config),
  ).toEqual([{ maximum_concurrency: 4 }, { maximum_concurrency: 4 }]);
});

test("control 8: a stream's batch is halved when it fails, retried until the age that is bounded, and then kept in a queue", () => {
  expect(one("aws_lambda_event_source_mapping", "stream")).toMatchObject({
    event_source_arn: reference("aws_kinesis_stream", "order-events-stream", "arn"),
    function_name: ALIAS,
    function_response_types: ["ReportBatchItemFailures"],
    starting_position: "TRIM_HORIZON",
    batch_size: 100,
    maximum_batching_window_in_seconds: 0,
    parallelization_factor: 1,
    bisect_batch_on_function_error: true,
    maximum_retry_attempts: -1,
    maximum_record_age_in_seconds: 43_200,
    destination_config: { on_failure: { destination_arn: FAILURES } },
  });
  expect(one("aws_sqs_queue", "consumer_failures")).toMatchObject({
    name: "acme-test-history-order-events-failed",
    kms_master_key_id: KEY,
  });
});

test("control 29: a function that falls behind its stream alarms", () => {
  expect(one("aws_cloudwatch_metric_alarm", "lag")).toMatchObject({
    alarm_name: "acme-test-history-lag",
    threshold: 300_000,
    alarm_actions: [ALARMS],
    metric_query: [
      expect.objectContaining({
        metric: expect.objectContaining({ metric_name: "IteratorAge", stat: "Maximum" }),
      }),
    ],
  });
});

test("a function whose manifest asks for it knows where to keep what it can never handle", () => {
  expect(one("aws_lambda_function").environment.variables.FAILURES_QUEUE_URL).toEqual(
    reference("aws_sqs_queue", "consumer_failures-of-order-events", "url"),
  );
});

test("control 29: a function that is not invoked though records come in alarms", () => {
  const standstill = one("aws_cloudwatch_metric_alarm", "standstill");
  expect(standstill).toMatchObject({
    alarm_name: "acme-test-history-order-events-standstill",
    ...{ comparison_operator: "GreaterThanThreshold", threshold: 0 },
    ...{ evaluation_periods: 12, datapoints_to_alarm: 2, treat_missing_data: "notBreaching" },
    alarm_actions: [ALARMS],
  });
  expect(standstill.metric_query).toEqual([
    expect.objectContaining({
      expression: "IF(incoming > 0, IF(FILL(batches, 0) > 0, 0, 1), 0)",
      return_data: true,
    }),
    {
      id: "incoming",
      metric: {
        ...{ metric_name: "IncomingRecords", namespace: "AWS/Kinesis", stat: "Sum", period: 300 },
        dimensions: { StreamName: reference("aws_kinesis_stream", "order-events-stream", "name") },
      },
    },
    {
      id: "batches",
      metric: {
        ...{ metric_name: "IteratorAge", namespace: "AWS/Lambda", stat: "SampleCount", period: 300 },
        dimensions: { FunctionName: "acme-test-history" },
      },
    },
  ]);
});

test("control 21: the function's role may read its sources and send failures, with the key for each alone", () => {
  const { policy } = one("aws_iam_role_policy");
  const statements = JSON.parse(policy).Statement as { Sid: string; Action: string[]; Resource: string[] }[];
  const found = Object.fromEntries(
    statements.map(({ Sid, Action, Resource }) => [Sid, { Action, Resource }]),
  );
  const receive = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
  expect(found).toMatchObject({
    Own: { Action: ["dynamodb:PutItem"], Resource: ["arn:table"] },
    ConsumeFromStock: { Action: receive, Resource: [reference("aws_sqs_queue", "stock_queue", "arn")] },
    DecryptFromStockQueue: { Action: ["kms:Decrypt"], Resource: [KEY] },
    ConsumeFromRebuild: { Action: receive, Resource: [reference("aws_sqs_queue", "rebuild_queue", "arn")] },
    DecryptFromRebuildQueue: { Action: ["kms:Decrypt"], Resource: [KEY] },
    ReadFromOrderEvents: { Resource: [reference("aws_kinesis_stream", "stream", "arn")] },
    DecryptFromOrderEventsStream: { Action: ["kms:Decrypt"], Resource: [KEY] },
    SendFailuresOfOrderEvents: { Action: ["sqs:SendMessage"], Resource: [FAILURES] },
    EncryptFailuresOfOrderEvents: { Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: [KEY] },
  });
  expect(JSON.parse(policy).Statement).toContainEqual(
    expect.objectContaining({
      Sid: "EncryptFailuresOfOrderEvents",
      Condition: {
        StringEquals: {
          "kms:ViaService": "sqs.eu-west-1.amazonaws.com",
          "kms:EncryptionContext:aws:sqs:arn": FAILURES,
        },
      },
    }),
  );
});

test("control 23: who may invoke the alias besides is named", () => {
  expect(one("aws_lambda_permission")).toMatchObject({
    principal: "events.amazonaws.com",
    source_arn: "arn:rule",
    qualifier: "live",
  });
});

test("a function without a stream has no alarm on lag and no further queue", () => {
  const queuesAlone = synthesise((stack) => {
    consumerOf(stack, [{ queue: queueOf(stack), maximumConcurrency: 3 }]);
  });
  expect(queuesAlone.all("aws_sqs_queue").map(({ name }) => name)).toEqual([
    "acme-test-stock-failed",
    "acme-test-stock",
  ]);
  expect(queuesAlone.all("aws_cloudwatch_metric_alarm").map(({ alarm_name }) => alarm_name)).not.toContain(
    "acme-test-history-lag",
  );
  expect(queuesAlone.one("aws_lambda_event_source_mapping").scaling_config).toEqual({
    maximum_concurrency: 3,
  });
});

const QUEUE = "function history, queue stock";
const STREAM = "function history, stream order-events";

interface Refusal {
  readonly name: string;
  readonly sources: (stack: Parameters<typeof queueOf>[0]) => EventConsumerConfig["sources"];
  readonly changes?: Partial<EventConsumerConfig>;
  readonly message: string;
}

test.each<Refusal>([
  {
    name: "no source",
    sources: () => [],
    message: "function history: sources must name at least one queue or stream",
  },
  {
    name: "control 4: a queue that delivers a message again while the function has it",
    sources: (stack) => [{ queue: queueOf(stack), maximumBatchingWindowSeconds: 5 }],
    message:
      `${QUEUE}: the queue's visibilityTimeoutSeconds must be at least six times the time-out of 10 s ` +
      "and the batching window of 5 s, 65, got 60; raise it, or lower timeoutSeconds in functions/history/function.json",
  },
  {
    name: "numbers of a queue that Lambda does not take",
    sources: (stack) => [
      {
        queue: queueOf(stack, { visibilityTimeoutSeconds: 3600 }),
        batchSize: 10_001,
        maximumBatchingWindowSeconds: 301,
        maximumConcurrency: 1,
      },
    ],
    message:
      `${QUEUE}: batchSize must be a whole number from 1 to 10000, got 10001\n` +
      `${QUEUE}: maximumBatchingWindowSeconds must be a whole number from 0 to 300, got 301\n` +
      `${QUEUE}: maximumConcurrency must be a whole number from 2 to 1000, got 1`,
  },
  {
    name: "a large batch without a window",
    sources: (stack) => [{ queue: queueOf(stack), batchSize: 11 }],
    message: `${QUEUE}: maximumBatchingWindowSeconds must be at least 1 for a batchSize above 10, got 0`,
  },
  {
    name: "a large batch and a window of a FIFO queue",
    sources: (stack) => [
      {
        queue: queueOf(stack, { fifo: true, visibilityTimeoutSeconds: 300 }),
        batchSize: 11,
        maximumBatchingWindowSeconds: 1,
      },
    ],
    message:
      `${QUEUE}: batchSize must be a whole number from 1 to 10, got 11\n` +
      `${QUEUE}: maximumBatchingWindowSeconds must be a whole number from 0 to 0, got 1`,
  },
  {
    name: "more at once than is reserved",
    sources: (stack) => [{ queue: queueOf(stack) }],
    changes: { reservedConcurrency: 1 },
    message:
      "function history: reservedConcurrency must be at least 2, got 1 (queue stock: 2); " +
      "raise it, or lower maximumConcurrency, shards or parallelizationFactor",
  },
  {
    name: "more of queues and a stream at once than is reserved",
    sources: (stack) => [
      { queue: queueOf(stack) },
      { queue: queueOf(stack, { name: "rebuild" }), maximumConcurrency: 3 },
      { stream: streamOf(stack, { shards: 3 }), parallelizationFactor: 2 },
    ],
    message:
      "function history: reservedConcurrency must be at least 11, got 10 (queue stock: 2, queue rebuild: 3, stream order-events: 6); " +
      "raise it, or lower maximumConcurrency, shards or parallelizationFactor",
  },
  {
    name: "an on-demand stream, of which the first four shards count",
    sources: (stack) => [{ stream: streamOf(stack, { shards: "on-demand" }) }, { queue: queueOf(stack) }],
    changes: { reservedConcurrency: 5 },
    message:
      "function history: reservedConcurrency must be at least 6, got 5 (stream order-events: 4, queue stock: 2); " +
      "raise it, or lower maximumConcurrency, shards or parallelizationFactor",
  },
  {
    name: "numbers of a stream that Lambda does not take",
    sources: (stack) => [
      {
        stream: streamOf(stack),
        batchSize: 0,
        maximumBatchingWindowSeconds: 301,
        parallelizationFactor: 11,
        maximumRetryAttempts: -2,
        maximumRecordAgeSeconds: 86_400,
        maxLagAlarmSeconds: 0,
      },
    ],
    message:
      `${STREAM}: batchSize must be a whole number from 1 to 10000, got 0\n` +
      `${STREAM}: maximumBatchingWindowSeconds must be a whole number from 0 to 300, got 301\n` +
      `${STREAM}: parallelizationFactor must be a whole number from 1 to 10, got 11\n` +
      `${STREAM}: maximumRetryAttempts must be a whole number from -1 to 10000, got -2\n` +
      `${STREAM}: maximumRecordAgeSeconds must be a whole number from 60 to 86399, got 86400\n` +
      `${STREAM}: maxLagAlarmSeconds must be a whole number of at least 1, got 0`,
  },
  {
    name: "a source twice",
    sources: (stack) => {
      const stream = streamOf(stack);
      return [{ stream }, { stream }];
    },
    message: "function history: sources name test/order-events-stream twice; remove one",
  },
])("refused: $name", ({ sources, changes, message }) => {
  expect(() => synthesise((stack) => consumerOf(stack, sources(stack), changes))).toThrow(new Error(message));
});

test("control 5: a function that is deployed under another name has failures of that name", () => {
  const { one: second } = synthesise((stack) => {
    consumerOf(stack, [{ stream: streamOf(stack) }], {
      name: "history-v2",
      artifact: testArtifact("history"),
    });
  });
  expect(second("aws_sqs_queue").name).toBe("acme-test-history-v2-order-events-failed");
});
