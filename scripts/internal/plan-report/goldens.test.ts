/**
 * Comments on plans of the real Terraform and provider, see testdata/README.md. Refresh with
 * `UPDATE_GOLDENS=1 npx jest scripts/internal/plan-report` and read the difference.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { planError } from "../../commands/diff/errors";
import { readJson } from "../json-file";
import type { SynthesisedStack, TerraformPlan } from "../plan";
import { type EnvironmentReport, environmentReport, failedReport, renderMarkdown, renderText } from ".";

const TESTDATA = join(__dirname, "testdata");
const ERRORS = join(__dirname, "..", "..", "commands", "diff", "testdata");

/** Stands in for the function's new zip: only its size is looked at. */
const ARTIFACT_BYTES = 293_732;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "golden-comments-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function reportOn(scenario: string, acknowledged?: NonNullable<SynthesisedStack["//"]>["acknowledged"]) {
  const stack = readJson<SynthesisedStack>(join(TESTDATA, scenario, "stack.json")) ?? {};
  for (const { source } of Object.values(stack.resource?.["aws_s3_object"] ?? {})) {
    const zip = join(folder, String(source));
    mkdirSync(dirname(zip), { recursive: true });
    writeFileSync(zip, Buffer.alloc(ARTIFACT_BYTES));
  }
  return environmentReport({
    environment: "envs/local",
    plan: readJson<TerraformPlan>(join(TESTDATA, scenario, "plan.json")) as TerraformPlan,
    stack: { ...stack, "//": { ...stack["//"], ...(acknowledged && { acknowledged }) } },
    folder,
  });
}

function failedOn(name: string): EnvironmentReport {
  const output = readFileSync(join(ERRORS, `${name}.txt`), "utf8");
  return failedReport("envs/local", planError(output, "envs/local"));
}

function expectGolden(name: string, text: string): void {
  const file = join(TESTDATA, `${name}.md`);
  if (process.env["UPDATE_GOLDENS"] === "1") writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, "utf8"));
}

test.each([
  "nothing-changed",
  "function-code",
  "table-replaced",
  "iam-widened",
  "security-group-opened",
  "resource-added",
  "module-renamed",
])("%s", (scenario) => {
  expectGolden(scenario, renderMarkdown({ version: 1, environments: [reportOn(scenario)] }));
});

test.each(["state-locked", "provider-error", "specification-error"])("%s", (name) => {
  expectGolden(name, renderMarkdown({ version: 1, environments: [failedOn(name)] }));
});

test("a table's replacement that the specification acknowledges", () => {
  const report = reportOn("table-replaced", [
    { path: "todo-table/table", action: "replace", reason: "The table is empty until June." },
  ]);
  expectGolden("table-replaced-acknowledged", renderMarkdown({ version: 1, environments: [report] }));
});

test("several environments in little room: each keeps its title, and what is left out is counted", () => {
  const environments = ["table-replaced", "resource-added", "function-code"].map((scenario, index) => ({
    ...reportOn(scenario),
    environment: `envs/${["dev", "staging", "prod"][index]}`,
  }));
  const text = renderMarkdown(
    { version: 1, environments: [...environments, failedOn("state-locked")] },
    { maxBytes: 4500, whole: "the artifact `plans`" },
  );
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4500);
  expectGolden("little-room", text);
});

test("text for a terminal has the same, whole", () => {
  const text = renderText({
    version: 1,
    environments: [reportOn("table-replaced"), reportOn("security-group-opened"), failedOn("state-locked")],
  });
  expectGolden("terminal", `\`\`\`text\n${text}\n\`\`\`\n`);
});
