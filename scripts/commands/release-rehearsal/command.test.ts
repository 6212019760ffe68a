import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../../..");
const stack = join(root, "envs", "testdata", "envs-prod.json");
let folder: string;

jest.setTimeout(60_000);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "release-rehearsal-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

function rehearsal(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(join(root, "scripts", "release-rehearsal"), args, {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** A file with the example, for fewer clients. */
function planFile(changes: object = {}): string {
  const plan = JSON.parse(readFileSync(join(__dirname, "example-plan.json"), "utf8"));
  const file = join(folder, "plan.json");
  writeFileSync(file, JSON.stringify({ ...plan, clients: 2000, ...changes }));
  return file;
}

test("--example prints a plan that works, and the chart is written", () => {
  const { status, stdout } = rehearsal("--example");
  expect(status).toBe(0);
  writeFileSync(join(folder, "example.json"), stdout.replace('"clients": 250000', '"clients": 2000'));
  const result = rehearsal("envs/prod", "example.json", "--stack", stack, "--chart", "load.svg");
  expect(result.status).toBe(0);
  expect(result.stdout).toMatch(/^envs\/prod, v1\.2\.3: 2 000 clients, \d+ \d{3} requests, /);
  expect(result.stdout).toContain(
    "Costs of 4 releases a month in USD; what is free each month is not taken off (--free-tier).",
  );
  expect(result.stdout).toMatch(/With CloudFront it (COSTS MORE|costs less): /);
  expect(readFileSync(join(folder, "load.svg"), "utf8")).toContain(
    '<title id="title">envs/prod, v1.2.3: load of the application</title>',
  );
});

test("--json prints the result and nothing else", () => {
  const { status, stdout, stderr } = rehearsal("envs/prod", planFile(), "--stack", stack, "--json");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    environment: "envs/prod",
    clients: 2000,
    seed: 1,
    application: { before: { limitedBy: expect.any(String) }, after: { instances: 2, limitedBy: "minimum" } },
    costs: { currency: "USD", freeTier: false, before: { isComplete: true }, after: { isComplete: true } },
  });
});

test("the same plan gives the same figures", () => {
  const [one, other] = [1, 2].map(
    () => rehearsal("envs/prod", planFile(), "--stack", stack, "--json").stdout,
  );
  expect(one).toBe(other);
});

test("tiny objects in huge numbers are told to cost more, with the reason and where it turns", () => {
  const files = [
    { path: "/updates/latest.json", bytes: 700, share: 1, repeat: { times: 20, everySeconds: 3600 } },
  ];
  const { stdout } = rehearsal("envs/prod", planFile({ files, releasesPerMonth: 9 }), "--stack", stack);
  expect(stdout).toContain("With CloudFront it COSTS MORE: ");
  expect(stdout).toContain("requests, functions, firewall and what else is charged by piece: ");
  expect(stdout).toContain("A million requests cost ");
  expect(stdout).toMatch(
    /Both cost the same where an answer has .* on average; CloudFront is cheaper for larger ones/,
  );
});

test("a price that is not known is called so", () => {
  const origin = { region: "eu-central-1" };
  const { stdout } = rehearsal("envs/prod", planFile({ origin }), "--stack", stack);
  expect(stdout).toMatch(/Load balancer: capacity units .* LCU-hour +unknown/);
  expect(stdout).toContain("in all, of what is known");
  expect(stdout).toContain(
    "Unknown: Load balancer: capacity units: no price of elastic-load-balancing lcu in eu-central-1 is known.",
  );
  expect(stdout).toContain("Which is cheaper cannot be told, as not all prices are known.");
});

test.each([
  { name: "no environment", args: [], message: "missing required argument 'environment'" },
  { name: "no plan", args: ["envs/prod"], message: "missing required argument 'plan'" },
  {
    name: "an environment that is none",
    args: ["prod", "plan.json"],
    message: 'error: environment: "prod" is none',
  },
  {
    name: "a plan that is not there",
    args: ["envs/prod", "missing.json"],
    message: "error: missing.json: cannot be read",
  },
  { name: "an option that is none", args: ["--charts"], message: "unknown option '--charts'" },
])("$name is wrong usage", ({ args, message }) => {
  const { status, stdout, stderr } = rehearsal(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(message);
});

test("what is wrong with a plan is told field by field, before anything is synthesised", () => {
  const { status, stderr } = rehearsal("envs/prod", planFile({ clients: 0, seed: -1 }));
  expect(status).toBe(2);
  expect(stderr.trim().split("\n")).toHaveLength(2);
  expect(stderr).toContain("plan.json: clients must be a whole number from 1 to 50000000, got 0");
});

test("a plan that does not go with the distribution is the plan's to mend", () => {
  const files = [10, 11].map((bytes) => ({ path: "/updates/v1.2.3.zip", bytes, share: 1 }));
  const { status, stderr } = rehearsal("envs/prod", planFile({ files }), "--stack", stack, "--json");
  expect(status).toBe(2);
  expect(stderr).toContain("files: /updates/v1.2.3.zip has 11 bytes, but the cache key of another with 10");
});

test("--help says what it does, with examples and exit codes", () => {
  const { status, stdout } = rehearsal("--help");
  expect(status).toBe(0);
  expect(stdout).toContain("Examples:\n  scripts/release-rehearsal --example > plan.json");
  expect(stdout).toContain("Exit codes: 0 done");
});
