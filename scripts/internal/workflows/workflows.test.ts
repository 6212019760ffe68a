import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { environments } from "../../../envs";
import { type Job, readWorkflows, type Step } from "./workflow";

const workflows = readWorkflows();
const named = (file: string) => {
  const found = workflows.find((workflow) => workflow.file === file);
  if (!found) throw new Error(`${file} is missing`);
  return found;
};
const jobs = workflows.flatMap(({ file, jobs }) =>
  Object.entries(jobs).map(([name, job]) => ({ place: `${file}: ${name}`, file, name, job })),
);
const steps = jobs.flatMap(({ place, job }) => (job.steps ?? []).map((step) => ({ place, step })));
const needsOf = ({ needs = [] }: Job) => (typeof needs === "string" ? [needs] : needs);
const uses = (step: Step, action: string) => step.uses?.startsWith(`${action}@`) ?? false;

describe("actionlint", () => {
  const diff = named("diff.yml").text;
  const planted = [
    {
      fault: "an unknown context",
      text: diff.replace("matrix.role", "matrixx.role"),
      found: 'undefined variable "matrixx"',
    },
    {
      fault: "a title in a script",
      text: diff.replace("--report plans", "--report '${{ github.event.pull_request.title }}'"),
      found: '"github.event.pull_request.title" is potentially untrusted',
    },
    {
      fault: "a job that is not there",
      text: diff.replace("needs: environments", "needs: environment"),
      found: 'job "plan" needs job "environment" which does not exist in this workflow',
    },
    {
      fault: "an unknown permission",
      text: diff.replace("pull-requests: write", "pull-request: write"),
      found: 'unknown permission scope "pull-request"',
    },
    {
      fault: "an unknown key",
      text: diff.replace("timeout-minutes", "timeout-seconds"),
      found: 'unexpected key "timeout-seconds"',
    },
    {
      fault: "an unknown runner",
      text: diff.replace("ubuntu-24.04", "ubuntu-24.40"),
      found: 'label "ubuntu-24.40" is unknown',
    },
  ];
  const results = new Map<string, readonly string[]>();

  beforeAll(() => {
    const texts = [...workflows, ...planted].map(({ text }) => text);
    const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, "lint.cjs")], {
      input: JSON.stringify(texts),
      encoding: "utf8",
    });
    if (stdout === "") throw new Error(stderr);
    const found = JSON.parse(stdout) as string[][];
    for (const [index, text] of texts.entries()) results.set(text, found[index] ?? []);
  });

  test.each(workflows)("finds nothing in $file", ({ text }) => {
    expect(results.get(text)).toEqual([]);
  });

  test.each(planted)("finds $fault", ({ text, found }) => {
    expect(results.get(text)).toContainEqual(expect.stringContaining(found));
  });
});

test("every action is pinned by its commit, to one version each", () => {
  const lines = workflows.flatMap(({ text }) =>
    text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line)),
  );
  const actions = lines.flatMap((line) =>
    /uses: \.\/\.github\/workflows\/[a-z-]+\.yml$/.test(line) ? [] : [line],
  );
  expect(actions.length).toBeGreaterThan(20);
  const versions = new Map<string, Set<string>>();
  for (const line of actions) {
    const [, action = line, commit = ""] =
      /uses: ([\w-]+\/[\w-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(line) ?? [];
    versions.set(action, (versions.get(action) ?? new Set()).add(commit));
  }
  expect([...versions].filter(([, commits]) => commits.size !== 1 || commits.has(""))).toEqual([]);
});

