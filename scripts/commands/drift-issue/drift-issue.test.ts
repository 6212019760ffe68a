import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitHub } from "../../internal/github/client";
import {
  type GitHubStandIn,
  ME,
  type StandInIssue,
  startGitHub,
  TOKEN,
} from "../../internal/github/stand-in";
import { type DriftedResource, type EnvironmentDrift, failedDrift } from "../drift/drift";
import { describe as describeResult, type RunOptions, run } from "./run";

let standIn: GitHubStandIn;
let folder: string;

beforeEach(async () => {
  standIn = await startGitHub();
  folder = mkdtempSync(join(tmpdir(), "drift-issue-"));
});

afterEach(async () => {
  await standIn.close();
  rmSync(folder, { recursive: true });
});

/** An environment in which so many queues are gone. */
function drifted(environment: string, queues: number): EnvironmentDrift {
  const gone = Array.from(
    { length: queues },
    (_, index): DriftedResource => ({
      address: `aws_sqs_queue.queue-${index}`,
      type: "aws_sqs_queue",
      path: `queues/${"q".repeat(400)}-${index}`,
      kind: "gone",
      stateful: false,
      attributes: [],
    }),
  );
  return { environment, status: queues > 0 ? "drift" : "no-drift", drifted: gone, alsoChanged: [] };
}

function tellOf(environments: readonly EnvironmentDrift[], options: Partial<RunOptions> = {}) {
  writeFileSync(join(folder, "drift.json"), JSON.stringify({ version: 1, environments }));
  const given = { report: [folder], repository: "acme/platform", dryRun: false, ...options };
  const clock = { now: Date.now, sleep: async () => undefined, random: () => 0 };
  return run(given, (repository) => gitHub({ repository, token: TOKEN, apiUrl: standIn.url, clock }));
}

function opened(number: number, changes: Partial<StandInIssue> = {}): StandInIssue {
  return {
    number,
    author: ME,
    labels: ["drift"],
    title: "envs/prod has drifted",
    body: "<!-- scripts/drift-issue: envs/prod -->\nold",
    state: "open",
    comments: [],
    ...changes,
  };
}

test("opens an issue, changes it, and closes it when there is no drift any more", async () => {
  const first = await tellOf([drifted("envs/dev", 0), drifted("envs/prod", 1)], {
    whole: "https://github.test/acme/platform/actions/runs/99#artifacts",
  });
  expect(describeResult(first)).toBe(
    "envs/dev: no drift\nenvs/prod: opened: https://github.test/acme/platform/issues/1001",
  );
  expect(standIn.issues).toHaveLength(1);
  expect(standIn.issues[0]).toMatchObject({
    title: "envs/prod has drifted",
    labels: ["drift"],
    state: "open",
  });
  expect(standIn.issues[0]?.body).toMatch(
    /^<!-- scripts\/drift-issue: envs\/prod -->\n### envs\/prod: drift, 1 gone\n[\s\S]*\(https:\/\/github\.test\/acme\/platform\/actions\/runs\/99#artifacts\)\.<\/sub>\n$/,
  );

  expect((await tellOf([drifted("envs/prod", 2)])).issues).toMatchObject([{ action: "changed" }]);
  expect(standIn.issues[0]?.body).toContain("### envs/prod: drift, 2 gone");

  const last = await tellOf([drifted("envs/prod", 0)]);
  expect(describeResult(last)).toBe(
    "envs/prod: no drift any more, closed: https://github.test/acme/platform/issues/1001",
  );
  expect(standIn.issues).toMatchObject([
    { state: "closed", reason: "completed", comments: ["envs/prod has no drift any more."] },
  ]);
  expect((await tellOf([drifted("envs/prod", 0)])).issues).toEqual([
    { action: "none", environment: "envs/prod" },
  ]);
});

test("opens another when there is drift again", async () => {
  standIn.issues.push(opened(1, { state: "closed" }));
  expect((await tellOf([drifted("envs/prod", 1)])).issues).toMatchObject([{ action: "opened" }]);
  expect(standIn.issues.map(({ state }) => state)).toEqual(["closed", "open"]);
});

