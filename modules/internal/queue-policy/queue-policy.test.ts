import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { synthesise } from "../synth-test";
import { QueuePolicy, type ServiceProducer } from ".";

const ARN = "arn:aws:sqs:eu-west-1:111111111111:acme-test-stock";
const TOPIC: ServiceProducer = {
  sid: "SendFromTopicOrderEvents",
  service: "sns.amazonaws.com",
  sourceArn: "arn:aws:sns:eu-west-1:111111111111:acme-test-order-events",
};
const BUCKET: ServiceProducer = {
  sid: "SendFromBucketImport",
  service: "s3.amazonaws.com",
  sourceArn: "arn:aws:s3:::acme-test-import",
  sourceAccount: "111111111111",
};

/** Statements of the policy when these may send. */
function statements(...producers: ServiceProducer[]) {
  const { one } = synthesise((stack) => {
    const policy = new QueuePolicy(stack, "policy", { queueUrl: "https://queue", queueArn: ARN });
    new SqsQueue(stack, "sender", { name: "sender", dependsOn: [policy.dependable] });
    for (const producer of producers) policy.allow(producer);
  });
  expect(one("aws_sqs_queue").depends_on).toEqual(["aws_sqs_queue_policy.policy"]);
  expect(one("aws_sqs_queue_policy").queue_url).toBe("https://queue");
  return JSON.parse(one("aws_sqs_queue_policy").policy).Statement;
}

const DENY_PLAIN_HTTP = {
  Sid: "DenyPlainHttp",
  Effect: "Deny",
  Principal: "*",
  Action: ["sqs:*"],
  Resource: [ARN],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

test("plain HTTP is denied, and no service is let in that is not named", () => {
  expect(statements()).toEqual([DENY_PLAIN_HTTP]);
});

test("a service sends for its one source, also where it is named after the policy was made", () => {
  expect(statements(TOPIC, BUCKET)).toEqual([
    DENY_PLAIN_HTTP,
    {
      Sid: "SendFromTopicOrderEvents",
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Resource: [ARN],
      Condition: { ArnEquals: { "aws:SourceArn": TOPIC.sourceArn } },
    },
    {
      Sid: "SendFromBucketImport",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Resource: [ARN],
      Condition: {
        ArnEquals: { "aws:SourceArn": "arn:aws:s3:::acme-test-import" },
        StringEquals: { "aws:SourceAccount": "111111111111" },
      },
    },
  ]);
});

test("one source is named once", () => {
  expect(() => statements(TOPIC, TOPIC)).toThrow(
    new Error("policy of a queue: SendFromTopicOrderEvents is there already; name each source once"),
  );
});
