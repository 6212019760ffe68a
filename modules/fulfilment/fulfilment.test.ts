import { synthesise, testArtifact, testLabel } from "../internal/synth-test";
import { Fulfilment, type FulfilmentConfig } from ".";

const artifact = testArtifact("fulfilment", {
  required: ["TAKES", "FULFILMENT_TABLE", "PRODUCTS_TABLE", "CREDIT_LIMIT_CENTS", "APPROVAL_ABOVE_CENTS"],
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
  ...{ creditLimitCents: 100_000, approvalAboveCents: 50_000, approvalSeconds: 3600 },
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

const functionOf = (takes: string) =>
  synthesised
    .all("aws_lambda_function")
    .find(({ environment }) => environment["variables"]["TAKES"] === takes) as Record<string, unknown>;

test("control 3 and 4: the functions are bounded in time and in number", () => {
  const timeout = artifact.timeoutSeconds;
  expect(functionOf("steps")).toMatchObject({ timeout, reserved_concurrent_executions: 10 });
  expect(functionOf("approvals")).toMatchObject({ timeout, reserved_concurrent_executions: 5 });
});

/** Statements of a function's role, but for those that every function has. */
function statementsOf(name: string) {
  const [{ policy = "" } = {}] = synthesised
    .all("aws_iam_role_policy")
    .filter((it) => it["name"] === name || String(it["role"]).includes(name));
  const all = JSON.parse(policy).Statement as { readonly Sid: string }[];
  return new Map(all.map((statement) => [statement.Sid, statement]));
}

const workflow = "arn:aws:states:eu-west-1:111111111111:stateMachine:acme-test-fulfilment";

test("control 21: the function of the steps writes fulfilments, changes the stock, and lets its workflow go on", () => {
  const byId = statementsOf("fulfilment_function_role");
  expect(byId.get("WriteFulfilments")).toMatchObject({
    Action: ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
  });
  expect(byId.get("ReadFulfilments")).toMatchObject({ Action: ["dynamodb:GetItem"] });
  expect(byId.get("ChangeStock")).toMatchObject({ Resource: ["arn:products"] });
  expect(byId.get("WakeWorkflow")).toMatchObject({
    Action: ["states:SendTaskSuccess"],
    Resource: [workflow],
  });
  expect(byId.get("EncryptAnswers")).toMatchObject({
    Condition: { StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": workflow } },
  });
});

test("control 21: the function for approvals reaches neither the ledger nor the stock", () => {
  const byId = statementsOf("fulfilment_approvals_role");
  const shared = ["EncryptAnswers", "OpenFulfilments", "WakeWorkflow"];
  const ofAll = ["ReadOwnEnvironment", "WriteOwnLogs", "WriteTraces"];
  expect([...byId.keys()].sort()).toEqual(["DecideOnOrders", "ListApprovals", ...shared, ...ofAll].sort());
  expect(byId.get("DecideOnOrders")).toMatchObject({
    Action: ["dynamodb:GetItem", "dynamodb:PutItem"],
    Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "order#*" } },
  });
  expect(byId.get("ListApprovals")).toMatchObject({
    Action: ["dynamodb:DeleteItem", "dynamodb:Query"],
    Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "approvals" } },
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

test("control 29: an order that is shipped and cancelled, and one that nobody decides on, are told of", () => {
  const alarm = (name: string) =>
    synthesised.all("aws_cloudwatch_metric_alarm").find(({ alarm_name }) => alarm_name === name);
  const metric = (own: object) => [{ metric: { namespace: "acme-test", ...own } }];
  expect(alarm("acme-test-fulfilment-shipped-before")).toMatchObject({
    threshold: 0,
    metric_query: metric({ metric_name: "OrderShippedBefore", dimensions: { service: "fulfilment" } }),
  });
  // Half of the hour that an order may wait here.
  expect(alarm("acme-test-fulfilment-approval-age")).toMatchObject({
    ...{ threshold: 1_800_000, treat_missing_data: "breaching" },
    metric_query: metric({ metric_name: "ApprovalAge", dimensions: { service: "fulfilment-approvals" } }),
  });
});

test.each([
  { field: "creditLimitCents", value: -1, range: "0 to 999999999999" },
  { field: "approvalAboveCents", value: 0.5, range: "0 to 999999999999" },
  { field: "approvalSeconds", value: 59, range: "60 to 2592000" },
])("$field of $value is refused", ({ field, value, range }) => {
  expect(() => synth({ [field]: value })).toThrow(
    new Error(`${field} must be a whole number from ${range}, got ${value}`),
  );
});
