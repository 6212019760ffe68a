import { policyDocument } from "../iam";
import { type Synthesised, synthesise, testArtifact, testLabel } from "../synth-test";
import { LambdaFunction, type LambdaFunctionConfig } from ".";

const QUEUE = "arn:aws:sqs:eu-west-1:111111111111:acme-test-guard-failed";
const KEY = "arn:aws:kms:eu-west-1:111111111111:key/data";

function synthesiseWith(config: Partial<LambdaFunctionConfig>): Synthesised {
  return synthesise((stack) => {
    const lambda = new LambdaFunction(stack, "guard", {
      label: testLabel,
      artifact: testArtifact("guard"),
      artifactBucket: "artifacts",
      environment: {},
      statements: [],
      kmsKeyArn: KEY,
      logRetentionDays: 30,
      alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
      reservedConcurrency: 5,
      ...config,
    });
    lambda.allowInvocation("from-files", "s3.amazonaws.com", "arn:aws:s3:::files", "111111111111");
  });
}

describe("with a queue for failures", () => {
  const synthesised = synthesiseWith({ onFailureQueueArn: QUEUE });

  test("control 5: events that fail for good go to the queue, from the alias that is invoked", () => {
    const settings = synthesised.one("aws_lambda_function_event_invoke_config");
    expect(settings.destination_config.on_failure.destination).toBe(QUEUE);
    expect(settings.qualifier).toMatch(/^\$\{aws_lambda_alias\./);
  });

  test("control 5: retries and age of an event are bounded", () => {
    const settings = synthesised.one("aws_lambda_function_event_invoke_config");
    expect(settings.maximum_retry_attempts).toBe(2);
    expect(settings.maximum_event_age_in_seconds).toBe(3600);
  });

  test("control 21: the role may send to that queue alone, and use its key through SQS alone", () => {
    const { Statement } = JSON.parse(synthesised.one("aws_iam_role_policy").policy) as {
      Statement: { Sid: string }[];
    };
    const added = Statement.filter(({ Sid }) => ["SendFailures", "EncryptFailures"].includes(Sid));
    expect(added).toEqual(
      JSON.parse(
        policyDocument([
          { sid: "SendFailures", actions: ["sqs:SendMessage"], resources: [QUEUE] },
          {
            sid: "EncryptFailures",
            actions: ["kms:GenerateDataKey", "kms:Decrypt"],
            resources: [KEY],
            conditions: { StringEquals: { "kms:ViaService": "sqs.eu-west-1.amazonaws.com" } },
          },
        ]),
      ).Statement,
    );
  });
});

describe("without a queue for failures", () => {
  const synthesised = synthesiseWith({});

  test("asynchronous invocation is not configured", () => {
    expect(synthesised.types).not.toContain("aws_lambda_function_event_invoke_config");
  });

  test("control 21: the role may use no queue", () => {
    expect(synthesised.one("aws_iam_role_policy").policy).not.toContain("sqs:");
  });
});

test("control 23: an ARN without an account is limited to the account it is given", () => {
  const permission = synthesiseWith({}).one("aws_lambda_permission");
  expect(permission.source_arn).toBe("arn:aws:s3:::files");
  expect(permission.source_account).toBe("111111111111");
});

test("control 27: logs may have a key of their own", () => {
  const logKmsKeyArn = "arn:aws:kms:eu-west-1:111111111111:key/telemetry";
  const synthesised = synthesiseWith({ logKmsKeyArn });
  expect(synthesised.one("aws_cloudwatch_log_group").kms_key_id).toBe(logKmsKeyArn);
  expect(synthesised.one("aws_lambda_function").kms_key_arn).toBe(KEY);
});
