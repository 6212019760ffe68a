/**
 * The scripts in workflows, run as GitHub runs them, with programs that stand in for the commands and keep their arguments. Each call
 * must be one that the command takes.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { declaredCommand, scriptFiles } from "../declared-commands";
import { readWorkflows } from "./workflow";

const ROOT = resolve(__dirname, "../../..");
const workflows = readWorkflows();
const COMMANDS = ["deploy", "diff", "diff-comment", "drift", "drift-issue", "images", "invalidate", "shift"];
const commands = new Map(
  scriptFiles(ROOT)
    .filter(({ path }) => COMMANDS.includes(basename(path)))
    .map((file) => [basename(file.path), declaredCommand(ROOT, file)]),
);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workflows-"));
  mkdirSync(join(folder, "scripts"));
  mkdirSync(join(folder, "bin"));
  for (const name of COMMANDS) standIn(join("scripts", name), 'exit "${EXIT_CODE:-0}"');
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A program that keeps its arguments, one a line, and does something. */
function standIn(path: string, does: string): void {
  const keep = `for each in "$0" "$@"; do printf '%s\\n' "$each"; done >> "${folder}/calls"; echo >> "${folder}/calls"`;
  writeFileSync(join(folder, path), `#!/bin/sh\n${keep}\n${does}\n`);
  chmodSync(join(folder, path), 0o755);
}

/** Runs a step's script. */
function runStep(file: string, job: string, name: string, env: Readonly<Record<string, string>> = {}) {
  const step = workflows
    .find((workflow) => workflow.file === file)
    ?.jobs[job]?.steps?.find((each) => each.name === name);
  if (!step?.run) throw new Error(`${file}: ${job}: has no step "${name}" with a script`);
  const given = Object.keys(step.env ?? {});
  const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", step.run], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    env: {
      PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
      GITHUB_OUTPUT: join(folder, "output"),
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
      GITHUB_REPOSITORY: "acme/platform",
      GITHUB_RUN_ID: "99",
      GITHUB_SERVER_URL: "https://github.test",
      ...env,
    },
  });
  const calls = existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8") : "";
  return {
    status,
    said: `${stdout}${stderr}`,
    given,
    calls: calls
      .split("\n\n")
      .filter((call) => call !== "")
      .map((call) => call.split("\n")),
    output: existsSync(join(folder, "output")) ? readFileSync(join(folder, "output"), "utf8") : "",
  };
}

/** What a command makes of arguments. */
function parsed(name: string, args: readonly string[]) {
  const command = commands.get(name);
  const exit = jest.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`scripts/${name} ends with ${code}`);
  });
  try {
    command?.parse(args, { from: "user" });
    return { args: command?.args, options: command?.opts() };
  } finally {
    exit.mockRestore();
  }
}

const PLANS = JSON.stringify([
  { environment: "dev", role: "arn:dev" },
  { environment: "prod-eu", role: "arn:prod-eu" },
]);
const WHOLE = "https://github.test/acme/platform/actions/runs/99#artifacts";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