test("permissions are given job by job, and no more than these", () => {
  expect(workflows.filter(({ permissions }) => permissions === undefined)).toEqual([]);
  const wide = workflows.filter(({ permissions }) => Object.keys(permissions ?? {}).length > 0);
  expect(wide.map(({ file, permissions }) => ({ file, permissions }))).toEqual([
    { file: "test.yml", permissions: { contents: "read" } },
  ]);
  const role = { contents: "read", "id-token": "write" };
  expect(Object.fromEntries(jobs.map(({ place, job }) => [place, job.permissions ?? {}]))).toEqual({
    "deploy-environment.yml: plan": role,
    "deploy-environment.yml: apply": role,
    "deploy.yml: dev": role,
    "deploy.yml: staging": role,
    "deploy.yml: prod": role,
    "diff.yml: fork": {},
    "diff.yml: environments": {},
    "diff.yml: plan": role,
    "diff.yml: comment": { contents: "read", "pull-requests": "write" },
    "drift.yml: environments": {},
    "drift.yml: look": role,
    "drift.yml: issues": { contents: "read", issues: "write" },
    "environments.yml: list": {},
    "invalidate.yml: environments": {},
    "invalidate.yml: invalidate": role,
    "test.yml: test": {},
  });
});

test("scripts take nothing from GitHub but by their environment", () => {
  expect(steps.filter(({ step }) => step.run?.includes("${{"))).toEqual([]);
});

test("what runs a fork's code gets neither role nor secret", () => {
  const onPullRequest = workflows.filter(({ on }) => "pull_request" in on);
  expect(onPullRequest.map(({ file }) => file)).toEqual(["diff.yml", "test.yml"]);
  for (const { on, text } of workflows) {
    expect(Object.keys(on)).not.toContain("pull_request_target");
    expect(Object.keys(on)).not.toContain("workflow_run");
    expect(text).not.toMatch(/secrets:\s*inherit|allow-unsafe-pr-checkout/);
  }
  for (const { text } of onPullRequest) expect(text).not.toContain("secrets.");
  const { fork, environments: first, plan, comment } = named("diff.yml").jobs as Record<string, Job>;
  expect(fork?.if).toBe("github.event.pull_request.head.repo.full_name != github.repository");
  expect(first?.if).toBe("github.event.pull_request.head.repo.full_name == github.repository");
  // A job whose need was skipped is skipped too, unless its condition asks for the need's result.
  expect({ needs: needsOf(plan ?? {}), if: plan?.if }).toEqual({
    needs: ["environments"],
    if: "needs.environments.outputs.plan != '[]'",
  });
  expect(comment?.if).toBe("${{ !cancelled() && needs.plan.result != 'skipped' }}");
});

test("what packages run when they are installed has no rights yet", () => {
  for (const { place, job } of jobs) {
    const all = job.steps ?? [];
    const install = all.findIndex(({ run }) => run === "node scripts/internal/install-dependencies.mjs");
    const rights = all.findIndex(
      (step) =>
        uses(step, "aws-actions/configure-aws-credentials") ||
        /token|secrets/i.test(JSON.stringify(step.env ?? {})),
    );
    if (rights !== -1)
      expect({ place, before: install !== -1 && install < rights }).toEqual({ place, before: true });
  }
});

test("no checkout leaves its token behind, and every job ends", () => {
  const checkouts = steps.filter(({ step }) => uses(step, "actions/checkout"));
  expect(checkouts.filter(({ step }) => step.with?.["persist-credentials"] !== false)).toEqual([]);
  const endless = jobs.filter(({ job }) => job.steps && job["timeout-minutes"] === undefined);
  expect(endless.map(({ place }) => place)).toEqual([]);
});

test("what holds rights to change takes nothing from a cache", () => {
  const changing = jobs.filter(({ job }) => job.environment !== undefined || needsOf(job).includes("apply"));
  expect(changing.map(({ place }) => place)).toEqual([
    "deploy-environment.yml: apply",
    "invalidate.yml: invalidate",
  ]);
  const caches = changing.flatMap(({ job }) =>
    (job.steps ?? []).filter((step) => uses(step, "actions/setup-node")).map((step) => step.with),
  );
  expect(caches).toEqual([
    { "node-version": "20.19.5", "package-manager-cache": false },
    { "node-version": "20.19.5", "package-manager-cache": false },
  ]);
});

