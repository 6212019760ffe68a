import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { withSignals } from "../../internal/signals";
import { noTerraform, terraformProgram } from "../../internal/terraform";

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
  const child = spawn(terraformProgram(), args, {
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
  const ended = new Promise<number | null>((done, failed) => {
    child.once("error", () => failed(noTerraform()));
    child.once("close", done);
  });
  return await withSignals(passOn, async () => {
    const code = await ended;
    await read;
    return { code, interrupted, words };
  });
}
