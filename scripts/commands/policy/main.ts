/**
 * scripts/policy: holds the environments against checkov's checks.
 *
 * @module
 */
import { resolve } from "node:path";
import { environmentArgument, jsonOption } from "../../internal/arguments";
import { EXIT, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
The stacks are synthesised, envs/<name> and bootstrap/<name>, and held against all checks of checkov: no plan is made, no account asked.
A fault must be mended, or accepted with its reason in policy/exceptions.yaml; an exception that covers no fault any more must go.
checkov is installed once, into .local/venv, from PyPI.`;

async function main(): Promise<void> {
  const command = scriptCommand("policy", {
    description: "Holds the environments against checkov's checks.",
    notes: NOTES,
    examples: ["scripts/policy", "scripts/policy envs/prod", "scripts/policy envs/prod --json"],
    exitCodes: exitCodes(["missingTool"], { failed: "something is to be mended" }),
  })
    .addArgument(environmentArgument("[environment...]"))
    .addOption(jsonOption())
    .parse();
  const environments = (command.processedArgs[0] ?? []) as readonly string[];
  const { json } = command.opts<{ json: boolean }>();
  const [{ checkPolicies }, { describeVerdict, isClean, verdictJson }] = await Promise.all([
    import("./run.js"),
    import("./show.js"),
  ]);
  const verdict = await checkPolicies(ROOT, environments, () => console.error("Installing checkov …"));
  process.stdout.write(`${json ? verdictJson(verdict) : describeVerdict(verdict)}\n`);
  if (!isClean(verdict)) process.exitCode = EXIT.failed;
}

void runCommand(main);
