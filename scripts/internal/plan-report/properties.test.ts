/** What holds of any plan: the comment fits, every block that begins ends, and no secret gets out. */
import fc from "fast-check";
import type { TerraformPlan } from "../plan";
import { environmentReport, failedReport, renderMarkdown, renderText } from ".";

/** In every secret of a generated plan, and nowhere else. */
const MARK = "s3cr3t";

const word = fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/);
/** What could end a block of Markdown, begin one, or break a line. */
const hostile = fc.constantFrom(
  "```",
  "</details>",
  "\n```\n",
  "<summary>",
  "\u2028",
  "@@",
  "`",
  "> [!NOTE]",
  "\r\n- ",
  "€𐍈",
);
const text = fc.oneof(
  word,
  hostile,
  fc.string({ maxLength: 40 }),
  fc.string({ minLength: 500, maxLength: 900 }),
);
const secret = fc
  .tuple(text, fc.stringMatching(/^[a-z0-9"\\]{4}$/))
  .map(([before, after]) => `${before}${MARK}${after}`);
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));

/** A value and which parts of it are sensitive. */
interface Marked {
  readonly value: unknown;
  readonly sensitive: unknown;
}

const marked: fc.Arbitrary<Marked> = fc.letrec<{ any: Marked }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar.map((value) => ({ value, sensitive: false })),
    secret.map((value) => ({ value, sensitive: true })),
    fc.record({ a: scalar, b: secret }).map((value) => ({ value, sensitive: true })),
    fc.array(tie("any"), { maxLength: 4 }).map((parts) => ({
      value: parts.map(({ value }) => value),
      sensitive: parts.map(({ sensitive }) => sensitive),
    })),
    fc.dictionary(word, tie("any"), { maxKeys: 4 }).map((fields) => ({
      value: Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value])),
      sensitive: Object.fromEntries(Object.entries(fields).map(([name, { sensitive }]) => [name, sensitive])),
    })),
    // A secret that only its name gives away, within a document.
    secret.map((value) => ({
      value: JSON.stringify({ environment: [{ name: "DB_PASSWORD", value }] }),
      sensitive: false,
    })),
  ),
})).any;

const attributes = fc.dictionary(word, marked, { maxKeys: 5 }).map((fields) => ({
  value: Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value])),
  sensitive: Object.fromEntries(Object.entries(fields).map(([name, { sensitive }]) => [name, sensitive])),
}));

const ACTIONS = [
  ["create"],
  ["update"],
  ["delete"],
  ["delete", "create"],
  ["create", "delete"],
  ["no-op"],
  ["forget"],
];

const change = fc
  .record({
    type: fc.constantFrom(
      "aws_dynamodb_table",
      "aws_iam_role_policy",
      "aws_security_group",
      "aws_lambda_function",
      "aws_s3_bucket",
    ),
    name: word,
    key: fc.option(text),
    actions: fc.constantFrom(...ACTIONS),
    before: attributes,
    after: attributes,
    unknown: fc.dictionary(word, fc.boolean(), { maxKeys: 2 }),
    moved: fc.boolean(),
  })
  .map(({ type, name, key, actions, before, after, unknown, moved }) => ({
    address: `${type}.${name}${key === null ? "" : `[${JSON.stringify(key)}]`}`,
    ...(moved && { previous_address: `${type}.was-${name}` }),
    mode: "managed" as const,
    type,
    name,
    change: {
      actions,
      before: actions.includes("create") && actions.length === 1 ? null : before.value,
      after: actions.join() === "delete" ? null : after.value,
      after_unknown: unknown,
      before_sensitive: before.sensitive,
      after_sensitive: after.sensitive,
      replace_paths: Object.keys(after.value)
        .slice(0, 1)
        .map((path) => [path]),
    },
  }));

const output = marked.map(({ value, sensitive }) => ({
  actions: ["update"],
  before: null,
  after: value,
  after_unknown: false,
  before_sensitive: false,
  after_sensitive: sensitive,
}));

