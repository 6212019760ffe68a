import { type PlannedChange, readPlan, type SynthesisedStack, type TerraformPlan } from ".";

type Change = NonNullable<TerraformPlan["resource_changes"]>[number];

const block = (path: string, attributes: object = {}) => ({
  "//": { metadata: { path: `envs/prod/${path}` } },
  ...attributes,
});

const STACK: SynthesisedStack = {
  resource: {
    aws_dynamodb_table: {
      "todo-table_9650A148": block("todo-table/table", { name: "todos", hash_key: "owner" }),
    },
    aws_lambda_alias: {
      "todo-api_live_0A1B2C3D": block("todo-api/live", {
        function_version: "${aws_lambda_function.todo-api_1A2B3C4D.version}",
      }),
    },
    aws_lambda_function: { "todo-api_1A2B3C4D": block("todo-api/function") },
  },
};

function change(
  over: Omit<Partial<Change>, "change"> & { readonly change: Partial<Change["change"]> },
): Change {
  const { type = "aws_dynamodb_table", name = "todo-table_9650A148" } = over;
  return {
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    ...over,
    change: { actions: ["update"], before: {}, after: {}, ...over.change },
  };
}

function read(changes: readonly Change[], stack = STACK, more: Partial<TerraformPlan> = {}) {
  return readPlan("envs/prod", { format_version: "1.2", resource_changes: changes, ...more }, stack);
}

function only(of: Change, stack = STACK): PlannedChange {
  const [first] = read([of], stack).changes;
  if (!first) throw new Error("nothing changes");
  return first;
}

describe("actions", () => {
  test.each<[string, string[], Omit<Partial<Change>, "change">, string | undefined]>([
    ["nothing", ["no-op"], {}, undefined],
    ["an update", ["update"], {}, "update"],
    ["a replacement that is made first", ["create", "delete"], {}, "replace"],
    ["a replacement that is destroyed first", ["delete", "create"], {}, "replace"],
    ["a replacement whose old one is forgotten", ["create", "forget"], {}, "replace"],
    ["a move", ["no-op"], { previous_address: "aws_dynamodb_table.old" }, "move"],
    [
      "a move to where it is",
      ["no-op"],
      { previous_address: "aws_dynamodb_table.todo-table_9650A148" },
      undefined,
    ],
    ["a moved one that changes", ["update"], { previous_address: "aws_dynamodb_table.old" }, "update"],
  ])("%s", (_, actions, more, expected) => {
    const [found] = read([change({ ...more, change: { actions } })]).changes;
    expect(found?.action).toBe(expected);
  });

  test("an import", () => {
    expect(only(change({ change: { actions: ["no-op"], importing: { id: "todos" } } })).action).toBe(
      "import",
    );
  });
});

describe("where it belongs", () => {
  test.each<[string, string, string, string, string]>([
    ["by the stack", "aws_dynamodb_table", "todo-table_9650A148", "todo-table/table", "todo-table"],
    [
      "what is gone, by the longest module that its name begins with",
      "aws_iam_role",
      "todo-api_old_role_0A1B2C3D",
      "aws_iam_role.todo-api_old_role_0A1B2C3D",
      "todo-api",
    ],
    [
      "what is gone with its module, by its name",
      "aws_dax_cluster",
      "cache_cluster_0A1B2C3D",
      "aws_dax_cluster.cache_cluster_0A1B2C3D",
      "cache",
    ],
    ["what cdktf has not named", "aws_iam_role", "by_hand", "aws_iam_role.by_hand", "removed"],
  ])("%s", (_, type, name, path, module) => {
    expect(only(change({ type, name, change: { actions: ["delete"], after: null } }))).toMatchObject({
      path,
      module,
    });
  });

  test("what is gone and acknowledged, by the path in the specification", () => {
    const stack: SynthesisedStack = {
      "//": { acknowledged: [{ path: "notes-table/table", action: "destroy", reason: "moved to orders" }] },
    };
    // cdktf ends a name with a hash of the path.
    const named = (hash: string) =>
      change({ name: `notes-table_${hash}`, change: { actions: ["delete"], after: null } });
    expect(only(named("0E869E4F"), stack).path).toBe("notes-table/table");
    expect(only(named("0A1B2C3D"), stack).path).toBe("aws_dynamodb_table.notes-table_0A1B2C3D");
  });
});

