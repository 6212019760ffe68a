import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { KmsKey, type KmsKeyConfig } from ".";

const config: KmsKeyConfig = {
  label: testLabel,
  name: "data",
  description: "Encrypts tables, files and logs",
  services: ["logs.eu-west-1.amazonaws.com", "cloudwatch.amazonaws.com"],
  deletionWindowDays: 30,
  deletionProtection: true,
};

const synth = (changes: Partial<KmsKeyConfig> = {}) =>
  synthesise((stack) => new KmsKey(stack, "key", { ...config, ...changes }));

function statement(sid: string): Resource {
  const statements: Resource[] = JSON.parse(synth().one("aws_kms_key")["policy"])["Statement"];
  return statements.find(({ Sid }) => Sid === sid) ?? {};
}

test("control 24: the key is customer-managed and rotated", () => {
  expect(synth().one("aws_kms_key")["enable_key_rotation"]).toBe(true);
});

test("control 24: CloudWatch Logs uses the key for this account's log groups alone", () => {
  expect(statement("UseByLogsEuWest1")).toEqual({
    Sid: "UseByLogsEuWest1",
    Effect: "Allow",
    Principal: { Service: "logs.eu-west-1.amazonaws.com" },
    Action: [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:DescribeKey",
    ],
    Resource: ["*"],
    Condition: {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111111111111:log-group:*" },
    },
  });
});

test("control 24: alarms can tell an encrypted topic, for this account alone", () => {
  expect(statement("UseByCloudwatch")).toEqual({
    Sid: "UseByCloudwatch",
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
    Resource: ["*"],
    Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
  });
});

test("control 24: CloudFront reads with the key for this account's distributions alone", () => {
  const policy = JSON.parse(synth({ services: ["cloudfront.amazonaws.com"] }).one("aws_kms_key")["policy"]);
  expect(policy["Statement"][1]).toEqual({
    Sid: "UseByCloudfront",
    Effect: "Allow",
    Principal: { Service: "cloudfront.amazonaws.com" },
    Action: ["kms:Decrypt"],
    Resource: ["*"],
    Condition: { ArnLike: { "aws:SourceArn": "arn:aws:cloudfront::111111111111:distribution/*" } },
  });
});

test("control 24: the delivery of logs uses the key for this account's sources alone", () => {
  const policy = JSON.parse(
    synth({ services: ["delivery.logs.amazonaws.com"] }).one("aws_kms_key")["policy"],
  );
  expect(policy["Statement"][1]).toEqual({
    Sid: "UseByDeliveryLogs",
    Effect: "Allow",
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Action: [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:DescribeKey",
    ],
    Resource: ["*"],
    Condition: {
      StringEquals: { "aws:SourceAccount": "111111111111" },
      ArnLike: { "aws:SourceArn": "arn:aws:logs:*:111111111111:delivery-source:*" },
    },
  });
});

test("control 24: the delivery of logs decrypts logs of this account's workflows", () => {
  const policy = JSON.parse(
    synth({ services: ["delivery.logs.amazonaws.com"] }).one("aws_kms_key")["policy"],
  );
  expect(policy["Statement"].slice(2)).toEqual([
    {
      Sid: "UseByDeliveryOfWorkflowLogs",
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: ["kms:Decrypt"],
      Resource: ["*"],
      Condition: {
        StringEquals: { "kms:EncryptionContext:SourceArn": "arn:aws:logs:eu-west-1:111111111111:*" },
      },
    },
  ]);
});

test.each([
  { service: "s3.amazonaws.com", sid: "UseByS3" },
  { service: "sns.amazonaws.com", sid: "UseBySns" },
])("control 24: $service uses the key for this environment's queues alone", ({ service, sid }) => {
  const policy = JSON.parse(synth({ services: [service] }).one("aws_kms_key")["policy"]);
  expect(policy["Statement"].slice(1)).toEqual([
    {
      Sid: sid,
      Effect: "Allow",
      Principal: { Service: service },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: ["*"],
      Condition: {
        StringEquals: { "aws:SourceAccount": "111111111111" },
        ArnLike: { "kms:EncryptionContext:aws:sqs:arn": "arn:aws:sqs:eu-west-1:111111111111:acme-test-*" },
      },
    },
  ]);
});

test("control 24: EventBridge uses the key for this environment's queues and topics alone", () => {
  const policy = JSON.parse(synth({ services: ["events.amazonaws.com"] }).one("aws_kms_key")["policy"]);
  const statement = {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: ["*"],
  };
  expect(policy["Statement"].slice(1)).toEqual([
    {
      ...statement,
      Sid: "UseByEventsForQueues",
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:sqs:arn": "arn:aws:sqs:eu-west-1:111111111111:acme-test-*" },
      },
    },
    {
      ...statement,
      Sid: "UseByEventsForTopics",
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:sns:topicArn": "arn:aws:sns:eu-west-1:111111111111:acme-test-*",
        },
      },
    },
  ]);
});

test("control 24: a service that is not named may not use the key", () => {
  const policy = JSON.parse(synth({ services: [] }).one("aws_kms_key")["policy"]);
  expect(policy["Statement"].map(({ Sid }: Resource) => Sid)).toEqual(["AdministeredByAccount"]);
});

test("control 2: prevent_destroy follows deletionProtection", () => {
  expect(synth().one("aws_kms_key")["lifecycle"]).toEqual({ prevent_destroy: true });
});

test("the alias is named by the label", () => {
  expect(synth().one("aws_kms_alias")["name"]).toBe("alias/acme-test-data");
});

test("all of it is in the region of its provider", () => {
  const { json } = synthesise((stack) => {
    const provider = new AwsProvider(stack, "global", { alias: "global", region: "us-east-1" });
    new KmsKey(stack, "key", { ...config, provider });
  });
  const resources = Object.values<Resource>(json["resource"]).flatMap((byId) =>
    Object.values<Resource>(byId),
  );
  expect(resources.length).toBeGreaterThan(1);
  expect(resources.filter(({ provider }) => provider !== "aws.global")).toEqual([]);
});

test.each([
  {
    name: "no service principal",
    changes: { services: ["logs"] },
    message: 'services: "logs" must be a service principal that ends in .amazonaws.com',
  },
  {
    name: "a service named twice",
    changes: { services: ["cloudwatch.amazonaws.com", "cloudwatch.amazonaws.com"] },
    message: 'policy: two statements have the sid "UseByCloudwatch"; give each its own',
  },
  {
    name: "a deletion window that KMS refuses",
    changes: { deletionWindowDays: 3 },
    message: "deletionWindowDays must be a whole number from 7 to 30, got 3",
  },
])("$name is refused", ({ changes, message }) => {
  expect(() => synth(changes)).toThrow(new Error(message));
});