test("keeps what there is of an environment that could not be looked at", async () => {
  standIn.issues.push(opened(1));
  const error = { summary: "no valid credential sources", detail: "" };
  const result = await tellOf([failedDrift("envs/prod", error), failedDrift("envs/dev", error)]);
  expect(describeResult(result)).toBe(
    "envs/prod: could not be looked at: https://github.test/acme/platform/issues/1\nenvs/dev: could not be looked at",
  );
  expect(standIn.issues).toEqual([opened(1)]);
});

test("leaves alone what somebody else has written, even below the same mark", async () => {
  const foreign = [opened(1, { author: "mallory" }), opened(2, { body: "About drift." })];
  standIn.issues.push(...foreign.map((issue) => ({ ...issue })));
  await tellOf([drifted("envs/prod", 0)]);
  expect(standIn.issues).toEqual(foreign);
});

test("leaves one open, the oldest, where there are several", async () => {
  standIn.issues.push(opened(2), opened(1));
  await tellOf([drifted("envs/prod", 1)]);
  expect(standIn.issues).toMatchObject([
    { number: 2, state: "closed", reason: "not_planned", comments: ["#1 says the same."] },
    { number: 1, state: "open" },
  ]);
});

test("of two runs at once one issue is left", async () => {
  let waiting = 0;
  let goOn: () => void = () => undefined;
  const both = new Promise<void>((done) => {
    goOn = done;
  });
  standIn.before = async (line) => {
    if (line !== "POST /repos/acme/platform/issues") return;
    if (++waiting === 2) goOn();
    await both;
  };
  await Promise.all([tellOf([drifted("envs/prod", 1)]), tellOf([drifted("envs/prod", 1)])]);
  expect(standIn.issues.map(({ number, state }) => ({ number, state }))).toEqual([
    { number: 1001, state: "open" },
    { number: 1002, state: "closed" },
  ]);
});

test("an issue says as much as it can hold, and what it leaves out", async () => {
  await tellOf([drifted("envs/prod", 190)]);
  const body = standIn.issues[0]?.body ?? "";
  expect(body.length).toBeLessThanOrEqual(65_536);
  expect(body).toContain("95 more resources are left out here for length.");
});

test("--dry-run asks nobody", async () => {
  const result = await tellOf([drifted("envs/prod", 1), drifted("envs/dev", 0)], { dryRun: true });
  expect(describeResult(result)).toMatch(
    /^# envs\/prod has drifted\n\n<!-- scripts\/drift-issue: envs\/prod -->\n/,
  );
  expect(describeResult(await tellOf([drifted("envs/dev", 0)], { dryRun: true }))).toBe(
    "No issue should be open.",
  );
  expect(standIn.requests).toEqual([]);
});

test("a token without the right is told of", async () => {
  standIn.readOnly = true;
  await expect(tellOf([drifted("envs/prod", 1)])).rejects.toThrow(
    'issues of acme/platform: the token may not do this: Resource not accessible by integration; give the job the permission "issues: write"',
  );
});

test.each([
  {
    name: "missing",
    report: "nowhere",
    message: "nowhere: does not exist; make it with scripts/drift <environment> --out <folder>",
  },
  { name: "a folder without any", report: "", message: ": holds no drift.json; make it with scripts/drift" },
  {
    name: "something else",
    report: "strange.json",
    content: "[]",
    message: "strange.json: is no report of scripts/drift; make it again",
  },
  {
    name: "of no environment",
    report: "strange.json",
    content: '{ "version": 1, "environments": [{ "environment": "--> x", "status": "drift" }] }',
    message: 'environment: "--> x" is none; write it as envs/<name>, e.g. envs/prod',
  },
])("a report may not be $name", async ({ report, content, message }) => {
  if (content !== undefined) writeFileSync(join(folder, report), content);
  const given = { report: [join(folder, report)], repository: "acme/platform", dryRun: true };
  await expect(run(given)).rejects.toThrow(message);
});

test("an environment may not have two reports", async () => {
  await expect(tellOf([drifted("envs/prod", 1), drifted("envs/prod", 0)])).rejects.toThrow(
    "envs/prod: has two reports; give one",
  );
});
