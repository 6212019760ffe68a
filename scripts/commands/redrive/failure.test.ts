import { failureOf } from "./failure";
import { messageOf } from "./fixture";

const EVENT = {
  specversion: "1.0",
  id: "0198c3c7-0000-7000-8000-000000000001",
  type: "shop.order.placed.v1",
  traceparent: "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01",
  data: { principal: "ann", order: { city: "Oslo" } },
};
const NAMED = {
  eventId: EVENT.id,
  type: "shop.order.placed.v1",
  traceId: "1-5759e988-bd862e3fe1be46a994272793",
};

test.each([
  { name: "an event", body: JSON.stringify(EVENT), expected: NAMED },
  {
    name: "an event in EventBridge's envelope, which says why it was not delivered",
    body: JSON.stringify({ id: "envelope", "detail-type": EVENT.type, detail: EVENT }),
    attributes: { ERROR_CODE: "NO_PERMISSIONS", ERROR_MESSAGE: "not let in", RULE_ARN: "arn:rule" },
    expected: { reason: "NO_PERMISSIONS: not let in", ...NAMED },
  },
  {
    name: "what SNS could not deliver",
    body: JSON.stringify(EVENT),
    attributes: { ErrorCode: "AWS.SimpleQueueService.NonExistentQueue" },
    expected: { reason: "AWS.SimpleQueueService.NonExistentQueue", ...NAMED },
  },
  {
    name: "records of a stream",
    body: JSON.stringify({
      requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 11 },
      responseContext: { functionError: "Unhandled" },
      KinesisBatchInfo: { batchSize: 1, shardId: "shardId-000000000000" },
    }),
    expected: {
      reason: "RetryAttemptsExhausted after 11 invocations, function error Unhandled, 1 record of a stream",
    },
  },
  {
    name: "a record of a stream that is no event",
    body: JSON.stringify({
      ...{ streamArn: "arn:stream", eventId: "shardId-000000000000:1", partitionKey: "a" },
      ...{ reason: "the event must be JSON", data: Buffer.from("Oslo").toString("base64") },
    }),
    expected: { reason: "the event must be JSON" },
  },
  {
    name: "an invocation that failed, of whose event nothing is told",
    body: JSON.stringify({
      requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 1 },
      requestPayload: EVENT,
    }),
    expected: { reason: "EventAgeExceeded after 1 invocation" },
  },
  { name: "text", body: "Oslo", expected: { reason: "its body is no JSON object" } },
  { name: "a list", body: '["Oslo"]', expected: { reason: "its body is no JSON object" } },
  {
    name: "an object of somebody else",
    body: '{"id":"Oslo","type":"Ann"}',
    expected: { reason: "it is no event: its specversion is not 1.0" },
  },
  {
    name: "what EventBridge passed on from elsewhere",
    body: '{"detail-type":"Ann","detail":{"specversion":"Oslo"}}',
    expected: { reason: "it is no event: its specversion is not 1.0" },
  },
  {
    name: "what S3 tells",
    body: '{"Records":[{"eventSource":"aws:s3","s3":{"object":{"key":"incoming/Oslo.csv"}}}]}',
    expected: { reason: "it tells of a file in S3: its function has logged why it failed" },
  },
])(
  "control 28: of $name it tells what it is and why, and not the rest",
  ({ body, attributes = {}, expected }) => {
    const message = messageOf("m", body, { attributes, system: { SentTimestamp: "1764000000000" } });
    const failure = failureOf(message, false);
    expect(failure).toEqual({ messageId: "m", sentAt: "2025-11-24T16:00:00.000Z", ...expected });
    expect(JSON.stringify(failure)).not.toMatch(/Oslo|ann/i);
  },
);

test("the content is told when it is asked for", () => {
  expect(failureOf(messageOf("m", "Oslo"), true)).toEqual({
    messageId: "m",
    reason: "its body is no JSON object",
    body: "Oslo",
  });
});
