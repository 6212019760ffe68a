import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { gitHub } from "../../internal/github/client";
import { type GitHubStandIn, HEAD, ME, startGitHub, TOKEN } from "../../internal/github/stand-in";
import type { SynthesisedStack, TerraformPlan } from "../../internal/plan";
import { type EnvironmentReport, environmentReport, failedReport } from "../../internal/plan-report";
import { describe as describeResult, type RunOptions, run } from "./run";

const MARK = "<!-- scripts/diff-comment: envs/dev,envs/prod -->";
/** Nothing in the name says that they are secret: the plan does. */
const [OLD_WORD, WORD] = ["correct-horse", "battery-staple"];

let standIn: GitHubStandIn;
let folder: string;

beforeEach(async () => {
  standIn = await startGitHub();
  folder = mkdtempSync(join(tmpdir(), "diff-comment-"));
});

afterEach(async () => {
  await standIn.close();
  rmSync(folder, { recursive: true });
});

/** The report of a real reading of a plan that changes so many queues, and the password of a database. */
function planned(environment: string, queues: number): EnvironmentReport {
  const names = Array.from({ length: queues }, (_, index) => `queue-${index}`);
  const changed = (type: string, name: string, before: object, after: object, sensitive: object) => ({
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    change: {
      actions: ["update"],
      before,
      after,
      after_unknown: {},
      before_sensitive: sensitive,
      after_sensitive: sensitive,
    },
  });
  const resource_changes = [
    ...names.map((name, index) =>
      changed("aws_sqs_queue", name, { delay_seconds: index }, { delay_seconds: index + 1 }, {}),
    ),
    changed("aws_db_instance", "database", { word: OLD_WORD }, { word: WORD }, { word: true }),
  ];
  const block = (path: string) => ({ "//": { metadata: { path: `${environment}/${path}` } } });
  const stack = {
    resource: {
      aws_sqs_queue: Object.fromEntries(names.map((name) => [name, block(`queues/${name}`)])),
      aws_db_instance: { database: block("orders/database") },
    },
  } as unknown as SynthesisedStack;
  const plan = { format_version: "1.2", resource_changes } as unknown as TerraformPlan;
  return environmentReport({ environment, plan, stack, folder });
}