test("a replacement names what is lost, and what forces it", () => {
  const replaced = only(
    change({
      change: {
        actions: ["delete", "create"],
        before: { name: "todos", hash_key: "user", arn: "arn:t", stream_enabled: false },
        after: { name: "todos", hash_key: "owner" },
        after_unknown: { arn: true },
        replace_paths: [["hash_key"], ["attribute", 0, "name"]],
      },
    }),
  );
  expect(replaced).toMatchObject({
    stateful: true,
    holds: "items",
    replacedBy: ["hash_key", "attribute[0].name"],
    // What AWS fills in by itself is not told.
    attributes: [{ path: "hash_key", before: "user", after: "owner", sensitive: false, unknown: false }],
  });
});

test.each<[string, Omit<Partial<Change>, "change">, string]>([
  [
    "a tainted resource",
    { action_reason: "replace_because_tainted" },
    "it is marked as tainted: its creation did not succeed",
  ],
  ["what an earlier replacement has left", { deposed: "0a1b2c3d" }, "it was left by an earlier replacement"],
])("%s says why", (_, more, reason) => {
  expect(only(change({ ...more, change: { actions: ["delete", "create"] } })).reason).toBe(reason);
});

test("what is not known yet is told by what it is taken from", () => {
  const alias = change({
    type: "aws_lambda_alias",
    name: "todo-api_live_0A1B2C3D",
    change: { before: { function_version: "1" }, after: {}, after_unknown: { function_version: true } },
  });
  expect(only(alias).attributes).toEqual([
    {
      path: "function_version",
      before: "1",
      after: "(known after apply)",
      sensitive: false,
      unknown: true,
      from: "{todo-api/function.version}",
    },
  ]);
});

test("a secret of a resource that does not change is hidden in one that does", () => {
  const secret = change({
    type: "aws_db_instance",
    name: "db",
    change: {
      actions: ["no-op"],
      before: { password: "correct-horse" },
      after: { password: "correct-horse" },
      before_sensitive: { password: true },
      after_sensitive: { password: true },
    },
  });
  const other = change({ change: { before: { name: "a" }, after: { name: "uses correct-horse" } } });
  expect(read([other, secret]).changes[0]?.attributes).toEqual([
    { path: "name", before: "a", after: "(sensitive)", sensitive: true, unknown: false },
  ]);
});

describe("drift", () => {
  const drifted = change({ change: { before: { ttl: 1, etag: "a" }, after: { ttl: 2, etag: "b" } } });
  const setBack = change({ change: { before: { ttl: 2, etag: "b" }, after: { ttl: 1, etag: "b" } } });

  test("is what the plan sets back", () => {
    const { drift } = read([setBack], {}, { resource_drift: [drifted] });
    expect(drift.map(({ attributes }) => attributes.map(({ path }) => path))).toEqual([["ttl"]]);
  });

  test("is not what AWS works out itself", () => {
    expect(read([], {}, { resource_drift: [drifted] }).drift).toEqual([]);
  });

  test("is what has gone", () => {
    const gone = change({ change: { actions: ["delete"], after: null } });
    expect(read([], {}, { resource_drift: [gone] }).drift).toMatchObject([
      { action: "delete", path: "aws_dynamodb_table.todo-table_9650A148" },
    ]);
  });
});

test("outputs that change, without what they hide", () => {
  const output = (before: unknown, after: unknown, sensitive = false) => ({
    actions: before === null ? ["create"] : after === null ? ["delete"] : ["update"],
    before,
    after,
    before_sensitive: sensitive,
    after_sensitive: sensitive,
  });
  const { outputs } = read([], STACK, {
    output_changes: {
      url: output("a", "b"),
      gone: output("a", null),
      key: output("one-secret", "another-one", true),
      admin_password: output(null, "not-called-sensitive"),
    },
  });
  expect(outputs).toEqual([
    { name: "url", action: "update", before: "a", after: "b", sensitive: false, unknown: false },
    { name: "gone", action: "delete", before: "a", sensitive: false, unknown: false },
    {
      name: "key",
      action: "update",
      before: "(sensitive)",
      after: "(sensitive)",
      sensitive: true,
      unknown: false,
    },
    { name: "admin_password", action: "create", after: "(sensitive)", sensitive: true, unknown: false },
  ]);
});
