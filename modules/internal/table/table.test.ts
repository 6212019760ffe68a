import { synthesise, testLabel } from "../synth-test";
import { Table, type TableConfig } from ".";

const config: TableConfig = {
  label: testLabel,
  name: "things",
  hashKey: "id",
  operations: ["GetItem"],
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
  deletionProtection: true,
  pointInTimeRecoveryDays: 7,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms",
};

const synth = (changes: Partial<TableConfig> = {}) =>
  synthesise((stack) => new Table(stack, "things", { ...config, ...changes }));

const attributes = (changes: Partial<TableConfig>) =>
  synth(changes)
    .one("aws_dynamodb_table")
    ["attribute"].map(({ name }: { name: string }) => name);

test.each<{ name: string; changes: Partial<TableConfig>; keys: string[] }>([
  { name: "a partition key alone", changes: {}, keys: ["id"] },
  { name: "a sort key", changes: { rangeKey: "sk" }, keys: ["id", "sk"] },
  {
    name: "the keys of every index, each once",
    changes: {
      rangeKey: "sk",
      localIndexes: [{ name: "byDate", rangeKey: "date" }],
      globalIndexes: [
        { name: "byKind", hashKey: "kind", rangeKey: "date" },
        { name: "bySize", hashKey: "size", rangeKey: "id" },
      ],
    },
    keys: ["id", "sk", "date", "kind", "size"],
  },
])("DynamoDB is told of $name, and of no other attribute", ({ changes, keys }) => {
  expect(attributes(changes)).toEqual(keys);
});

test("control 29: what each global index refuses is told of apart", () => {
  const result = synth({
    globalIndexes: [
      { name: "byKind", hashKey: "kind", rangeKey: "id" },
      { name: "bySize", hashKey: "size", rangeKey: "id" },
    ],
  });
  const names = result.all("aws_cloudwatch_metric_alarm").map(({ alarm_name }) => alarm_name);
  expect(names.sort()).toEqual([
    "acme-test-things-table-byKind-read-throttles",
    "acme-test-things-table-byKind-write-throttles",
    "acme-test-things-table-bySize-read-throttles",
    "acme-test-things-table-bySize-write-throttles",
    "acme-test-things-table-read-throttles",
    "acme-test-things-table-system-errors",
    "acme-test-things-table-write-throttles",
  ]);
});

test("a global index beside provisioned capacity is refused, as nothing would scale it", () => {
  const capacity = { minimum: 1, maximum: 10 };
  expect(() =>
    synth({
      readCapacity: capacity,
      writeCapacity: capacity,
      globalIndexes: [{ name: "byKind", hashKey: "kind", rangeKey: "id" }],
    }),
  ).toThrow(
    new Error(
      "globalIndexes are for an on-demand table; leave out readCapacity and writeCapacity, got byKind",
    ),
  );
});