function keep(report: EnvironmentReport): void {
  const file = join(folder, report.environment, "plan.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(report));
}

const noSleep = { now: Date.now, sleep: async () => undefined, random: () => 0 };

function comment(environments: readonly string[] = [], options: Partial<RunOptions> = {}) {
  const given = { report: [folder], repository: "acme/platform", pullRequest: 7, dryRun: false, ...options };
  return run(environments, given, (repository) =>
    gitHub({ repository, token: TOKEN, apiUrl: standIn.url, clock: noSleep }),
  );
}

const writes = () => standIn.requests.filter((line) => !line.startsWith("GET ") && line !== "POST /graphql");

test("comments once, changes the comment after, and leaves it when it says so already", async () => {
  keep(planned("envs/dev", 1));
  keep(planned("envs/prod", 2));
  const result = await comment();
  expect(result).toEqual({
    action: "created",
    environments: { "envs/dev": "2 changed", "envs/prod": "3 changed" },
    url: "https://github.test/acme/platform/pull/7#issuecomment-1001",
    folded: 0,
  });
  expect(describeResult(result)).toBe(
    "Commented: https://github.test/acme/platform/pull/7#issuecomment-1001.",
  );
  expect(standIn.comments[0]?.body).toMatch(
    new RegExp(`^${MARK}\n### \`envs/dev\`: 2 changed\n[\\s\\S]*\n### \`envs/prod\`: 3 changed\n`),
  );

  keep(planned("envs/prod", 3));
  expect(await comment()).toMatchObject({ action: "changed", folded: 0 });
  expect(await comment()).toMatchObject({ action: "unchanged" });
  expect(standIn.comments).toHaveLength(1);
  expect(standIn.comments[0]?.body).toContain("### `envs/prod`: 4 changed");
  expect(writes()).toEqual([
    "POST /repos/acme/platform/issues/7/comments",
    "PATCH /repos/acme/platform/issues/comments/1001",
  ]);
});

test("finds its comment on a later page, and has one for each set of environments", async () => {
  standIn.comments.push(
    ...Array.from({ length: 70 }, (_, index) => ({
      id: 100 + index,
      author: "somebody",
      body: "LGTM",
      minimized: false,
    })),
  );
  keep(planned("envs/dev", 1));
  expect(await comment()).toMatchObject({ action: "created" });
  expect(await comment()).toMatchObject({ action: "unchanged" });
  keep(planned("envs/prod", 1));
  expect(await comment()).toMatchObject({ action: "created" });
  expect(standIn.comments).toHaveLength(72);
});

test("leaves alone what somebody else has written, even below the same mark", async () => {
  const forged = { id: 1, author: "mallory", body: `${MARK}\nNothing to see.`, minimized: false };
  const quoting = { id: 2, author: ME, body: `It began with\n${MARK}\n`, minimized: false };
  standIn.comments.push({ ...forged }, { ...quoting });
  keep(planned("envs/dev", 1));
  keep(planned("envs/prod", 1));
  expect(await comment()).toMatchObject({ action: "created" });
  expect(standIn.comments.slice(0, 2)).toEqual([forged, quoting]);
  expect(standIn.comments).toHaveLength(3);
});

test("folds what else it finds of its own, and goes on with the oldest", async () => {
  keep(planned("envs/dev", 1));
  keep(planned("envs/prod", 1));
  for (const id of [1, 2, 3]) {
    standIn.comments.push({ id, author: ME, body: `${MARK}\nplan ${id}\n`, minimized: false });
  }
  expect(await comment()).toMatchObject({ action: "changed", folded: 2 });
  expect(await comment()).toMatchObject({ action: "unchanged", folded: 0 });
  const [first, second, third] = standIn.comments;
  expect(first).toMatchObject({ minimized: false, body: expect.stringContaining("### `envs/dev`") });
  for (const [number, folded] of [second, third].entries()) {
    expect(folded?.minimized).toBe(true);
    expect(folded?.body).toBe(
      `<!-- scripts/diff-comment -->\n<details>\n<summary>An older plan; the newest is in <a href="https://github.test/acme/platform/pull/7#issuecomment-1">another comment</a></summary>\n\nplan ${number + 2}\n\n</details>\n`,
    );
  }
});

test("of two runs at once one comment is left, that of whoever was first", async () => {
  keep(planned("envs/dev", 1));
  keep(planned("envs/prod", 1));
  // Neither sees the other's comment before both have made one.
  let waiting = 0;
  let goOn = () => undefined as undefined;
  const both = new Promise<void>((done) => {
    goOn = () => void done() as undefined;
  });
  standIn.before = async (line) => {
    if (!line.startsWith("POST /repos/")) return;
    if (++waiting === 2) goOn();
    await both;
  };
  const results = await Promise.all([comment(), comment()]);
  expect(writes().filter((line) => line.startsWith("POST"))).toHaveLength(2);
  expect(standIn.comments.map(({ id }) => id)).toEqual([1001]);
  expect(results.map(({ url }) => url)).toEqual(Array(2).fill(expect.stringMatching(/-1001$/)));
  expect(results.map(({ action }) => action).sort()).toEqual(["created", "unchanged"]);
});

test("makes no second comment when the answer to the first was lost", async () => {
  keep(planned("envs/dev", 1));
  let lost = false;
  standIn.before = (line) => {
    if (lost || !line.startsWith("POST /repos/")) return;
    lost = true;
    standIn.refusals.push({ status: 502, message: "Bad gateway", done: true });
  };
  expect(await comment()).toMatchObject({ action: "unchanged" });
  expect(standIn.comments.map(({ id }) => id)).toEqual([1001]);
});

test("says that a plan failed, and shows the error", async () => {
  keep(planned("envs/dev", 1));
  keep(
    failedReport("envs/prod", {
      summary: "Error acquiring the state lock",
      detail: "Lock Info:\n  Who: jo@ci",
    }),
  );
  await comment(["envs/dev", "envs/prod", "envs/staging"]);
  const body = standIn.comments[0]?.body ?? "";
  expect(body).toContain(
    "### `envs/prod`: the plan failed\n\n> [!CAUTION]\n> `Error acquiring the state lock`\n",
  );
  expect(body).toContain("  Who: jo@ci");
  expect(body).toContain("### `envs/staging`: the plan failed\n\n> [!CAUTION]\n> `no plan was made`\n");
});

test("says of all that failed when there is no report at all", async () => {
  await comment(["envs/prod"], { report: [join(folder, "nowhere")] });
  expect(standIn.comments[0]?.body).toContain("`no plan was made`");
});

test("a plan of 5,000 resources fits, and leads to the whole", async () => {
  keep(planned("envs/dev", 1));
  keep(planned("envs/prod", 5000));
  const whole = "https://github.test/acme/platform/actions/runs/99#artifacts";
  await comment([], { whole, commit: HEAD });
  const body = standIn.comments[0]?.body ?? "";
  expect(body.length).toBeLessThanOrEqual(65_536);
  expect(body.length).toBeGreaterThan(50_000);
  expect(body).toContain("### `envs/dev`: 2 changed");
  expect(body).toContain("### `envs/prod`: 5 001 changed");
  expect(body).toMatch(/Left out here for length: .*; the whole is in \[the run's artifacts\]/);
  expect(body).toMatch(
    new RegExp(
      `<sub>Commit ${HEAD}\\. Whole plans: \\[the run's artifacts\\]\\(${whole}\\)\\. Sensitive values are masked\\.</sub>\n$`,
    ),
  );
});

test("what the plan calls sensitive is in no comment", async () => {
  keep(planned("envs/dev", 1));
  await comment();
  const body = standIn.comments[0]?.body ?? "";
  expect(body).toContain("+ word = (sensitive)");
  for (const secret of [OLD_WORD, WORD]) expect(body).not.toContain(secret);
});

test("does not show a commit that is not the newest any more", async () => {
  keep(planned("envs/dev", 1));
  const result = await comment([], { commit: "f".repeat(40) });
  expect(result).toEqual({ action: "outdated", environments: { "envs/dev": "2 changed" } });
  expect(describeResult(result)).toBe("The pull request has a newer commit: its run comments.");
  expect(writes()).toEqual([]);
});

test("a fork's run is told why it cannot comment", async () => {
  keep(planned("envs/dev", 1));
  standIn.readOnly = true;
  await expect(comment()).rejects.toThrow(
    'pull request 7 of acme/platform: the token may not do this: Resource not accessible by integration; give the job the permission "pull-requests: write"; a run for a fork\'s pull request never has it',
  );
});

test("--dry-run asks nobody", async () => {
  keep(planned("envs/dev", 1));
  const result = await comment([], { dryRun: true });
  expect(result).toMatchObject({ action: "would-comment", body: expect.stringContaining("### `envs/dev`") });
  expect(describeResult(result)).toMatch(
    /^<!-- scripts\/diff-comment: envs\/dev -->\n### `envs\/dev`: 2 changed/,
  );
  expect(standIn.requests).toEqual([]);
});

describe("reports", () => {
  test("are also files of scripts/diff --json", async () => {
    const file = join(folder, "diff.json");
    writeFileSync(
      file,
      JSON.stringify({ version: 1, environments: [planned("envs/prod", 1), planned("envs/dev", 1)] }),
    );
    const { environments } = await comment([], { report: [file], dryRun: true });
    expect(Object.keys(environments)).toEqual(["envs/dev", "envs/prod"]);
  });

  const FILE = "strange.json";
  test.each([
    {
      name: "a folder without any",
      report: "",
      message: ": holds no plan.json; make it with scripts/diff <environment> --out <folder>",
    },
    { name: "none at all", report: "nowhere", message: "nowhere: does not exist; make it with scripts/diff" },
    {
      name: "something else",
      report: FILE,
      content: "[1]",
      message: `${FILE}: is no report of scripts/diff; make it again`,
    },
    {
      name: "another version",
      report: FILE,
      content: '{ "version": 2, "environments": [] }',
      message: `${FILE}: is no report of scripts/diff; make it again`,
    },
    {
      name: "a name that is none",
      report: FILE,
      content: '{ "environment": "envs/a --> b", "status": "changes" }',
      message: 'environment: "envs/a --> b" is none; write it as envs/<name>, e.g. envs/prod',
    },
  ])("may not be $name", async ({ report, content, message }) => {
    if (content !== undefined) writeFileSync(join(folder, report), content);
    await expect(comment([], { report: [join(folder, report)], dryRun: true })).rejects.toThrow(message);
  });

  test("may not be of what is not among the environments, nor twice", async () => {
    keep(planned("envs/dev", 1));
    await expect(comment(["envs/prod"], { dryRun: true })).rejects.toThrow(
      "envs/dev: has a report and is not among the environments; name it",
    );
    await expect(comment([], { report: [folder, folder], dryRun: true })).rejects.toThrow(
      "is a second report of envs/dev; give one",
    );
  });
});

describe("the command", () => {
  /** As it is run, in a process of its own. */
  async function call(env: Readonly<Record<string, string>>) {
    const args = ["--report", folder, "--repository", "acme/platform", "--pull-request", "7", "--json"];
    const child = spawn(resolve(__dirname, "../../diff-comment"), args, {
      env: { PATH: process.env["PATH"], ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const code = await new Promise<number | null>((done) => child.once("close", done));
    return { code, stdout, stderr };
  }

  test("takes token and address from the environment, and prints what it has done", async () => {
    keep(planned("envs/dev", 1));
    const { code, stdout, stderr } = await call({ GITHUB_TOKEN: TOKEN, GITHUB_API_URL: standIn.url });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      action: "created",
      environments: { "envs/dev": "2 changed" },
    });
    expect(standIn.comments).toHaveLength(1);
  }, 60_000);

  test("ends with 4 where GitHub refuses the token, and does not show it", async () => {
    keep(planned("envs/dev", 1));
    expect(await call({ GITHUB_TOKEN: "ghs_expired", GITHUB_API_URL: standIn.url })).toEqual({
      code: 4,
      stdout: "",
      stderr: "error: GITHUB_TOKEN: GitHub takes it for none: Bad credentials; it has expired, or is wrong\n",
    });
  }, 60_000);
});
