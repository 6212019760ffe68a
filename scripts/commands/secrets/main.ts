/**
 * scripts/secrets: looks for secrets in what is committed and in what is synthesised.
 *
 * @module
 */
import { resolve } from "node:path";
import { jsonOption } from "../../internal/arguments";
import { EXIT, printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
All files that git tracks or would add are looked through with secretlint's recommended rules: keys of AWS and other clouds, tokens of
GitHub, npm, Slack and others, private keys, passwords in addresses. So is all that is synthesised, code of functions included. What
is found is named by its place and never printed. What only looks like a secret has its reason in policy/placeholders.yaml; an entry there
that matches nothing any more must go.`;

async function main(): Promise<void> {
  const command = scriptCommand("secrets", {
    description: "Looks for secrets in what is committed and in what is synthesised.",
    notes: NOTES,
    examples: ["scripts/secrets", "scripts/secrets envs/prod.ts docs", "scripts/secrets --json"],
    exitCodes: exitCodes([], { failed: "a secret was found" }),
  })
    .argument("[path...]", "files and folders to look through, and nothing else. Default: all")
    .addOption(jsonOption())
    .parse();
  const { json } = command.opts<{ json: boolean }>();
  // --help and wrong options are answered without it.
  const { describe, isClean, lookForSecrets } = await import("./run.js");
  const report = await lookForSecrets(ROOT, command.args);
  printResult(report, json, describe);
  if (!isClean(report)) process.exitCode = EXIT.failed;
}

void runCommand(main);
