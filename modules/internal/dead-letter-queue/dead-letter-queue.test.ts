import { synthesise, testLabel } from "../synth-test";
import { DeadLetterQueue } from ".";

const synthesised = synthesise((stack) => {
  new DeadLetterQueue(stack, "failures", {
    label: testLabel,
    name: "upload-guard",
    kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
    alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
  });
});

test("is named after what failed", () => {
  expect(synthesised.one("aws_sqs_queue").name).toBe("acme-test-upload-guard-failed");
});

test("control 6: messages are kept 14 days, the longest that any source keeps them", () => {
  expect(synthesised.one("aws_sqs_queue").message_retention_seconds).toBe(1_209_600);
});

test("control 24: messages are encrypted with the customer-managed key", () => {
  expect(synthesised.one("aws_sqs_queue").kms_master_key_id).toBe(
    "arn:aws:kms:eu-west-1:111111111111:key/data",
  );
});

test("plain HTTP is denied", () => {
  const policy = JSON.parse(synthesised.one("aws_sqs_queue_policy").policy);
  expect(policy.Statement).toEqual([
    expect.objectContaining({
      Effect: "Deny",
      Principal: "*",
      Action: ["sqs:*"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    }),
  ]);
});

test("control 29: the first message alarms, and the alarm tells its topic", () => {
  const alarm = synthesised.one("aws_cloudwatch_metric_alarm");
  expect(alarm).toMatchObject({
    alarm_name: "acme-test-upload-guard-failed-depth",
    comparison_operator: "GreaterThanThreshold",
    threshold: 0,
    datapoints_to_alarm: 1,
    alarm_actions: ["arn:aws:sns:eu-west-1:111111111111:alarms"],
  });
  expect(alarm.metric_query[0].metric).toMatchObject({
    metric_name: "ApproximateNumberOfMessagesVisible",
    stat: "Maximum",
  });
});

test("any queue may have it as its dead-letter queue unless one is named", () => {
  expect(synthesised.types).not.toContain("aws_sqs_queue_redrive_allow_policy");
});

describe("of a FIFO queue", () => {
  const SOURCE = "arn:aws:sqs:eu-west-1:111111111111:acme-test-stock.fifo";
  const { one } = synthesise((stack) => {
    const failures = new DeadLetterQueue(stack, "failures", {
      label: testLabel,
      name: "stock",
      kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
      alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
      fifo: true,
    });
    failures.allowRedriveFrom(SOURCE);
    failures.allow({
      sid: "SendFromTopicOrderEvents",
      service: "sns.amazonaws.com",
      sourceArn: "arn:aws:sns:eu-west-1:111111111111:topic",
    });
  });

  test("is FIFO, as its name must say", () => {
    expect(one("aws_sqs_queue")).toMatchObject({ name: "acme-test-stock-failed.fifo", fifo_queue: true });
  });

  test("control 6: takes the failures of that queue alone", () => {
    expect(JSON.parse(one("aws_sqs_queue_redrive_allow_policy").redrive_allow_policy)).toEqual({
      redrivePermission: "byQueue",
      sourceQueueArns: [SOURCE],
    });
  });

  test("a service that is let in sends what it could not deliver", () => {
    const { Statement } = JSON.parse(one("aws_sqs_queue_policy").policy);
    expect(Statement).toEqual([
      expect.objectContaining({ Sid: "DenyPlainHttp", Effect: "Deny" }),
      expect.objectContaining({
        Sid: "SendFromTopicOrderEvents",
        Principal: { Service: "sns.amazonaws.com" },
        Action: ["sqs:SendMessage"],
        Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:sns:eu-west-1:111111111111:topic" } },
      }),
    ]);
  });
});
