import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import deletionProtection from "./deletion-protection.json";
import { loadEnvironments } from "./load";
import type { Move } from "./move";
import { addMovedBlocks } from "./moved-blocks";
import { LOST_WITH, nextList, type ProtectedResources } from "./protected";
import { protect } from "./protection";
import type { EnvironmentInput } from "./spec";
import { errorsOf, prodWith } from "./specification-fixture";

interface Situation {
  readonly acknowledged?: EnvironmentInput["acknowledged"];
  readonly list?: ProtectedResources;
  readonly deletionProtection?: boolean;
  readonly moves?: readonly Move[];
}

// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into JSON whose shape they assert.
type Arguments = Record<string, any>;

/** A stack of three resources, as the environment's guard leaves it. */
function guarded({ acknowledged = [], list, deletionProtection = true, moves = [] }: Situation = {}) {
  const stack = new TerraformStack(Testing.app({ stackTraces: false }), "prod");
  new DynamodbTable(new Construct(stack, "items"), "table", {
    name: "items",
    hashKey: "id",
    deletionProtectionEnabled: deletionProtection,
    lifecycle: { preventDestroy: deletionProtection, ignoreChanges: ["read_capacity"] },
  });
  // Its module has not thought of protection.
  new S3Bucket(new Construct(stack, "files"), "bucket", { bucket: "files", forceDestroy: false });
  new SnsTopic(new Construct(stack, "alarms"), "topic", { name: "alarms" });
  const prod = prodWith("acknowledged", acknowledged);
  const [spec] = loadEnvironments({ prod: { ...prod, tier: "development", deletionProtection } });
  if (!spec) throw new Error("prod is missing");
  const movedFrom = addMovedBlocks([stack], moves).from.get(stack) ?? new Set<string>();
  const violations = protect(spec, [{ stack, prefix: "", movedFrom }], list).map(
    ({ path, message }) => `${path} ${message}`,
  );
  // Testing.synth leaves out what Terraform ignores.
  const json = JSON.parse(JSON.stringify(stack.toTerraform())) as Arguments;
  const only = (type: string) => Object.values<Arguments>(json["resource"][type])[0] ?? {};
  return {
    violations,
    acknowledged: json["//"].acknowledged,
    table: only("aws_dynamodb_table"),
    bucket: only("aws_s3_bucket"),
    topic: only("aws_sns_topic"),
  };
}

const REASON = "The items were copied to orders.";
const HELD = { "items/table": "aws_dynamodb_table", "files/bucket": "aws_s3_bucket" };

describe("control 2: with deletionProtection", () => {
  test("what holds data is protected even where its module is not, and nothing else", () => {
    const { table, bucket, topic, acknowledged, violations } = guarded();
    expect(table["lifecycle"]).toEqual({ prevent_destroy: true, ignore_changes: ["read_capacity"] });
    expect(table["deletion_protection_enabled"]).toBe(true);
    expect(bucket["lifecycle"]).toEqual({ prevent_destroy: true });
    expect(topic["lifecycle"]).toBeUndefined();
    expect(acknowledged).toEqual([]);
    expect(violations).toEqual([]);
  });

  test("an acknowledgement lifts Terraform's and AWS's protection of what it names, and of nothing else", () => {
    const it = { path: "items/table", action: "replace", reason: REASON } as const;
    const { table, bucket, acknowledged, violations } = guarded({ acknowledged: [it] });
    expect(table["lifecycle"]).toEqual({ prevent_destroy: false, ignore_changes: ["read_capacity"] });
    expect(table["deletion_protection_enabled"]).toBe(false);
    expect(bucket["lifecycle"]).toEqual({ prevent_destroy: true });
    expect(bucket["force_destroy"]).toBe(false);
    expect(acknowledged).toEqual([it]);
    expect(violations).toEqual([]);
  });
});

test("without deletionProtection nothing is held, and scripts are told nothing", () => {
  const list = { held: { "gone/table": "aws_dynamodb_table" }, released: {} };
  const { table, bucket, acknowledged, violations } = guarded({ deletionProtection: false, list });
  expect(table["lifecycle"]["prevent_destroy"]).toBe(false);
  expect(bucket["lifecycle"]).toBeUndefined();
  expect(acknowledged).toBeUndefined();
  expect(violations).toEqual([]);
});

const destroy = (path: string) => ({ path, action: "destroy", reason: REASON }) as const;

