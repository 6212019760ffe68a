import { spawnSync } from "node:child_process";
import { CommandError, EXIT } from "./cli";

/** How Terraform ended. */
export interface TerraformRun {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A call of Terraform's that asks for less than the usual. */
interface TerraformOptions {
  /** Variables of its environment. @default this process's own */
  readonly env?: NodeJS.ProcessEnv;
  /** Shows what it prints, and lets it ask, in place of keeping its words. @default false */
  readonly shown?: boolean;
}

/**
 * Runs Terraform to its end.
 *
 * @param folder that it runs in
 * @param args e.g. `["state", "pull"]`
 * @throws CommandError when there is no Terraform
 */
export function runTerraform(
  folder: string,
  args: readonly string[],
  { env = process.env, shown = false }: TerraformOptions = {},
): TerraformRun {
  const { status, stdout, stderr, error } = spawnSync(terraformProgram(), args, {
    cwd: folder,
    stdio: shown ? "inherit" : ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    // A state of some thousand resources is tens of megabytes.
    maxBuffer: 1 << 30,
    env: { ...env, CHECKPOINT_DISABLE: "1" },
  });
  if (error)
    throw /^E(NOENT|ACCES)$/.test((error as NodeJS.ErrnoException).code ?? "") ? noTerraform() : error;
  return { code: status, stdout: stdout ?? "", stderr: stderr ?? "" };
}

/** The program, as cdktf lets one name it. */
export function terraformProgram(): string {
  return process.env["TERRAFORM_BINARY_NAME"] || "terraform";
}

/** What to say when it is not there, or no program. */
export function noTerraform(): CommandError {
  return new CommandError(
    terraformProgram(),
    "could not be run",
    "install Terraform 1.11 or newer",
    EXIT.missingTool,
  );
}

/**
 * A shell's environment for stacks that it was not made for: without another place of the state, another folder or another workspace.
 *
 * @param keep names that are kept all the same. @default none
 */
export function environmentForOtherStack(keep: readonly string[] = []): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => keep.includes(name) || !/^TF_(CLI_ARGS|DATA_DIR$|WORKSPACE$)/.test(name),
  );
  return Object.fromEntries(inherited);
}
