import type { SynthesisedStack, TerraformPlan } from "../../internal/plan";
import { driftOf, failedDrift } from "./drift";
import { renderMarkdown, renderText } from "./show";

const at = (path: string) => ({ "//": { metadata: { path: `envs/prod/${path}` } } });

const stack: SynthesisedStack = {
  resource: {
    aws_lambda_function: { guard: { ...at("user-files/guard"), memory_size: 256 } },
    aws_lambda_alias: {
      live: {
        ...at("todo-api-v1/function/live"),
        function_version: "1",
        lifecycle: { ignore_changes: ["function_version", "routing_config"] },
      },
    },
    aws_s3_bucket: { files: { ...at("user-files/bucket"), bucket: "files" } },
    aws_dynamodb_table: { todos: { ...at("todo-table/table"), billing_mode: "PAY_PER_REQUEST" } },
    aws_cloudwatch_metric_alarm: { errors: { ...at("alarm"), metric_query: [{ id: "value" }] } },
    aws_secretsmanager_secret_version: { origin: { ...at("secret"), secret_string: "x" } },
  },
};

/** What Terraform finds of one resource. */
function found(address: string, before: object, after: object | null, sensitive: object = {}): TerraformPlan {
  const [type = "", name = ""] = address.split(".");
  const actions = after === null ? ["delete"] : ["update"];
  const change = { actions, before, after, before_sensitive: sensitive, after_sensitive: sensitive };
  return {
    format_version: "1.2",
    resource_changes: [],
    resource_drift: [{ address, mode: "managed", type, name, change }],
  };
}

const drift = (...looked: Parameters<typeof found>) => driftOf("envs/prod", found(...looked), stack);

test("what the stack sets and is not so any more is drift", () => {
  expect(drift("aws_lambda_function.guard", { memory_size: 256 }, { memory_size: 512 })).toEqual({
    environment: "envs/prod",
    status: "drift",
    drifted: [
      {
        address: "aws_lambda_function.guard",
        type: "aws_lambda_function",
        path: "user-files/guard",
        kind: "changed",
        stateful: false,
        attributes: [{ path: "memory_size", before: 256, after: 512, sensitive: false, unknown: false }],
      },
    ],
    alsoChanged: [],
  });
});

test("what is gone is drift", () => {
  const { drifted } = drift("aws_dynamodb_table.todos", { billing_mode: "PAY_PER_REQUEST" }, null);
  expect(drifted).toMatchObject([{ path: "todo-table/table", kind: "gone", stateful: true, attributes: [] }]);
});

test("a tag that somebody has put is drift, whether the stack has tags of its own or not", () => {
  const tags = { tags: { "asked-by": "somebody" } };
  expect(drift("aws_s3_bucket.files", { tags: {} }, tags).drifted).toMatchObject([{ kind: "changed" }]);
});

test.each<[string, string, object, object]>([
  [
    "an alias that CodeDeploy has moved",
    "aws_lambda_alias.live",
    { function_version: "1" },
    { function_version: "2" },
  ],
  [
    "a value that was not set and that the provider reads as nought",
    "aws_cloudwatch_metric_alarm.errors",
    { metric_query: [{ id: "value", period: null }] },
    { metric_query: [{ id: "value", period: 0 }] },
  ],
])("%s is none, and is not told", (_case, address, before, after) => {
  expect(drift(address, before, after)).toMatchObject({ status: "no-drift", drifted: [], alsoChanged: [] });
});

test("what the stack does not set is told apart, and is none", () => {
  const { status, drifted, alsoChanged } = drift(
    "aws_s3_bucket.files",
    { versioning: [] },
    { versioning: [{ enabled: true }] },
  );
  expect({ status, drifted }).toEqual({ status: "no-drift", drifted: [] });
  expect(alsoChanged).toMatchObject([{ path: "user-files/bucket" }]);
});

test("control 26: a secret that was changed is told of, and not shown", () => {
  const told = drift(
    "aws_secretsmanager_secret_version.origin",
    { secret_string: "was-a-secret-of-old" },
    { secret_string: "is-a-secret-of-now" },
    { secret_string: true },
  );
  expect(told.status).toBe("drift");
  const shown = { version: 1, environments: [told] } as const;
  for (const text of [JSON.stringify(told), renderText(shown), renderMarkdown(shown)]) {
    expect(text).toContain("secret_string");
    expect(text).not.toMatch(/secret-of-(old|now)/);
  }
});

describe("the report", () => {
  const report = {
    version: 1,
    environments: [
      drift("aws_lambda_function.guard", { memory_size: 256 }, { memory_size: 512 }),
      drift("aws_dynamodb_table.todos", { billing_mode: "PAY_PER_REQUEST" }, null),
      drift("aws_s3_bucket.files", { versioning: [] }, { versioning: [{ enabled: true }] }),
      failedDrift("envs/dev", { summary: "Invalid credentials", detail: "The ```token``` has expired." }),
    ],
  } as const;

  test("tells a person what was, and what is", () => {
    expect(renderText(report)).toBe(
      [
        "envs/prod: drift, 1 changed",
        "  user-files/guard (aws_lambda_function): changed",
        "    - memory_size = 256",
        "    + memory_size = 512",
        "",
        "envs/prod: drift, 1 gone",
        "  todo-table/table (aws_dynamodb_table): gone, and its data with it",
        "",
        "envs/prod: no drift",
        "One resource has attributes that the stack does not set and that differ from the state; the JSON lists them.",
        "",
        "envs/dev: could not be looked at: Invalid credentials",
        "  The ```token``` has expired.",
      ].join("\n"),
    );
  });

  test("as Markdown, ends every block that it begins", () => {
    const text = renderMarkdown(report);
    expect(text).toContain(
      [
        "### envs/prod: drift, 1 changed",
        "",
        "- `user-files/guard` (`aws_lambda_function`): changed",
        "",
        "  ```diff",
        "  - memory_size = 256",
        "  + memory_size = 512",
        "  ```",
        "",
        "The next deployment sets back what is changed and makes anew what is gone: `scripts/diff envs/prod` shows it.",
      ].join("\n"),
    );
    expect(text.match(/^ *```/gm)?.length).toBe(4);
  });

  test("as Markdown, tells what Terraform says as code: it mentions nobody, and is no markup", () => {
    const failed = failedDrift("envs/dev", { summary: "@everyone <img src=x>", detail: "" });
    expect(renderMarkdown({ version: 1, environments: [failed] })).toContain(
      "### envs/dev: could not be looked at: `@everyone <img src=x>`",
    );
  });
});