test.each<[name: string, situation: Situation, violations: string[]]>([
  ["all that the list holds is there", { list: { held: HELD, released: {} } }, []],
  [
    "one is gone",
    { list: { held: { ...HELD, "todo-table/table": "aws_dynamodb_table" }, released: {} } },
    [
      "todo-table/table is gone from the stack, an aws_dynamodb_table: a deployment would destroy it, and its items. If it has " +
        'another name now: scripts/moved --write. If it shall go: { path: "todo-table/table", action: "destroy", reason: "…" } in ' +
        "acknowledged of envs/prod.ts. Else put it back",
    ],
  ],
  [
    "one is of another type now",
    { list: { held: { ...HELD, "files/bucket": "aws_efs_file_system" }, released: {} } },
    [
      "files/bucket is gone from the stack, an aws_efs_file_system: a deployment would destroy it, and its files. If it has " +
        'another name now: scripts/moved --write. If it shall go: { path: "files/bucket", action: "destroy", reason: "…" } in ' +
        "acknowledged of envs/prod.ts. Else put it back",
    ],
  ],
  [
    "one is of a type that is stateful no more",
    { list: { held: { ...HELD, "todo/topic": "aws_sns_topic" }, released: {} } },
    [],
  ],
  [
    "one has moved",
    {
      list: { held: { ...HELD, "todo-table/table": "aws_dynamodb_table" }, released: {} },
      moves: [{ from: "todo-table", to: "items" }],
    },
    [],
  ],
  [
    "one is gone with an acknowledgement",
    {
      list: { held: { ...HELD, "todo-table/table": "aws_dynamodb_table" }, released: {} },
      acknowledged: [destroy("todo-table/table")],
    },
    [],
  ],
  [
    "one went with an acknowledgement, which stands",
    {
      list: { held: HELD, released: { "todo-table/table": "aws_dynamodb_table" } },
      acknowledged: [destroy("todo-table/table")],
    },
    [],
  ],
  [
    "one went with an acknowledgement, which was taken back",
    { list: { held: HELD, released: { "todo-table/table": "aws_dynamodb_table" } } },
    [],
  ],
  [
    "one is gone, and its replacement is acknowledged",
    {
      list: { held: { ...HELD, "todo-table/table": "aws_dynamodb_table" }, released: {} },
      acknowledged: [{ path: "todo-table/table", action: "replace", reason: REASON }],
    },
    ['acknowledged.0.action must be "destroy", as todo-table/table is gone from the stack, got "replace"'],
  ],
  [
    "an acknowledgement has a slip of the pen",
    { list: { held: HELD, released: {} }, acknowledged: [destroy("item/tabel")] },
    ['acknowledged.0.path must be that of a protected resource, got "item/tabel"; did you mean items/table?'],
  ],
  [
    "an acknowledgement names what nothing protects",
    { acknowledged: [destroy("alarms/topic")] },
    ['acknowledged.0.path must be that of a protected resource, got "alarms/topic"'],
  ],
])("%s", (_, situation, violations) => {
  expect(guarded(situation).violations).toEqual(violations);
});

test.each<[name: string, input: EnvironmentInput, errors: string[]]>([
  [
    "without a reason",
    prodWith("acknowledged", [{ path: "todo-table/table", action: "destroy" }]),
    ["envs/prod: acknowledged.0.reason must be set, a string, got undefined"],
  ],
  [
    "with a reason that is none",
    prodWith("acknowledged", [{ path: "todo-table/table", action: "destroy", reason: "ok" }]),
    ['envs/prod: acknowledged.0.reason must have 10 or more characters, got "ok"'],
  ],
  [
    "twice",
    prodWith("acknowledged", [destroy("todo-table/table"), destroy("todo-table/table")]),
    ['envs/prod: acknowledged.1.path must be unique, got "todo-table/table" twice'],
  ],
  [
    "where nothing is protected",
    {
      ...prodWith("acknowledged", [destroy("todo-table/table")]),
      tier: "development",
      deletionProtection: false,
    },
    [
      "envs/prod: acknowledged must be left out where deletionProtection is false: nothing is protected there",
    ],
  ],
])("an acknowledgement %s is refused", (_, input, errors) => {
  expect(errorsOf({ prod: input })).toEqual(errors);
});

test("a list keeps what went with an acknowledgement as long as that stands", () => {
  const present = { "b/table": "aws_dynamodb_table", "a/bucket": "aws_s3_bucket" };
  const before = {
    held: { "b/table": "aws_dynamodb_table", "c/key": "aws_kms_key" },
    released: { "d/key": "aws_kms_key" },
  };
  expect(nextList(before, present, new Set(["c/key"]))).toEqual({
    held: { "a/bucket": "aws_s3_bucket", "b/table": "aws_dynamodb_table" },
    released: { "c/key": "aws_kms_key" },
  });
});

test("what AWS protects is stateful", () => {
  expect(Object.keys(deletionProtection).filter((type) => !(type in LOST_WITH))).toEqual([]);
});