test("every push is held against the one before it, which is tested to its end; every pull request against its base", () => {
  const { concurrency, jobs: tested } = named("test.yml");
  expect(concurrency).toEqual({
    group: "test-${{ github.event_name == 'push' && github.sha || github.ref }}",
    "cancel-in-progress": true,
  });
  const all = tested["test"]?.steps ?? [];
  expect(all.find((step) => uses(step, "actions/checkout"))?.with).toMatchObject({ "fetch-depth": 0 });
  expect(all.find(({ run }) => run === ".ci/run")?.env).toEqual({
    CONTRACTS_BASE: "${{ github.event_name == 'push' && github.event.before || '' }}",
  });
});

describe("deploy", () => {
  const deployed = named("deploy.yml").jobs;
  const names = Object.keys(deployed);
  const withRoles = Object.values(environments).flatMap(({ name, ci }) => (ci === undefined ? [] : name));

  test("deploys environments that have roles, and can be started for each", () => {
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !withRoles.includes(name))).toEqual([]);
    for (const file of ["deploy.yml", "invalidate.yml"]) {
      const dispatch = named(file).on["workflow_dispatch"] as {
        inputs: { environment: { options: string[] } };
      };
      expect(dispatch.inputs.environment.options).toEqual(names);
    }
  });

  test.each(names)("takes the roles of %s, one run at a time, none cut off", (name) => {
    const job = deployed[name];
    const variable = name.toUpperCase().replaceAll("-", "_");
    expect(job?.concurrency).toEqual({ group: `deploy-${name}`, "cancel-in-progress": false });
    expect(job?.with).toEqual({
      environment: name,
      "plan-role": `\${{ vars.AWS_PLAN_ROLE_${variable} }}`,
      "apply-role": `\${{ vars.AWS_APPLY_ROLE_${variable} }}`,
    });
    expect(job?.if).toContain(
      `vars.AWS_APPLY_ROLE_${variable} != '' && (github.event_name == 'push' || inputs.environment == '${name}')`,
    );
  });

  test("plans without the environment at GitHub, and applies in it alone", () => {
    const { plan, apply } = named("deploy-environment.yml").jobs as Record<string, Job>;
    const rolesOf = (job: Job | undefined) =>
      (job?.steps ?? [])
        .filter((step) => uses(step, "aws-actions/configure-aws-credentials"))
        .map((step) => step.with?.["role-to-assume"]);
    expect({ environment: plan?.environment, roles: rolesOf(plan) }).toEqual({
      environment: undefined,
      roles: ["${{ inputs.plan-role }}"],
    });
    expect({
      environment: apply?.environment,
      roles: rolesOf(apply),
      needs: apply?.needs,
      if: apply?.if,
    }).toEqual({
      environment: "${{ inputs.environment }}",
      roles: ["${{ inputs.apply-role }}", "${{ inputs.apply-role }}"],
      needs: "plan",
      if: "needs.plan.outputs.code == '2' || github.event_name == 'workflow_dispatch'",
    });
    const order = (apply?.steps ?? []).flatMap(({ name }) => name ?? []);
    expect(order).toEqual([
      "Install dependencies",
      "Push images",
      "Decrypt the plan",
      "Deploy",
      "Shift traffic",
    ]);
  });

  test("lets no plan out unencrypted", () => {
    const uploads = steps.filter(({ step }) => uses(step, "actions/upload-artifact"));
    expect(uploads.map(({ place, step }) => [place, String(step.with?.["path"]).trim().split("\n")])).toEqual(
      [
        ["deploy-environment.yml: plan", ["plan.gpg"]],
        ["diff.yml: plan", ["plans/envs/*/plan.json", "plans/envs/*/report.md"]],
        ["drift.yml: look", ["drift"]],
      ],
    );
  });
});
