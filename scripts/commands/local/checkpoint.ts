import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LocalDirectory } from "./directory";

/**
 * The emulator's data and Terraform's state, which must fit each other. A deployment that is killed leaves resources that the
 * state does not know; the next one would fail on each with "already exists".
 */
const PARTS = ["state", "s3"] as const;

/** Where a checkpoint is until it is whole. */
export function partialCheckpoint({ checkpoint }: Pick<LocalDirectory, "checkpoint">): string {
  return `${checkpoint}.partial`;
}

/**
 * Copies both as they are. The emulator must have saved its data, and be idle.
 */
export function takeCheckpoint(directory: LocalDirectory): void {
  const partial = partialCheckpoint(directory);
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const part of PARTS) copy(join(directory.data, part), join(partial, part));
  copy(directory.terraformState, join(partial, "terraform.tfstate"));
  rmSync(directory.checkpoint, { recursive: true, force: true });
  renameSync(partial, directory.checkpoint);
}

/**
 * Puts both back; what was done since is gone. The emulator must not run. May be repeated when it was interrupted.
 */
export function restoreCheckpoint(directory: LocalDirectory): void {
  for (const part of PARTS) {
    rmSync(join(directory.data, part), { recursive: true, force: true });
    copy(join(directory.checkpoint, part), join(directory.data, part));
  }
  rmSync(dirname(directory.terraformState), { recursive: true, force: true });
  copy(join(directory.checkpoint, "terraform.tfstate"), directory.terraformState);
}

function copy(from: string, to: string): void {
  if (existsSync(from)) cpSync(from, to, { recursive: true, preserveTimestamps: true });
}
