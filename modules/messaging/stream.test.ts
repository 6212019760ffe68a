import { TerraformOutput } from "cdktf";
import { synthesise } from "../internal/synth-test";
import { ALARMS, KEY, reference, streamOf } from "./fixture";

const STREAM_ARN = reference("aws_kinesis_stream", "stream", "arn");

const { one, all, json } = synthesise((stack) => {
  const stream = streamOf(stack, { deletionProtection: true });
  new TerraformOutput(stack, "write", { value: stream.writeStatements() });
  new TerraformOutput(stack, "read", { value: stream.readStatements() });
});

test("control 24: records are encrypted with the customer's key", () => {
  expect(one("aws_kinesis_stream")).toMatchObject({
    name: "acme-test-order-events",
    encryption_type: "KMS",
    kms_key_id: KEY,
    retention_period: 24,
  });
});

test("control 2: prevent_destroy follows deletionProtection", () => {
  expect(one("aws_kinesis_stream").lifecycle).toEqual({ prevent_destroy: true });
});

test.each([
  { shards: 2, expected: { stream_mode_details: { stream_mode: "PROVISIONED" }, shard_count: 2 } },
  { shards: "on-demand", expected: { stream_mode_details: { stream_mode: "ON_DEMAND" } } },
] as const)("shards: $shards", ({ shards, expected }) => {
  const stream = synthesise((stack) => {
    streamOf(stack, { shards });
  }).one("aws_kinesis_stream");
  const { stream_mode_details, shard_count } = stream;
  expect({ stream_mode_details, ...(shard_count && { shard_count }) }).toEqual(expected);
});

test("control 21: writers write and readers read, with the key for this stream alone", () => {
  const key = (sid: string, action: string) => ({
    sid,
    actions: [action],
    resources: [KEY],
    conditions: {
      StringEquals: {
        "kms:ViaService": "kinesis.eu-west-1.amazonaws.com",
        "kms:EncryptionContext:aws:kinesis:arn": STREAM_ARN,
      },
    },
  });
  expect(json["output"].write.value).toEqual([
    {
      sid: "WriteToOrderEvents",
      actions: ["kinesis:PutRecord", "kinesis:PutRecords"],
      resources: [STREAM_ARN],
    },
    key("EncryptForOrderEventsStream", "kms:GenerateDataKey"),
  ]);
  expect(json["output"].read.value).toEqual([
    {
      sid: "ReadFromOrderEvents",
      actions: [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ],
      resources: [STREAM_ARN],
    },
    key("DecryptFromOrderEventsStream", "kms:Decrypt"),
  ]);
});

test("throttled writers and readers alarm", () => {
  expect(
    all("aws_cloudwatch_metric_alarm").map(({ alarm_name, alarm_actions, metric_query }) => [
      alarm_name,
      metric_query[0].metric.metric_name,
      alarm_actions,
    ]),
  ).toEqual([
    ["acme-test-order-events-read-throttles", "ReadProvisionedThroughputExceeded", [ALARMS]],
    ["acme-test-order-events-write-throttles", "WriteProvisionedThroughputExceeded", [ALARMS]],
  ]);
});

test("what is out of range is told at once", () => {
  expect(() => synthesise((stack) => streamOf(stack, { shards: 0, retentionHours: 23 }))).toThrow(
    new Error(
      "stream order-events: shards must be a whole number of at least 1, got 0\n" +
        "stream order-events: retentionHours must be a whole number from 24 to 8760, got 23",
    ),
  );
});
