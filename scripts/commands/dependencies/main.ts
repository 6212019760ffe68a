/**
 * scripts/dependencies: licences and known vulnerabilities of what the project depends on.
 *
 * @module
 */
import { resolve } from "node:path";
import { Option } from "commander";
import { jsonOption } from "../../internal/arguments";
import { EXIT, printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
All packages of package-lock.json and of the Python requirements are looked at, those for development too. Licences must be among those
of policy/licences.yaml. For vulnerabilities npm's registry (npm audit) and OSV (at OSV_URL) are asked, for npm and for Python; where one
does not answer, that is said, and is a fault with --everyone-asked alone. A vulnerability that does no harm here has its reason in
policy/vulnerabilities.yaml.`;

async function main(): Promise<void> {
  const command = scriptCommand("dependencies", {
    description: "Looks at licences and known vulnerabilities of the dependencies.",
    notes: NOTES,
    examples: [
      "scripts/dependencies",
      "scripts/dependencies --everyone-asked",
      "scripts/dependencies --offline --json",
    ],
    exitCodes: exitCodes([], { failed: "something is to be mended" }),
  })
    .option("--everyone-asked", "fail when a source of vulnerabilities did not answer", false)
    .addOption(
      new Option("--offline", "ask nobody for vulnerabilities").default(false).conflicts("everyoneAsked"),
    )
    .addOption(jsonOption())
    .parse();
  const { everyoneAsked, offline, json } =
    command.opts<Record<"everyoneAsked" | "offline" | "json", boolean>>();
  // --help and wrong options are answered without it.
  const { describe, isClean, lookAtDependencies } = await import("./run.js");
  const report = await lookAtDependencies(ROOT, offline);
  printResult(report, json, describe);
  if (!isClean(report, everyoneAsked)) process.exitCode = EXIT.failed;
}

void runCommand(main);
