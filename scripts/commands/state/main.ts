/**
 * scripts/state: copies of Terraform's state, and what to do when it is locked or lost.
 *
 * @module
 */
import { resolve } from "node:path";
import { autoApproveOption, environmentArgument, jsonOption, wholeNumber } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { confirmByName } from "../../internal/confirm";
import { exitCodes, scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
The state is where the environment's specification has it: in S3, which keeps all its versions, or in a file. Terraform itself reads and
writes it. A state holds secrets in the clear: backups are in .local/state-backups, for their owner's eyes alone.

Rights, on the state's bucket and key: as for npx cdktf diff, and s3:ListBucketVersions and s3:GetObjectVersion for list and restore;
as for npx cdktf deploy to restore and to unlock.`;

async function main(): Promise<void> {
  const command = scriptCommand("state", {
    description:
      "Backs up and restores Terraform's state of an environment, and removes locks that were left behind.",
    notes: NOTES,
    examples: [
      "scripts/state backup envs/prod",
      "scripts/state list envs/prod",
      "scripts/state restore envs/prod 3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY",
      "scripts/state restore envs/prod cdktf.out/envs/prod/errored.tfstate",
      "scripts/state unlock envs/prod",
    ],
    exitCodes: exitCodes(["missingTool", "credentials"]),
  });
  command
    .subcommand("backup", {
      description: "Copies the present state into .local/state-backups.",
      examples: ["scripts/state backup envs/prod"],
    })
    .addArgument(environmentArgument())
    .addOption(jsonOption())
    .action(backup);
  command
    .subcommand("list", {
      description: "Lists what can be restored: the versions that S3 keeps, and the backups.",
      examples: ["scripts/state list envs/prod --limit 50"],
    })
    .addArgument(environmentArgument())
    .option("--limit <count>", "the newest versions alone", wholeNumber(1, 1000), 10)
    .addOption(jsonOption())
    .action(list);
  command
    .subcommand("restore", {
      description: "Puts an earlier state in the place of the present one, which is backed up first.",
      notes: `
Nothing but the state is changed: the next plan shows how it differs from what is there. A state of another lineage is refused.`,
      examples: [
        "scripts/state restore envs/dev 20261124T101500Z_serial-42_1a2b3c4d_0123456789abcdef.tfstate",
        "scripts/state restore envs/prod cdktf.out/envs/prod/errored.tfstate",
      ],
    })
    .addArgument(environmentArgument())
    .argument("<state>", "of scripts/state list: S3's id of a version, or a backup; or a file")
    .addOption(autoApproveOption())
    .addOption(jsonOption())
    .action(restore);
  command
    .subcommand("unlock", {
      description: "Removes the lock that a deployment has left in S3 when it was killed.",
      notes: `
A lock of the last hour may be of a deployment that goes on: it takes --auto-approve. The lock of a state in a file ends with its process.`,
      examples: ["scripts/state unlock envs/prod"],
    })
    .addArgument(environmentArgument())
    .addOption(autoApproveOption())
    .addOption(jsonOption())
    .action(unlock);
  await command.parseAsync();
}

async function backup(environment: string, { json }: { json: boolean }): Promise<void> {
  const { backUp, describeBackup, withStateOf } = await load();
  const made = await withStateOf(ROOT, environment, async (of) => backUp(of, new Date()));
  printResult(made, json, describeBackup);
}

async function list(environment: string, { json, limit }: { json: boolean; limit: number }): Promise<void> {
  const { describeList, list: listOf, withStateOf } = await load();
  printResult(await withStateOf(ROOT, environment, (of) => listOf(of, limit)), json, describeList);
}

interface ChangeOptions {
  readonly autoApprove: boolean;
  readonly json: boolean;
}

async function restore(
  environment: string,
  wanted: string,
  { autoApprove, json }: ChangeOptions,
): Promise<void> {
  const { describeComparison, describeRestored, restore: restoreOf, withStateOf } = await load();
  const done = await withStateOf(ROOT, environment, (of) =>
    restoreOf(
      of,
      wanted,
      async (comparison) => {
        console.error(describeComparison(comparison));
        if (!autoApprove) await confirmByName(environment, `This replaces the state of ${environment}.`);
      },
      new Date(),
    ),
  );
  printResult(done, json, describeRestored);
}

async function unlock(environment: string, { autoApprove, json }: ChangeOptions): Promise<void> {
  const { describeLock, describeUnlocked, unlock: unlockOf, withStateOf } = await load();
  const done = await withStateOf(ROOT, environment, (of) =>
    unlockOf(
      of,
      autoApprove,
      async (lock) => {
        console.error(`${environment} ${describeLock(lock, new Date())}`);
        if (!autoApprove) await confirmByName(environment, "This removes the lock.");
      },
      new Date(),
    ),
  );
  printResult(done, json, describeUnlocked);
}

/** What takes longer to load than --help and wrong arguments take to be answered. */
async function load() {
  return {
    ...(await import("./run.js")),
    ...(await import("./state.js")),
    ...(await import("./unlock.js")),
    ...(await import("./show.js")),
  };
}

void runCommand(main);
