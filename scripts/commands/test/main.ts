import { readFileSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Option } from "commander";
import { CommandError, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import { type Outcome, runStep, type Step } from "./steps";

const root = resolve(__dirname, "..", "..", "..");
const folder = join(root, ".local", "test");

const CHECKS: readonly Step[] = [
  { name: "format and lint", command: ["biome", "ci", "--colors=off", "."] },
  // The native compiler, three times as fast. The tools that use TypeScript as a library need the one before it, which has a `tsc` too.
  { name: "types", command: ["node", "node_modules/typescript-native/bin/tsc", "-p", "."] },
  {
    name: "directions between packages",
    command: [
      "depcruise",
      "--config",
      ".dependency-cruiser.cjs",
      "main.ts",
      "envs",
      "modules",
      "functions",
      "runtime",
      "services",
      "clients/js",
      "scripts",
      "e2e",
    ],
  },
  { name: "unused code and dependencies", command: ["knip"] },
  { name: "API documents", command: ["redocly", "lint"] },
  { name: "published contracts", command: ["tsx", "scripts/commands/contracts/main.ts", "check"] },
  { name: "dependencies", command: ["tsx", "scripts/commands/dependencies/main.ts"] },
  { name: "secrets", command: ["tsx", "scripts/commands/secrets/main.ts"] },
];

const UNIT: Step = jest("unit tests", [
  "--coverage",
  "--coverageReporters=json-summary",
  "--coverageReporters=lcovonly",
]);
const E2E: Step = jest("end-to-end tests", ["--config", "jest.e2e.config.js"]);

function jest(name: string, args: readonly string[]): Step {
  const jestResult = join(folder, `${name.replaceAll(" ", "-")}.json`);
  return {
    name,
    jestResult,
    command: ["jest", "--json", `--outputFile=${jestResult}`, "--silent=false", ...args],
  };
}

async function main(): Promise<void> {
  const options = scriptCommand("test", {
    description:
      "Checks format, types, directions and API documents; runs the unit tests, then the end-to-end tests in a local environment of their own. Prints last how many tests passed and failed.",
    examples: ["scripts/test", "scripts/test --unit"],
    exitCodes: exitCodes([], { failed: "a check or a test failed" }),
  })
    .addOption(new Option("--unit", "leave out the end-to-end tests").default(false).conflicts("e2e"))
    .option("--e2e", "run the end-to-end tests alone", false)
    .parse()
    .opts<{ unit: boolean; e2e: boolean }>();

  rmSync(folder, { recursive: true, force: true });
  const outcomes: Outcome[] = [];
  if (!options.e2e) outcomes.push(...(await checkAndTest()));
  if (!options.unit) outcomes.push(await report(runStep(root, folder, E2E, true)));
  finish(outcomes);
}

/** The checks one after the other, the unit tests beside them: two cores are busy, not more. */
async function checkAndTest(): Promise<Outcome[]> {
  const [checks, unit] = await Promise.all([check(), report(runStep(root, folder, UNIT, false))]);
  if (unit.ok) reportCoverage();
  return [...checks, unit];
}

/** Of the unit tests; the end-to-end tests run what is deployed, which is not measured. */
function reportCoverage(): void {
  const { total } = JSON.parse(readFileSync(join(root, "coverage", "coverage-summary.json"), "utf8"));
  const share = (kind: string) => `${total[kind].pct} % of ${kind}`;
  console.log(
    `coverage: ${["statements", "branches", "functions"].map(share).join(", ")}; coverage/lcov.info`,
  );
}

async function check(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const step of CHECKS) outcomes.push(await report(runStep(root, folder, step, false)));
  return outcomes;
}

async function report(running: Promise<Outcome>): Promise<Outcome> {
  const outcome = await running;
  const { step, ok, seconds, passed, failed, log } = outcome;
  const counts = step.jestResult === undefined ? "" : `, ${passed} passed, ${failed} failed`;
  console.log(`${ok ? "ok    " : "FAILED"} ${step.name} (${seconds.toFixed(1)} s${counts})`);
  // What a step could not look at is said even when nothing is wrong with the rest.
  for (const line of readFileSync(log, "utf8").split("\n"))
    if (/^NOT (ASKED|COMPARED)/.test(line)) console.log(line);
  if (!ok) console.log(`${readFileSync(log, "utf8").trimEnd()}\n--- from ${relative(root, log)}`);
  return outcome;
}

function finish(outcomes: readonly Outcome[]): void {
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  const broken = outcomes.filter(({ ok }) => !ok).map(({ step }) => step.name);
  if (broken.length > 0) console.log(`\nfailed: ${broken.join(", ")}`);
  // The last line, as .ci/run promises.
  process.once("exit", () => console.log(`${passed} passed, ${failed} failed`));
  if (broken.length > 0 || passed === 0) process.exitCode = 1;
  if (passed === 0) throw new CommandError("scripts/test", "no test ran", "look at the logs in .local/test");
}

void runCommand(main);
