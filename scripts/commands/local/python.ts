import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../../internal/cli";
import { withLock } from "../../internal/lock";
import type { LocalDirectory } from "./directory";

/** What the emulator's environment holds, pinned with hashes. */
const REQUIREMENTS = join(__dirname, "emulator", "requirements.txt");

/** Minutes that another command may need to build the same environment. */
const BUILD_MINUTES = 10;

/**
 * Makes the Python virtual environment that something runs in, unless it is there. Its folder is named by the hash of what it
 * holds: new requirements get a new one, beside an emulator that may still run from the old. A half-built one lacks its mark
 * and is built again.
 *
 * @param python command that starts Python
 * @param onBuild called before one is built
 * @param requirements file of what it holds, pinned with hashes. @default the emulator's
 * @returns path of the environment's Python
 * @throws CommandError with pip's last words
 */
export async function ensureVirtualEnvironment(
  directory: LocalDirectory,
  python: string,
  onBuild: () => void,
  requirements = REQUIREMENTS,
): Promise<string> {
  const folder = join(directory.virtualEnvironments, requirementsHash(requirements));
  const complete = join(folder, "complete");
  const executable = join(folder, "bin", "python");
  if (existsSync(complete)) return executable;

  mkdirSync(directory.virtualEnvironments, { recursive: true });
  const lock = { path: `${folder}.lock`, place: "Python", waitMilliseconds: BUILD_MINUTES * 60_000 };
  await withLock(lock, async () => {
    if (existsSync(complete)) return;
    onBuild();
    rmSync(folder, { recursive: true, force: true });
    await run(python, ["-m", "venv", folder]);
    await run(executable, [
      ...["-m", "pip", "install", "--require-hashes", "--no-deps", "--only-binary", ":all:"],
      ...["--disable-pip-version-check", "--no-input", "--quiet", "-r", requirements],
    ]);
    writeFileSync(complete, "");
  });
  return executable;
}

/** Names what the environment holds. */
export function requirementsHash(requirements = REQUIREMENTS): string {
  return createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output = (output + chunk).slice(-4000);
    });
  }
  const code = await new Promise<number | null>((done, failed) => {
    child.on("error", failed);
    child.on("close", done);
  });
  if (code === 0) return;
  const lines = output.trim().split("\n").slice(-8).join("\n  ");
  throw new CommandError(
    "Python",
    `${[command, ...args.slice(0, 3)].join(" ")} ended with code ${code}:\n  ${lines}`,
  );
}
