import { synthesise, testLabel } from "../internal/synth-test";
import { NotificationsTable, type NotificationsTableConfig } from ".";

const config: NotificationsTableConfig = {
  label: testLabel,
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
  deletionProtection: true,
  pointInTimeRecoveryDays: 35,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms",
};
let notifications: NotificationsTable | undefined;
const synthesised = synthesise((stack) => {
  notifications = new NotificationsTable(stack, "notifications", config);
});
const table = synthesised.one("aws_dynamodb_table");

test("a partition for each user, sorted by event, whose items end", () => {
  expect(table).toMatchObject({
    ...{ name: "acme-test-notifications", hash_key: "pk", range_key: "sk" },
    ttl: { attribute_name: "expiresAt", enabled: true },
  });
});

test("control 1: the table can be restored to any second of the days asked for", () => {
  expect(table["point_in_time_recovery"]).toEqual({ enabled: true, recovery_period_in_days: 35 });
});

test("control 2: AWS and Terraform protect the table", () => {
  expect([table["deletion_protection_enabled"], table["lifecycle"]]).toEqual([
    true,
    { prevent_destroy: true },
  ]);
});

test("control 24: the table is encrypted with the customer's key", () => {
  expect(table["server_side_encryption"]).toEqual({ enabled: true, kms_key_arn: config.kmsKeyArn });
});

test("control 21: who writes puts single notifications, and reads none", () => {
  const statements = notifications?.writeStatements() ?? [];
  expect(statements.map(({ actions, resources }) => [actions, resources])).toEqual([
    [["dynamodb:PutItem"], [notifications?.tableArn]],
    [["kms:Decrypt"], [config.kmsKeyArn]],
  ]);
});

test("control 29: every alarm tells the topic", () => {
  const alarms = synthesised.all("aws_cloudwatch_metric_alarm");
  expect(alarms).toHaveLength(3);
  for (const alarm of alarms) expect(alarm["alarm_actions"]).toEqual([config.alarmTopicArn]);
});
