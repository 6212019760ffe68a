import { synthesise, testArtifact, testLabel } from "../internal/synth-test";
import { Fulfilment, type FulfilmentConfig } from ".";

const artifact = testArtifact("fulfilment", {
  required: ["FULFILMENT_TABLE", "PRODUCTS_TABLE", "CREDIT_LIMIT_CENTS", "APPROVAL_ABOVE_CENTS"],
  optional: ["POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"],
});
const stock = { sid: "ChangeStock", actions: ["dynamodb:UpdateItem"], resources: ["arn:products"] };
const config: FulfilmentConfig = {
  ...{ label: testLabel, artifact, artifactBucket: "artifacts" },
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
  logKmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/telemetry",
  logRetentionDays: 30,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms",
  ...{ deletionProtection: true, pointInTimeRecoveryDays: 35, reservedConcurrency: 10 },
  ...{ productsTableName: "acme-test-products", stockStatements: [stock], workflowName: "fulfilment" },
  ...{ creditLimitCents: 100_000, approvalAboveCents: 50_000 },
};

const synth = (changes: Partial<FulfilmentConfig> = {}) =>
  synthesise((stack) => new Fulfilment(stack, "fulfilment", { ...config, ...changes }));
const synthesised = synth();
const table = synthesised.one("aws_dynamodb_table");

test("one table holds records and the ledger, and ends none of them", () => {
  expect(table).toMatchObject({
    ...{ name: "acme-test-fulfilment", billing_mode: "PAY_PER_REQUEST", hash_key: "pk", range_key: "sk" },
  });
  for (const argument of ["ttl", "global_secondary_index"]) expect(table).not.toHaveProperty(argument);
});

test("control 1: the ledger can be restored to any second of the days asked for", () => {
  expect(table["point_in_time_recovery"]).toEqual({ enabled: true, recovery_period_in_days: 35 });
});

test.each([true, false])("control 2: the ledger is protected as deletionProtection %s says", (on) => {
  const { deletion_protection_enabled, lifecycle } = synth({ deletionProtection: on }).one(
    "aws_dynamodb_table",
  );
  expect([deletion_protection_enabled, lifecycle]).toEqual([on, { prevent_destroy: on }]);
});

test("control 3 and 4: the function is bounded in time and in number", () => {
  expect(synthesised.one("aws_lambda_function")).toMatchObject({
    timeout: artifact.timeoutSeconds,
    reserved_concurrent_executions: 10,
  });
});

test("control 21: the function writes fulfilments, changes the stock, and lets its workflow go on", () => {
  const policy = JSON.parse(synthesised.one("aws_iam_role_policy")["policy"]);
  const byId = new Map(policy.Statement.map((statement: { Sid: string }) => [statement.Sid, statement]));
  const workflow = "arn:aws:states:eu-west-1:111111111111:stateMachine:acme-test-fulfilment";
  expect(byId.get("WriteFulfilments")).toMatchObject({
    Action: ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
  });
  expect(byId.get("ReadFulfilments")).toMatchObject({ Action: ["dynamodb:GetItem", "dynamodb:Query"] });
  expect(byId.get("ChangeStock")).toMatchObject({ Resource: ["arn:products"] });
  expect(byId.get("WakeWorkflow")).toMatchObject({
    Action: ["states:SendTaskSuccess"],
    Resource: [workflow],
  });
  expect(byId.get("EncryptAnswers")).toMatchObject({
    Condition: { StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": workflow } },
  });
});

test("control 24: the table is encrypted with the customer's key", () => {
  expect(table["server_side_encryption"]).toEqual({ enabled: true, kms_key_arn: config.kmsKeyArn });
});

test("control 29: every alarm tells the topic", () => {
  const alarms = synthesised.all("aws_cloudwatch_metric_alarm");
  expect(alarms.length).toBeGreaterThan(3);
  for (const alarm of alarms) expect(alarm["alarm_actions"]).toEqual([config.alarmTopicArn]);
});

test.each([
  { field: "creditLimitCents", value: -1 },
  { field: "approvalAboveCents", value: 0.5 },
])("$field of $value is refused", ({ field, value }) => {
  expect(() => synth({ [field]: value })).toThrow(
    new Error(`${field} must be a whole number from 0 to 999999999999, got ${value}`),
  );
});
