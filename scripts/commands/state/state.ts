import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { CommandError } from "../../internal/cli";
import { outputFolder } from "../../internal/output-folder";
import type { RemoteState } from "./backend";
import { type Backup, listBackups, readBackup, writeBackup } from "./backups";
import type { StateBucket, StateVersion } from "./bucket";
import { readStateFile, type StateFile, withSerial } from "./state-file";

/** An environment's state, and what there is of it. */
export interface StateOfEnvironment {
  /** Folder of the project. */
  readonly root: string;
  /** e.g. `envs/prod`. */
  readonly environment: string;
  /** Folder of the environment's backups. */
  readonly backups: string;
  readonly state: RemoteState;
  /** Where the state is in S3. */
  readonly bucket?: StateBucket;
}

/** A backup that was made, with what it holds. */
export interface MadeBackup extends Backup {
  readonly environment: string;
  readonly resources: number;
}

/** What there is to restore. */
export interface StateList {
  readonly environment: string;
  /** `s3://<bucket>/<key>`, or a file. */
  readonly place: string;
  /** Versions that S3 keeps; none where the state is a file. */
  readonly versions: readonly StateVersion[];
  readonly backups: readonly Backup[];
  /** What Terraform has written here when it could not write to the backend. */
  readonly errored?: string;
}

/** What a restore changes. */
export interface Comparison {
  /** Absent when there is no state at present. */
  readonly present?: Summary;
  readonly restored: Summary;
  /** Addresses that are in the present state alone. */
  readonly lost: readonly string[];
  /** Addresses that are in the restored state alone. */
  readonly regained: readonly string[];
}

/** A state in numbers. */
export interface Summary {
  readonly serial: number;
  readonly lineage: string;
  readonly resources: number;
}

/** A restore that was done. */
export interface Restored extends Comparison {
  readonly environment: string;
  /** Serial that it has now. */
  readonly serial: number;
  /** The state that it has replaced. */
  readonly backup?: Backup;
}

/** Copies the present state to this machine. @throws CommandError when there is none */
export function backUp({ environment, backups, state }: StateOfEnvironment, now: Date): MadeBackup {
  const text = state.pull();
  if (text === undefined) throw new CommandError(environment, "has no state yet", "deploy it first");
  const { addresses } = readStateFile(text, environment);
  return { environment, ...writeBackup(backups, text, now), resources: addresses.length };
}

/** Looks for all that can be restored. @param limit most versions of S3's */
export async function list(of: StateOfEnvironment, limit: number): Promise<StateList> {
  const errored = erroredState(of);
  return {
    environment: of.environment,
    place: of.state.place,
    versions: (await of.bucket?.versions(limit)) ?? [],
    backups: listBackups(of.backups),
    ...(existsSync(errored) && { errored }),
  };
}

/** Terraform writes it into the folder it runs in: https://developer.hashicorp.com/terraform/cli/commands/apply */
function erroredState({ root, environment }: StateOfEnvironment): string {
  return join(outputFolder(root), environment, "errored.tfstate");
}

/**
 * Puts an earlier state in the place of the present one, which is backed up first.
 *
 * @param wanted a backup's name or path, another file of a state, or S3's id of a version
 * @param confirm is shown what changes, and throws to leave all as it is
 * @throws CommandError when it is no state, one of another history, or the present one changes meanwhile
 */
export async function restore(
  of: StateOfEnvironment,
  wanted: string,
  confirm: (comparison: Comparison) => Promise<void>,
  now: Date,
): Promise<Restored> {
  const { environment, state } = of;
  const text = await find(of, wanted);
  const restored = readStateFile(text, wanted);
  const presentText = state.pull();
  const present = presentText === undefined ? undefined : readStateFile(presentText, environment);
  if (present && present.lineage !== restored.lineage) {
    throw new CommandError(
      wanted,
      `is of another history (lineage ${restored.lineage}) than the state of ${environment} (${present.lineage})`,
      "it is another environment's, or of one that was made anew since",
    );
  }
  const comparison = compare(present, restored);
  await confirm(comparison);
  if (state.pull() !== presentText) {
    throw new CommandError(
      environment,
      "its state has changed since it was compared, and nothing was restored",
      "a deployment is at work: wait for its end, then look again",
    );
  }
  const backup = presentText === undefined ? undefined : writeBackup(of.backups, presentText, now);
  // Terraform takes nothing older than what it has.
  state.push(withSerial(text, Math.max(restored.serial, (present?.serial ?? -1) + 1)));
  // It counts on by itself as it writes.
  const { serial } = readStateFile(state.pull() ?? "", environment);
  return { environment, ...comparison, serial, ...(backup && { backup }) };
}

async function find({ backups, bucket, environment }: StateOfEnvironment, wanted: string): Promise<string> {
  for (const path of [resolve(wanted), join(backups, wanted)]) if (existsSync(path)) return readBackup(path);
  if (bucket && !wanted.includes("/")) return await bucket.read(wanted);
  throw new CommandError(
    wanted,
    "is no file, and no backup",
    `scripts/state list ${environment} names what there is`,
  );
}

function compare(present: StateFile | undefined, restored: StateFile): Comparison {
  const [before, after] = [new Set(present?.addresses), new Set(restored.addresses)];
  return {
    ...(present && { present: summary(present) }),
    restored: summary(restored),
    lost: [...before].filter((address) => !after.has(address)),
    regained: [...after].filter((address) => !before.has(address)),
  };
}

function summary({ serial, lineage, addresses }: StateFile): Summary {
  return { serial, lineage, resources: addresses.length };
}
