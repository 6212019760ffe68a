import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { CommandError, EXIT } from "../../internal/cli";

/** How Terraform ended. */
export interface Ended {
  readonly code: number | null;
  /** Whether it was asked to end before its time. */
  readonly interrupted: boolean;
  /** Last lines of standard error, without colours. */
  readonly words: string;
}

/**
 * Runs Terraform. Interrupted, it is told so once, and waited for: it ends what it has begun with AWS and writes its state. Told twice, it
 * would give both up.
 *
 * @param folder of the stack
 * @param onLine takes each line of standard output
 * @param onInterrupt is told when the first signal has come
 * @param heeds whether Terraform heeds signals once it has printed a line: until then they are kept back. @default always
 * @throws CommandError when there is no Terraform
 */
export async function terraform(
  folder: string,
  args: readonly string[],
  onLine: (line: string) => void,
  onInterrupt: () => void,
  heeds?: (line: string) => boolean,
): Promise<Ended> {
  // As cdktf lets one name it.
  const program = process.env["TERRAFORM_BINARY_NAME"] || "terraform";
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_INPUT: "0" },
    // Apart from the terminal, whose Ctrl-C would reach it besides ours.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = `${words}${stripVTControlCharacters(text)}`.slice(-8000);
  });
  let interrupted = false;
  let heeding = heeds === undefined;
  const lines = createInterface({ input: child.stdout }).on("line", (line) => {
    onLine(line);
    if (heeding || !heeds?.(line)) return;
    heeding = true;
    if (interrupted) child.kill("SIGINT");
  });
  const read = new Promise<void>((done) => lines.once("close", done));
  const passOn = () => {
    if (interrupted) return;
    interrupted = true;
    if (heeding) child.kill("SIGINT");
    onInterrupt();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, passOn);
  try {
    const code = await new Promise<number | null>((done, failed) => {
      child.once("error", failed);
      child.once("close", done);
    });
    await read;
    return { code, interrupted, words };
  } catch {
    throw new CommandError(program, "could not be run", "install Terraform 1.11 or newer", EXIT.missingTool);
  } finally {
    for (const signal of signals) process.off(signal, passOn);
  }
}