interface Call {
  readonly file: string;
  readonly job: string;
  readonly step: string;
  readonly env: Readonly<Record<string, string>>;
  readonly command: string;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

const CALLS: readonly Call[] = [
  ...[
    { file: "diff.yml", job: "plan" },
    { file: "deploy-environment.yml", job: "plan" },
  ].map((place) => ({
    ...place,
    step: "Plan",
    env: { ENVIRONMENT: "prod", TF_CLI_ARGS_plan: "-lock=false" },
    command: "diff",
    args: ["envs/prod"],
    options: { out: "plans", format: "markdown", maxBytes: 1_000_000 },
  })),
  {
    file: "diff.yml",
    job: "comment",
    step: "Comment",
    env: { GITHUB_TOKEN: "t", ENVIRONMENTS: PLANS, NUMBER: "7", COMMIT },
    command: "diff-comment",
    args: ["envs/dev", "envs/prod-eu"],
    options: { report: ["plans"], repository: "acme/platform", pullRequest: 7, commit: COMMIT, whole: WHOLE },
  },
  {
    file: "deploy-environment.yml",
    job: "apply",
    step: "Push images",
    env: { ENVIRONMENT: "prod" },
    command: "images",
    args: ["envs/prod"],
    options: { dryRun: false },
  },
  {
    file: "deploy-environment.yml",
    job: "apply",
    step: "Deploy",
    env: { ENVIRONMENT: "prod" },
    command: "deploy",
    args: ["envs/prod"],
    options: { plan: "plans", dryRun: false },
  },
  {
    file: "deploy-environment.yml",
    job: "apply",
    step: "Shift traffic",
    env: { ENVIRONMENT: "prod" },
    command: "shift",
    args: ["envs/prod"],
    options: { wait: true, timeout: 6900, again: false, ignoreAlarms: false },
  },
  {
    file: "drift.yml",
    job: "look",
    step: "Look for drift",
    env: { ENVIRONMENT: "prod" },
    command: "drift",
    args: ["envs/prod"],
    options: { out: "drift", format: "markdown" },
  },
  {
    file: "drift.yml",
    job: "issues",
    step: "Open, change and close issues",
    env: { GITHUB_TOKEN: "t" },
    command: "drift-issue",
    args: [],
    options: { report: ["drift"], repository: "acme/platform", whole: WHOLE },
  },
  {
    file: "invalidate.yml",
    job: "invalidate",
    step: "Invalidate",
    // Nothing of it is run, nothing is an option.
    env: { ENVIRONMENT: "prod", PATHS: "/a* --distribution $(touch pwned) ;touch pwned", REFERENCE: "" },
    command: "invalidate",
    args: ["envs/prod", "/a*", "--distribution", "$(touch", "pwned)", ";touch", "pwned"],
    options: { wait: true, reference: "run-99" },
  },
];

test.each(CALLS)("$file: $job: $step: is a call that scripts/$command takes", (expected) => {
  const { status, given, calls } = runStep(expected.file, expected.job, expected.step, expected.env);
  expect(status).toBe(0);
  expect(given).toEqual(Object.keys(expected.env));
  expect(calls).toEqual([[`scripts/${expected.command}`, ...(calls[0] ?? []).slice(1)]]);
  expect(existsSync(join(folder, "pwned"))).toBe(false);
  const { args, options } = parsed(expected.command, (calls[0] ?? []).slice(1));
  expect({ args, options }).toEqual({
    args: expected.args,
    options: expect.objectContaining(expected.options),
  });
});

test("no script of a workflow calls another command", () => {
  const tested = CALLS.map(({ file, job, step }) => `${file}: ${job}: ${step}`);
  const calling = workflows.flatMap(({ file, jobs }) =>
    Object.entries(jobs).flatMap(([job, { steps = [] }]) =>
      steps
        .filter(({ run }) => run !== undefined && /scripts\/(?!internal\/)/.test(run))
        .map(({ name }) => `${file}: ${job}: ${name}`),
    ),
  );
  expect(calling.sort()).toEqual(tested.sort());
});

test.each([
  { code: "0", status: 0 },
  { code: "2", status: 0 },
  { code: "1", status: 1 },
  { code: "3", status: 1 },
])("a plan that ends with $code fails the job, unless there is a plan", ({ code, status }) => {
  const env = { ENVIRONMENT: "prod", EXIT_CODE: code };
  expect(runStep("diff.yml", "plan", "Plan", env).status).toBe(status);
  expect(runStep("drift.yml", "look", "Look for drift", env).status).toBe(status);
  const deploying = runStep("deploy-environment.yml", "plan", "Plan", env);
  expect({ status: deploying.status, output: deploying.output }).toEqual({
    status,
    output: `code=${code}\n`,
  });
});

describe("the list of environments", () => {
  const list = (variables: object) =>
    runStep("environments.yml", "list", "Look which environments have roles", {
      VARIABLES: JSON.stringify(variables),
    });

  test("is what has a variable", () => {
    const { output, said } = list({
      AWS_PLAN_ROLE_PROD_EU: "arn:plan-prod-eu",
      AWS_PLAN_ROLE_DEV: "arn:plan-dev",
      AWS_PLAN_ROLE_OLD: "",
      AWS_APPLY_ROLE_DEV: "arn:apply-dev",
      AWS_REGION: "eu-central-1",
    });
    expect(said).toBe("");
    expect(output).toBe(
      'plan=[{"environment":"dev","role":"arn:plan-dev"},{"environment":"prod-eu","role":"arn:plan-prod-eu"}]\napply-roles={"dev":"arn:apply-dev"}\n',
    );
  });

  test("may be empty, and says so", () => {
    const { status, output, said } = list({});
    expect({ status, output }).toEqual({ status: 0, output: "plan=[]\napply-roles={}\n" });
    expect(said).toContain("::notice title=No environment::");
  });
});

describe("the plan between the jobs", () => {
  const PASSPHRASE = "p".repeat(32);

  beforeEach(() => {
    mkdirSync(join(folder, "plans/envs/prod"), { recursive: true });
    writeFileSync(join(folder, "plans/envs/prod/plan.tfplan"), "the plan");
    // Reads the passphrase, and writes what it gets to --output.
    standIn(
      "bin/gpg",
      `cat > "${folder}/passphrase"; while [ "$1" != --output ]; do shift; done; echo sealed > "$2"`,
    );
  });

  test("is encrypted, and gone in the clear", () => {
    const { status, calls } = runStep("deploy-environment.yml", "plan", "Encrypt the plan", {
      ENVIRONMENT: "prod",
      PASSPHRASE,
    });
    expect(status).toBe(0);
    expect(existsSync(join(folder, "plan.gpg"))).toBe(true);
    expect(existsSync(join(folder, "plans/envs/prod/plan.tfplan"))).toBe(false);
    expect(readFileSync(join(folder, "passphrase"), "utf8")).toBe(`${PASSPHRASE}\n`);
    // A command's arguments can be seen by all that runs beside it.
    expect(calls.flat()).not.toContain(PASSPHRASE);
  });

  test.each(["", "too short"])("is not made with the passphrase %p", (passphrase) => {
    const env = { ENVIRONMENT: "prod", PASSPHRASE: passphrase };
    const { status, said, calls } = runStep("deploy-environment.yml", "plan", "Encrypt the plan", env);
    expect({ status, calls }).toEqual({ status: 1, calls: [] });
    expect(said).toContain("::error title=PLAN_PASSPHRASE::");
  });

  test("is decrypted where scripts/deploy looks for it", () => {
    rmSync(join(folder, "plans"), { recursive: true });
    const env = { ENVIRONMENT: "prod", PASSPHRASE };
    expect(runStep("deploy-environment.yml", "apply", "Decrypt the plan", env).status).toBe(0);
    expect(readFileSync(join(folder, "plans/envs/prod/plan.tfplan"), "utf8")).toBe("sealed\n");
  });
});
