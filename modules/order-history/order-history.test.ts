import type { PolicyStatement } from "../internal/iam";
import { synthesise, testLabel } from "../internal/synth-test";
import { OrderHistory, type OrderHistoryConfig } from ".";

const config: OrderHistoryConfig = {
  label: testLabel,
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
  deletionProtection: true,
  pointInTimeRecoveryDays: 35,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms",
};

function synth(changes: Partial<OrderHistoryConfig> = {}) {
  let history: OrderHistory | undefined;
  const result = synthesise((stack) => {
    history = new OrderHistory(stack, "order-history", { ...config, ...changes });
  });
  return { ...result, history: history as OrderHistory };
}

const { history, ...synthesised } = synth();
const table = synthesised.one("aws_dynamodb_table");

test("a partition for each user in each generation, sorted by order, and no index", () => {
  expect(table).toMatchObject({
    name: "acme-test-order-history",
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "pk",
    range_key: "sk",
    attribute: [
      { name: "pk", type: "S" },
      { name: "sk", type: "S" },
    ],
  });
  for (const argument of ["global_secondary_index", "local_secondary_index"])
    expect(table).not.toHaveProperty(argument);
});

test("rows of a generation that nobody reads end at expiresAt", () => {
  expect(table["ttl"]).toEqual({ attribute_name: "expiresAt", enabled: true });
});

test("control 1: the view can be restored to any second of the days asked for", () => {
  expect(table["point_in_time_recovery"]).toEqual({ enabled: true, recovery_period_in_days: 35 });
});

test.each([true, false])(
  "control 2: AWS and Terraform protect the view as deletionProtection %s says",
  (on) => {
    const { deletion_protection_enabled, lifecycle } = synth({ deletionProtection: on }).one(
      "aws_dynamodb_table",
    );
    expect(deletion_protection_enabled).toBe(on);
    expect(lifecycle).toEqual({ prevent_destroy: on });
  },
);

test("control 24: the view is encrypted with the customer's key", () => {
  expect(table["server_side_encryption"]).toEqual({ enabled: true, kms_key_arn: config.kmsKeyArn });
});

test("what a flood can cost is bounded when asked for", () => {
  const bounded = synth({ onDemandMaximumReadUnits: 4000, onDemandMaximumWriteUnits: 1000 });
  expect(bounded.one("aws_dynamodb_table")["on_demand_throughput"]).toEqual({
    ...{ max_read_request_units: 4000, max_write_request_units: 1000 },
  });
  expect(table).not.toHaveProperty("on_demand_throughput");
});

test("control 29: refused reads and writes, and DynamoDB's own errors, are told of", () => {
  const alarms = synthesised.all("aws_cloudwatch_metric_alarm");
  expect(alarms).toHaveLength(3);
  for (const alarm of alarms) expect(alarm["alarm_actions"]).toEqual([config.alarmTopicArn]);
});

describe("statements", () => {
  const brief = (statements: PolicyStatement[]) =>
    statements.map(({ actions, resources }) => [actions, resources]);
  const open = [["kms:Decrypt"], [config.kmsKeyArn]];

  test("control 21: who reads can read rows and partitions, neither scan nor write", () => {
    expect(brief(history.readStatements())).toEqual([
      [["dynamodb:GetItem", "dynamodb:Query"], [history.tableArn]],
      open,
    ]);
  });

  test("control 21: who projects can change rows one by one, neither delete nor list them", () => {
    expect(brief(history.projectStatements())).toEqual([
      [["dynamodb:GetItem"], [history.tableArn]],
      [["dynamodb:UpdateItem"], [history.tableArn]],
      open,
    ]);
  });

  test("control 21: the key opens this table alone, through DynamoDB", () => {
    expect(history.readStatements().at(-1)?.conditions).toEqual({
      StringEquals: {
        "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com",
        "kms:EncryptionContext:aws:dynamodb:tableName": history.tableName,
      },
    });
  });
});

test("days that are none are refused", () => {
  expect(() => synth({ pointInTimeRecoveryDays: 36 })).toThrow(
    new Error("pointInTimeRecoveryDays must be a whole number from 1 to 35, got 36"),
  );
});