const plan: fc.Arbitrary<TerraformPlan> = fc.record({
  format_version: fc.constant("1.2"),
  resource_changes: fc.array(change, { maxLength: 8 }),
  resource_drift: fc.array(change, { maxLength: 3 }),
  output_changes: fc.dictionary(word, output, { maxKeys: 3 }),
});

function reportOn(shown: TerraformPlan, environment = "envs/prod") {
  return environmentReport({ environment, plan: shown, stack: {}, folder: "/nowhere" });
}

/** Every fence and every block that is folded ends, and nothing begins within another. */
function expectWhole(markdown: string): void {
  let fence: string | undefined;
  let depth = 0;
  for (const line of markdown.split("\n")) {
    const [, run = ""] = /^ {0,3}(`{3,})/.exec(line) ?? [];
    if (fence !== undefined) {
      if (run.length >= fence.length && /^ {0,3}`+\s*$/.test(line)) fence = undefined;
    } else if (run !== "") fence = run;
    else if (line.startsWith("<details")) depth++;
    else if (line === "</details>") depth--;
    if (depth < 0 || depth > 1) throw new Error(`a block within another, or ended twice, at ${line}`);
  }
  expect({ fence, depth }).toEqual({ fence: undefined, depth: 0 });
  expect(markdown.isWellFormed()).toBe(true);
}

test("control 26: no sensitive value is in any format, however it is written", () => {
  fc.assert(
    fc.property(plan, (shown) => {
      const report = { version: 1, environments: [reportOn(shown)] } as const;
      for (const written of [JSON.stringify(report), renderMarkdown(report), renderText(report)])
        expect(written).not.toContain(MARK);
    }),
    { numRuns: 80 },
  );
});

test("any plans fit into what is allowed, and every block that begins ends", () => {
  fc.assert(
    fc.property(
      fc.array(plan, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1000, max: 9000 }),
      text,
      (plans, maxBytes, detail) => {
        const environments = plans.map((shown, index) => reportOn(shown, `envs/e${index}`));
        const failed = failedReport("envs/failed", { summary: detail, detail: `${detail}\n`.repeat(30) });
        const markdown = renderMarkdown(
          { version: 1, environments: [...environments, failed] },
          { maxBytes, whole: "an artifact" },
        );
        expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(maxBytes);
        expectWhole(markdown);
      },
    ),
    { numRuns: 40 },
  );
});

test("5 000 resources fit into a comment: the gravest are shown, the rest is counted", () => {
  const resource = (index: number) => ({
    address: `aws_dynamodb_table.module-${index % 90}_table-${index}_0A1B2C3D`,
    mode: "managed" as const,
    type: index % 100 === 0 ? "aws_dynamodb_table" : "aws_cloudwatch_metric_alarm",
    name: `module-${index % 90}_table-${index}_0A1B2C3D`,
    change: {
      actions: index % 100 === 0 ? ["delete", "create"] : index % 3 === 0 ? ["create"] : ["update"],
      before: { name: `name-${index}`, text: "x".repeat(300), tags: { a: "1" } },
      after: { name: `name-${index + 1}`, text: "y".repeat(300), tags: { a: "2" } },
      replace_paths: [["name"]],
    },
  });
  const report = reportOn({
    format_version: "1.2",
    resource_changes: Array.from({ length: 5000 }, (_, index) => resource(index)),
  });
  const markdown = renderMarkdown({ version: 1, environments: [report] }, { maxBytes: 65_000 });
  expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(65_000);
  // What there is room for is used.
  expect(Buffer.byteLength(markdown)).toBeGreaterThan(60_000);
  expectWhole(markdown);
  expect(report.counts).toMatchObject({ replace: 50, create: 1650, update: 3300 });
  expect(markdown.match(/^> - /gm)).toHaveLength(50);
  expect(markdown.match(/^@@ replaced: /gm)).toHaveLength(50);
  const shown = markdown.match(/^@@ /gm)?.length ?? 0;
  const omitted = /Left out here for length: ([\d ]+) resources, [\d ]+ lines?\./.exec(markdown)?.[1];
  expect(shown + Number(omitted?.replaceAll(" ", ""))).toBe(5000);
});
