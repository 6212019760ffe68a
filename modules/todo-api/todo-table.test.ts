import { DATA_KEY, synthesiseTodos, TOPIC } from "./fixture";

const onDemand = synthesiseTodos();
const table = () => onDemand.one("aws_dynamodb_table");

test("a partition for each user, sorted by item, and by status in the local index", () => {
  expect(table()).toMatchObject({
    name: "acme-test-todos",
    hash_key: "owner",
    range_key: "sk",
    attribute: [
      { name: "owner", type: "S" },
      { name: "sk", type: "S" },
      { name: "statusSk", type: "S" },
    ],
    local_secondary_index: [{ name: "byStatus", range_key: "statusSk", projection_type: "ALL" }],
  });
});

test("items end at expiresAt", () => {
  expect(table()["ttl"]).toEqual({ attribute_name: "expiresAt", enabled: true });
});

test("control 1: the table can be restored to any second of the days asked for", () => {
  expect(table()["point_in_time_recovery"]).toEqual({ enabled: true, recovery_period_in_days: 35 });
});

test.each([true, false])(
  "control 2: AWS and Terraform protect the table as deletionProtection %s says",
  (on) => {
    const { deletion_protection_enabled, lifecycle } = synthesiseTodos({ deletionProtection: on }).one(
      "aws_dynamodb_table",
    );
    expect(deletion_protection_enabled).toBe(on);
    expect(lifecycle).toEqual({ prevent_destroy: on });
  },
);

test("control 24: the table is encrypted with the customer's key", () => {
  expect(table()["server_side_encryption"]).toEqual({ enabled: true, kms_key_arn: DATA_KEY });
});

describe("on demand", () => {
  test("no capacity is provisioned or scaled", () => {
    expect(table()["billing_mode"]).toBe("PAY_PER_REQUEST");
    expect(table()).not.toHaveProperty("read_capacity");
    expect(onDemand.types).not.toContain("aws_appautoscaling_target");
  });

  test("what a flood can cost is bounded when asked for", () => {
    const bounded = synthesiseTodos({ onDemandMaximumReadUnits: 4000, onDemandMaximumWriteUnits: 1000 });
    expect(bounded.one("aws_dynamodb_table")["on_demand_throughput"]).toEqual({
      max_read_request_units: 4000,
      max_write_request_units: 1000,
    });
    expect(table()).not.toHaveProperty("on_demand_throughput");
  });
});

describe("provisioned", () => {
  const provisioned = synthesiseTodos({
    readCapacity: { minimum: 5, maximum: 500 },
    writeCapacity: { minimum: 2, maximum: 200 },
  });

  test("starts at the minimum, and leaves the rest to auto scaling", () => {
    expect(provisioned.one("aws_dynamodb_table")).toMatchObject({
      billing_mode: "PROVISIONED",
      read_capacity: 5,
      write_capacity: 2,
      lifecycle: { ignore_changes: ["read_capacity", "write_capacity"] },
    });
  });

  test.each([
    ["read", "Read", 5, 500],
    ["write", "Write", 2, 200],
  ])("control 41: %s units are scaled between a minimum and a maximum", (id, kind, minimum, maximum) => {
    expect(provisioned.one("aws_appautoscaling_target", `${id}-scaling`)).toMatchObject({
      service_namespace: "dynamodb",
      scalable_dimension: `dynamodb:table:${kind}CapacityUnits`,
      min_capacity: minimum,
      max_capacity: maximum,
    });
    expect(provisioned.one("aws_appautoscaling_policy", `${id}-scaling`)).toMatchObject({
      scalable_dimension: `dynamodb:table:${kind}CapacityUnits`,
      policy_type: "TargetTrackingScaling",
      target_tracking_scaling_policy_configuration: {
        target_value: 70,
        predefined_metric_specification: { predefined_metric_type: `DynamoDB${kind}CapacityUtilization` },
      },
    });
  });
});

describe("alarms", () => {
  test.each([
    ["reads that are refused", "read-throttles", "ReadThrottleEvents"],
    ["writes that are refused", "write-throttles", "WriteThrottleEvents"],
  ])("control 29: %s are told of", (_case, id, metricName) => {
    const alarm = onDemand.one("aws_cloudwatch_metric_alarm", id);
    expect(alarm["metric_query"][0]["metric"]).toMatchObject({ metric_name: metricName, stat: "Sum" });
    expect(alarm["alarm_actions"]).toEqual([TOPIC]);
  });

  test("control 29: DynamoDB's own errors are told of, over all operations", () => {
    const alarm = onDemand.one("aws_cloudwatch_metric_alarm", "system-errors");
    const [total, ...parts] = alarm["metric_query"];
    expect(total).toMatchObject({ expression: "SUM([m0, m1, m2, m3, m4, m5])", return_data: true });
    expect(
      parts.map(
        (part: { metric: { dimensions: { Operation: string } } }) => part.metric.dimensions.Operation,
      ),
    ).toEqual(["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"]);
    expect(alarm["alarm_actions"]).toEqual([TOPIC]);
    expect(alarm["ok_actions"]).toEqual([TOPIC]);
  });
});

const range = { minimum: 1, maximum: 10 };

test.each([
  [
    "no days",
    { pointInTimeRecoveryDays: 0 },
    "pointInTimeRecoveryDays must be a whole number from 1 to 35, got 0",
  ],
  [
    "too many days",
    { pointInTimeRecoveryDays: 36 },
    "pointInTimeRecoveryDays must be a whole number from 1 to 35, got 36",
  ],
  [
    "part of a day",
    { pointInTimeRecoveryDays: 1.5 },
    "pointInTimeRecoveryDays must be a whole number from 1 to 35, got 1.5",
  ],
  [
    "read capacity alone",
    { readCapacity: range },
    "writeCapacity must be set with readCapacity, got undefined; leave both out for an on-demand table",
  ],
  [
    "write capacity alone",
    { writeCapacity: range },
    "readCapacity must be set with writeCapacity, got undefined; leave both out for an on-demand table",
  ],
  [
    "a minimum of none",
    { readCapacity: { minimum: 0, maximum: 10 }, writeCapacity: range },
    "readCapacity.minimum must be a whole number from 1 to 40000, got 0",
  ],
  [
    "a maximum below the minimum",
    { readCapacity: range, writeCapacity: { minimum: 5, maximum: 4 } },
    "writeCapacity.maximum must be a whole number from 5 to 40000, got 4",
  ],
  [
    "an on-demand maximum beside provisioned capacity",
    { readCapacity: range, writeCapacity: range, onDemandMaximumReadUnits: 100 },
    "onDemandMaximumReadUnits is for an on-demand table; leave out readCapacity and writeCapacity, got 100",
  ],
  [
    "an on-demand maximum of none",
    { onDemandMaximumWriteUnits: 0 },
    "onDemandMaximumWriteUnits must be a whole number from 1 to 1000000, got 0",
  ],
])("%s is refused", (_case, config, message) => {
  expect(() => synthesiseTodos(config)).toThrow(new Error(message));
});
