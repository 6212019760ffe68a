/** scripts/diff on plans that the real cdktf, Terraform and provider make of a project that somebody has changed. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DiffReport, EnvironmentReport } from "../scripts/internal/plan-report";
import { type ProjectCopy, temporaryProject } from "../scripts/internal/project-copy";
import { changesOf, succeed, terraformEnvironment } from "./internal/deployment";
import { environmentDirectory } from "./internal/directory";
import { type Outcome, ROOT, run } from "./internal/project";

let project: ProjectCopy;

beforeAll(() => {
  project = temporaryProject(ROOT);
});

afterAll(() => {
  project.remove();
});

function edit(file: string, from: string, to: string): void {
  const path = join(project.root, file);
  const text = readFileSync(path, "utf8");
  expect(text.split(from)).toHaveLength(2);
  writeFileSync(path, text.replace(from, to));
}

/** Environment in which the copy is planned: with a folder of its own for what is synthesised. */
function environment(): NodeJS.ProcessEnv {
  return { ...terraformEnvironment(), CDKTF_OUTPUT: join(project.root, "cdktf.out") };
}

function diff(...args: string[]): Promise<Outcome> {
  return run([join(project.root, "scripts", "diff"), ...args], project.root, environment());
}

/** The reports, by environment. What is for people comes before, on standard error. */
function reportsIn({ output }: Outcome): Readonly<Record<string, EnvironmentReport>> {
  const { environments } = JSON.parse(output.slice(output.indexOf('{\n  "version": 1'))) as DiffReport;
  return Object.fromEntries(environments.map((report) => [report.environment, report]));
}

/** The secret by which the load balancer knows the distribution, out of Terraform's state. */
function secretOfOrigin(): string {
  const [, secret = ""] =
    /"secret_string": "([^"]+)"/.exec(readFileSync(environmentDirectory().terraformState, "utf8")) ?? [];
  expect(secret.length).toBeGreaterThan(20);
  return secret;
}

test("an environment that cannot be planned ends it with 1; one without changes is told all the same", async () => {
  const outcome = await diff("envs/nowhere", "envs/local", "--json");
  const reports = reportsIn(outcome);
  expect(reports["envs/nowhere"]).toMatchObject({ status: "error", modules: [] });
  expect(reports["envs/nowhere"]?.error?.summary).toContain("envs/nowhere");
  expect(reports["envs/local"]).toMatchObject({ status: "no-change", warnings: [], modules: [], drift: [] });
  expect(outcome.code).toBe(1);
}, 300_000);

test("a change is told by what it means, and its plan kept for its owner alone", async () => {
  edit(
    "functions/todos/request.ts",
    "There is no such to-do.",
    "There is no to-do of that id, or none of yours.",
  );
  edit("modules/todo-api/todo-table.ts", 'hashKey: "owner"', 'hashKey: "user"');
  edit(
    "modules/todo-api/todo-table.ts",
    '"dynamodb:UpdateItem", "dynamodb:DeleteItem"]',
    '"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Scan"]',
  );
  const folder = join(project.root, "plans");
  const outcome = await diff("envs/local", "--out", folder, "--json");
  const report = reportsIn(outcome)["envs/local"];
  if (!report) throw new Error(outcome.output);

  expect(report.warnings).toMatchObject([
    {
      path: "todo-table/table",
      action: "replace",
      loses: "items",
      replacedBy: ["hash_key"],
      acknowledged: false,
    },
  ]);
  expect(report.modules.map(({ module }) => module).sort()).toEqual([
    "todo-api-v1",
    "todo-api-v2",
    "todo-table",
  ]);
  const versions = ["v1", "v2"];
  expect(report.iam.map(({ kind, text }) => [kind, text]).sort()).toEqual(
    versions.map((version) => [
      "widened",
      expect.stringMatching(
        new RegExp(`^\`acme-local-todos-${version}\` may now \`dynamodb:Scan\` on \`arn:aws:dynamodb:.*\`$`),
      ),
    ]),
  );
  expect([...report.functions].sort((one, other) => (one.name < other.name ? -1 : 1))).toEqual(
    versions.map((version) => ({
      name: `acme-local-todos-${version}`,
      path: `todo-api-${version}/function/function`,
      beforeBytes: expect.any(Number),
      afterBytes: expect.any(Number),
    })),
  );
  const [{ beforeBytes, afterBytes } = { beforeBytes: 0, afterBytes: 0 }] = report.functions;
  expect(Math.abs(Number(afterBytes) - Number(beforeBytes))).toBeLessThan(1000);
  expect(report.network).toEqual([]);
  expect(outcome.code).toBe(2);

  const kept = ["plan.tfplan", "plan.json", "stack.json", "report.md"].map((name) =>
    join(folder, "envs", "local", name),
  );
  expect(kept.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600, 0o600]);
  const [plan = "", json = "", , markdown = ""] = kept;
  expect(JSON.parse(readFileSync(json, "utf8"))).toEqual(report);
  const secret = secretOfOrigin();
  for (const file of [json, markdown]) expect(readFileSync(file, "utf8")).not.toContain(secret);

  const planned = await succeed(
    run(
      ["terraform", "show", "-json", plan],
      join(project.root, "cdktf.out", "envs", "local"),
      environment(),
    ),
  );
  const addresses = changesOf(planned, "resource_changes").map(({ address }) => address);
  expect(report.modules.flatMap(({ changes }) => changes.map(({ address }) => address)).sort()).toEqual(
    addresses.sort(),
  );
}, 300_000);
