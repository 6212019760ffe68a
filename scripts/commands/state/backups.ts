import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { CommandError } from "../../internal/cli";
import { readStateFile } from "./state-file";

/** A copy of a state on this machine. Its name says what it is, so that nothing beside it can be lost. */
export interface Backup {
  /** Its file. */
  readonly path: string;
  /** When it was made, as an ISO time. */
  readonly at: string;
  readonly serial: number;
  /** First eight characters of the lineage. */
  readonly lineage: string;
  /** First sixteen hexadecimal digits of the SHA-256 of its bytes. */
  readonly sha256: string;
  readonly bytes: number;
}

const NAME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z_serial-(\d+)_([\w-]{8})_([0-9a-f]{16})\.tfstate$/;

/**
 * Writes a copy of a state, for its owner's eyes alone: a state holds secrets in the clear. The same state is written once.
 *
 * @param folder of the environment's backups
 */
export function writeBackup(folder: string, text: string, now: Date): Backup {
  const { serial, lineage } = readStateFile(text, "state");
  const sha256 = digest(text);
  const same = listBackups(folder).find((backup) => backup.serial === serial && backup.sha256 === sha256);
  if (same) return same;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replace(/[-:]/g, "");
  const path = join(folder, `${time}_serial-${serial}_${lineage.slice(0, 8)}_${sha256}.tfstate`);
  writeFileSync(path, text, { mode: 0o600, flag: "wx" });
  return describe(path) as Backup;
}

/** The backups in a folder, newest first. */
export function listBackups(folder: string): Backup[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .reverse()
    .flatMap((name) => describe(join(folder, name)) ?? []);
}

/**
 * Reads a file of a state.
 *
 * @throws CommandError when it is a backup whose bytes are not what its name says
 */
export function readBackup(path: string): string {
  const text = readFileSync(path, "utf8");
  const backup = describe(path);
  if (backup && backup.sha256 !== digest(text)) {
    throw new CommandError(path, "is not what was written: its checksum differs from that of its name");
  }
  return text;
}

function describe(path: string): Backup | undefined {
  const parts = NAME.exec(basename(path));
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, serial, lineage = "", sha256 = ""] = parts;
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  return { path, at, serial: Number(serial), lineage, sha256, bytes: statSync(path).size };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
