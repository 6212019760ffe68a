/**
 * scripts/contracts: holds the contracts of APIs and events against what was published of them.
 *
 * @module
 */
import { resolve } from "node:path";
import { jsonOption } from "../../internal/arguments";
import { CommandErrors, printResult, runCommand } from "../../internal/cli";
import { scriptCommand } from "../../internal/script-command";
import type { CheckedContract, State } from "./contracts";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
A published contract may be extended, but nobody who goes by it may be broken: no client of an API, no consumer of events. api/published has a copy of
each contract as it was published; a contract without one may change in any way. The copies are held against those that Git has: of where the branch left
main, or of the commit before on main itself. Where Git knows none of them a check fails if a commit was named, as by a pipeline.
docs/events.md says what breaks whom.`;

const WORDS = {
  published: "as published",
  extended: "changed since it was published, and nobody is broken; publish it when it is served",
  broken: "broken",
  unpublished: "not published: it may change in any way",
  gone: "published, and gone",
} as const satisfies Record<State, string>;

async function main(): Promise<void> {
  const command = scriptCommand("contracts", {
    description:
      "Holds the contracts of APIs and events against what was published of them, or publishes them.",
    notes: NOTES,
    examples: ["scripts/contracts check", "scripts/contracts publish todos/v2"],
    exitCodes: "0 nobody is broken, 1 failed, or somebody is broken, 2 wrong arguments",
  });
  command
    .subcommand("check", {
      description: "Names each change of a contract, or of its published copy, that breaks who goes by it.",
      examples: ["scripts/contracts check", "scripts/contracts check --base origin/main --json"],
    })
    .option("--base <commit>", "from which HEAD goes on (default: CONTRACTS_BASE, or what Git knows of main)")
    .addOption(jsonOption())
    .action(async ({ base: named, json }: { readonly base?: string; readonly json: boolean }) => {
      const { check } = await import("./check.js");
      const { result, errors } = check(ROOT, {
        ...(named !== undefined && { named }),
        environment: process.env,
      });
      printResult(result, json, ({ contracts }) => describe(contracts));
      for (const { commit, what } of result.bases)
        console.error(`api/published is held against that of ${commit.slice(0, 12)} (${what})`);
      // scripts/test repeats lines that begin so.
      for (const why of result.unknown ?? [])
        console.error(`NOT COMPARED: api/published with what was to be taken first: ${why}.`);
      if (result.missing !== undefined)
        console.error(
          `NOT COMPARED: api/published with what it was before: ${result.missing}. Whether a promise was changed is unknown here.`,
        );
      if (errors.length > 0) throw new CommandErrors(errors);
    });
  command
    .subcommand("publish", {
      description: "Publishes contracts as they are now. Does nothing when one of them is broken.",
      examples: ["scripts/contracts publish todos/v2", "scripts/contracts publish --json"],
    })
    .argument("[contract...]", "e.g. todos/v2 or events/order-placed/v1; otherwise all")
    .addOption(jsonOption())
    .action(async (names: string[], { json }: { readonly json: boolean }) => {
      const { publishContracts } = await import("./contracts.js");
      printResult(publishContracts(ROOT, names), json, (published) =>
        published.length === 0
          ? "all are published already"
          : published.map((name) => `${name} published`).join("\n"),
      );
    });
  await command.parseAsync();
}

function describe(contracts: readonly CheckedContract[]): string {
  const width = Math.max(...contracts.map(({ file }) => file.length));
  return contracts.map(({ file, state }) => `${file.padEnd(width)}  ${WORDS[state]}`).join("\n");
}

void runCommand(main);
