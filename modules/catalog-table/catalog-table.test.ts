import type { PolicyStatement } from "../internal/iam";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { CatalogTable, type CatalogTableConfig } from ".";

const config: CatalogTableConfig = {
  label: testLabel,
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
  deletionProtection: true,
  pointInTimeRecoveryDays: 35,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms",
};

function synth(changes: Partial<CatalogTableConfig> = {}) {
  let products: CatalogTable | undefined;
  const result = synthesise((stack) => {
    products = new CatalogTable(stack, "catalog", { ...config, ...changes });
  });
  return { ...result, products: products as CatalogTable };
}

const { products, ...synthesised } = synth();
const table = synthesised.one("aws_dynamodb_table");

test("a partition for each product", () => {
  expect(table).toMatchObject({
    name: "acme-test-products",
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "id",
    attribute: [
      { name: "id", type: "S" },
      { name: "listing", type: "S" },
    ],
  });
  for (const argument of ["range_key", "local_secondary_index", "ttl"])
    expect(table).not.toHaveProperty(argument);
});

test("an index lists the products by id, with all that a page shows", () => {
  expect(table["global_secondary_index"]).toEqual([
    { name: "byListing", hash_key: "listing", range_key: "id", projection_type: "ALL" },
  ]);
});

test("control 1: the table can be restored to any second of the days asked for", () => {
  expect(table["point_in_time_recovery"]).toEqual({ enabled: true, recovery_period_in_days: 35 });
});

test.each([true, false])(
  "control 2: AWS and Terraform protect the table as deletionProtection %s says",
  (on) => {
    const { deletion_protection_enabled, lifecycle } = synth({ deletionProtection: on }).one(
      "aws_dynamodb_table",
    );
    expect(deletion_protection_enabled).toBe(on);
    expect(lifecycle).toEqual({ prevent_destroy: on });
  },
);

test("control 24: the table is encrypted with the customer's key", () => {
  expect(table["server_side_encryption"]).toEqual({ enabled: true, kms_key_arn: config.kmsKeyArn });
});

test("what a flood can cost is bounded when asked for, in the index too", () => {
  const bounded = synth({ onDemandMaximumReadUnits: 4000, onDemandMaximumWriteUnits: 1000 }).one(
    "aws_dynamodb_table",
  );
  const most = { max_read_request_units: 4000, max_write_request_units: 1000 };
  expect(bounded["on_demand_throughput"]).toEqual(most);
  expect(bounded["global_secondary_index"][0]["on_demand_throughput"]).toEqual(most);
  expect(table).not.toHaveProperty("on_demand_throughput");
});

describe("alarms", () => {
  const metricOf = (id: string) =>
    synthesised.one("aws_cloudwatch_metric_alarm", id)["metric_query"][0]["metric"];

  test.each([
    ["reads of the table", "catalog_read-throttles", "ReadThrottleEvents", {}],
    ["writes to the table", "catalog_write-throttles", "WriteThrottleEvents", {}],
    ["reads of the index", "byListing-read", "ReadThrottleEvents", { GlobalSecondaryIndexName: "byListing" }],
    [
      "writes to the index",
      "byListing-write",
      "WriteThrottleEvents",
      { GlobalSecondaryIndexName: "byListing" },
    ],
  ])("control 29: refused %s are told of", (_case, id, metricName, index) => {
    expect(metricOf(id)).toMatchObject({ metric_name: metricName, stat: "Sum" });
    expect(metricOf(id)["dimensions"]).toEqual({
      TableName: expect.stringMatching(/^\$\{aws_dynamodb_table\.catalog_table_.+\.name\}$/),
      ...index,
    });
  });

  test("control 29: DynamoDB's own errors are told of, for each operation that the catalog calls", () => {
    const [total, ...parts]: Resource[] = synthesised.one("aws_cloudwatch_metric_alarm", "system-errors")[
      "metric_query"
    ];
    expect(total).toMatchObject({ expression: "SUM([m0, m1, m2, m3, m4])", return_data: true });
    expect(parts.map((part) => part["metric"]["dimensions"]["Operation"])).toEqual([
      "GetItem",
      "BatchGetItem",
      "Query",
      "PutItem",
      "UpdateItem",
    ]);
  });

  test("control 29: every alarm tells the topic", () => {
    const alarms = synthesised.all("aws_cloudwatch_metric_alarm");
    expect(alarms).toHaveLength(5);
    for (const alarm of alarms) {
      expect(alarm["alarm_actions"]).toEqual([config.alarmTopicArn]);
      expect(alarm["ok_actions"]).toEqual([config.alarmTopicArn]);
    }
  });
});

describe("grants", () => {
  const brief = (statements: PolicyStatement[]) =>
    statements.map(({ sid, actions, resources }) => [sid, actions, resources]);
  const read = [
    ["ReadProducts", ["dynamodb:GetItem", "dynamodb:BatchGetItem"], [products.tableArn]],
    ["ListProducts", ["dynamodb:Query"], [`${products.tableArn}/index/byListing`]],
    ["OpenProducts", ["kms:Decrypt"], [config.kmsKeyArn]],
  ];

  test("control 21: who reads gets products by id and the listing, and no more", () => {
    expect(brief(products.grantRead())).toEqual(read);
  });

  test("control 21: who writes can besides put and change single products, not delete them", () => {
    expect(brief(products.grantReadWrite())).toEqual([
      ...read,
      ["WriteProducts", ["dynamodb:PutItem", "dynamodb:UpdateItem"], [products.tableArn]],
    ]);
  });

  test("control 21: who moves the stock changes single products, and reads none", () => {
    expect(brief(products.stockStatements())).toEqual([
      ["ChangeStock", ["dynamodb:UpdateItem"], [products.tableArn]],
      ["OpenProducts", ["kms:Decrypt"], [config.kmsKeyArn]],
    ]);
  });

  test("control 21: the key opens this table alone, through DynamoDB", () => {
    const [, , open] = products.grantRead();
    expect(open?.conditions).toEqual({
      StringEquals: {
        "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com",
        "kms:EncryptionContext:aws:dynamodb:tableName": products.tableName,
      },
    });
  });
});

test.each([
  {
    name: "no days",
    changes: { pointInTimeRecoveryDays: 0 },
    message: "pointInTimeRecoveryDays must be a whole number from 1 to 35, got 0",
  },
  {
    name: "a maximum of none",
    changes: { onDemandMaximumReadUnits: 0 },
    message: "onDemandMaximumReadUnits must be a whole number from 1 to 1000000, got 0",
  },
])("$name is refused", ({ changes, message }) => {
  expect(() => synth(changes)).toThrow(new Error(message));
});
