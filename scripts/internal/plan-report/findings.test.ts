import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerraformPlan } from "../plan";
import { environmentReport, type PlanSource, renderMarkdown } from ".";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "findings-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "assets", "todos.zip"), Buffer.alloc(2_000));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const block = (path: string, attributes: object = {}) => ({
  "//": { metadata: { path: `envs/prod/${path}` } },
  ...attributes,
});

function report(
  changes: TerraformPlan["resource_changes"],
  stack: object = {},
  more: Partial<TerraformPlan> = {},
) {
  return environmentReport({
    environment: "envs/prod",
    plan: { format_version: "1.2", ...(changes && { resource_changes: changes }), ...more },
    stack: stack as PlanSource["stack"],
    folder,
  });
}

describe("code of functions", () => {
  const stack = {
    resource: {
      aws_lambda_function: { todos: block("todos/function", { s3_key: "${aws_s3_object.todos.key}" }) },
      aws_s3_object: { todos: block("todos/object", { source: "assets/todos.zip" }) },
    },
  };
  const change = (actions: string[], before: object | null, after: object | null) => [
    {
      address: "aws_lambda_function.todos",
      mode: "managed" as const,
      type: "aws_lambda_function",
      name: "todos",
      change: { actions, before, after },
    },
  ];
  const was = { function_name: "todos", source_code_hash: "a", source_code_size: 1_500, timeout: 3 };

  test.each<[string, string[], object | null, object | null, string[]]>([
    [
      "new code",
      ["update"],
      was,
      { ...was, source_code_hash: "b" },
      ["todos: 1.5 KB → 2.0 KB (+500 bytes, +33.3 %)"],
    ],
    ["a new function", ["create"], null, was, ["todos: 2.0 KB"]],
    ["a function that goes", ["delete"], was, null, ["todos: 1.5 KB before"]],
    ["another timeout alone", ["update"], was, { ...was, timeout: 5 }, []],
  ])("%s", (_, actions, before, after, expected) => {
    const markdown = renderMarkdown({
      version: 1,
      environments: [report(change(actions, before, after), stack)],
    });
    const [, list = ""] = /\*\*Code of functions\*\*\n\n((?:- .*\n)*)/.exec(markdown) ?? [];
    expect(list.split("\n").filter(Boolean)).toEqual(
      expected.map((line) => `- ${line.replace("todos", "`todos`")}`),
    );
  });

  test("sizes that nothing tells are not known", () => {
    expect(
      report(change(["update"], { source_code_hash: "a" }, { source_code_hash: "b" })).functions,
    ).toEqual([
      {
        name: "aws_lambda_function.todos",
        path: "aws_lambda_function.todos",
        beforeBytes: null,
        afterBytes: null,
      },
    ]);
  });
});

describe("cost", () => {
  const provider = { aws: [{ region: "eu-west-1" }] };
  const key = { address: "aws_kms_key.data", mode: "managed" as const, type: "aws_kms_key", name: "data" };
  const created = [{ ...key, change: { actions: ["create"], before: null, after: { description: "data" } } }];
  const planned = {
    planned_values: { root_module: { resources: [{ ...key, values: { description: "data" } }] } },
  };

  test("of what comes, by the prices of scripts/cost", () => {
    const { cost } = report(
      created,
      { provider, resource: { aws_kms_key: { data: block("data/key") } } },
      planned,
    );
    expect(cost?.before).toBe(0);
    // A customer-managed key: https://aws.amazon.com/kms/pricing/
    expect(cost?.after).toBe(1);
  });

  test("is not known without the states", () => {
    expect(report(created, { provider }).cost).toBeNull();
  });

  test("is said when it changes, with what is not counted", () => {
    const environment = { ...report([]), status: "changes" as const };
    const shown = (cost: NonNullable<ReturnType<typeof report>["cost"]>) =>
      /\*\*Cost per month\*\*\n\n(.*)/.exec(
        renderMarkdown({ version: 1, environments: [{ ...environment, cost }] }),
      )?.[1];
    expect(shown({ before: 10, after: 12.5, unpriced: [] })).toBe("$10.00 → $12.50 (+$2.50).");
    expect(shown({ before: 10, after: 8, unpriced: ["aws_dax_cluster"] })).toBe(
      "$10.00 → $8.00 (−$2.00), not counting all of `aws_dax_cluster`.",
    );
    expect(shown({ before: 10, after: 10, unpriced: [] })).toBeUndefined();
  });
});

test("what changes alike is told once", () => {
  const alarm = (name: string) => ({
    address: `aws_cloudwatch_metric_alarm.${name}`,
    mode: "managed" as const,
    type: "aws_cloudwatch_metric_alarm",
    name,
    change: { actions: ["update"], before: { period: 60 }, after: { period: 300 } },
  });
  const names = ["a", "b", "c", "d"];
  const stack = {
    resource: {
      aws_cloudwatch_metric_alarm: Object.fromEntries(names.map((name) => [name, block(`alarms/${name}`)])),
    },
  };
  const markdown = renderMarkdown({ version: 1, environments: [report(names.map(alarm), stack)] });
  expect(markdown).toContain(
    "```diff\n@@ changed alike: 4: alarms/a, alarms/b, alarms/c, alarms/d @@\n- period = 60\n+ period = 300\n```",
  );
});

test("code of several lines is compared line by line", () => {
  const change = {
    address: "aws_cloudfront_function.edge",
    mode: "managed" as const,
    type: "aws_cloudfront_function",
    name: "edge",
    change: { actions: ["update"], before: { code: "one\ntwo\nthree" }, after: { code: "one\n2\nthree" } },
  };
  const markdown = renderMarkdown({ version: 1, environments: [report([change])] });
  expect(markdown).toContain('\n- code: "two"\n+ code: "2"\n');
});
