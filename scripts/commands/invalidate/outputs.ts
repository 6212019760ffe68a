import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { CommandError, EXIT } from "../../internal/cli";
import { readJson } from "../../internal/json-file";

/** Output of an environment's stack that names its distribution. */
export const OUTPUT = "distribution_id";

const MEND = "name the distribution with --distribution";

/** What Terraform and its S3 backend say when credentials are missing, have expired, are wrong, or do not allow it. */
const CREDENTIALS_PROBLEM = new RegExp(
  [
    "no valid credential sources",
    "failed to (?:refresh cached|retrieve) credentials",
    "SSO session (?:has expired|is invalid)",
    "ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId",
    "SignatureDoesNotMatch|IncompleteSignature|AccessDenied|StatusCode: 40[13]\\b",
  ].join("|"),
  "i",
);

/** How cdktf ended, and what it printed. */
export type RunCdktf = (
  args: readonly string[],
) => Promise<{ readonly code: number | null; readonly text: string }>;

/**
 * Asks cdktf for the environment's distribution: it reads the outputs from Terraform's state, wherever that is kept.
 *
 * @param environment name of the stack, e.g. `envs/prod`
 * @param runCdktf runs cdktf in the project's folder
 * @returns id of the distribution, e.g. `EDFDVBD6EXAMPLE`
 * @throws CommandError with cdktf's last words, or when the stack has no such output
 */
export async function findDistribution(environment: string, runCdktf: RunCdktf): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "invalidate-"));
  const file = join(folder, "outputs.json");
  try {
    const { code, text } = await runCdktf(["output", environment, "--outputs-file", file]);
    if (code !== 0) {
      const lines = stripVTControlCharacters(text)
        .split("\n")
        .map((line) => line.trimEnd());
      const last = lines
        .filter((line) => line !== "")
        .slice(-12)
        .join("\n  ");
      const refused = CREDENTIALS_PROBLEM.test(lines.join(" "));
      throw new CommandError(
        environment,
        `cdktf output ended with code ${code}:\n  ${last}\n`,
        refused ? `log in to the environment's account, e.g. aws sso login, or ${MEND}` : MEND,
        refused ? EXIT.credentials : EXIT.failed,
      );
    }
    const outputs = readJson<Record<string, Record<string, unknown>>>(file)?.[environment];
    const id = outputs?.[OUTPUT];
    if (typeof id === "string" && id !== "") return id;
    throw new CommandError(
      environment,
      `the deployed stack has no output ${OUTPUT}`,
      `deploy it with a distribution, or ${MEND}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds that cdktf is given to end in its own way. */
const GRACE_MILLISECONDS = 5000;

/**
 * cdktf of the project. Progress and warnings are not shown; Terraform's state may take long to reach. It is ended, with all that
 * it has started, when this process is told to end.
 *
 * @param deadline ends it, too
 */
export function cdktfOf(root: string, deadline: AbortSignal): RunCdktf {
  return async (args) => {
    const cli = join(root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: root,
      // It then prints lines and asks nothing.
      env: { ...process.env, CI: "1", DISABLE_VERSION_CHECK: "1", CHECKPOINT_DISABLE: "1" },
      // Its process group is then its own, and is signalled as one.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        text = (text + chunk).slice(-8000);
      });
    }
    const ended = new Promise<number | null>((done, failed) => {
      child.once("error", failed);
      child.once("close", done);
    });
    const code = await endedBySignals(ended, child.pid, deadline);
    return { code, text };
  };
}

/** Waits for the end of a process group, and brings it about when a signal comes or the time is up. */
async function endedBySignals<T>(ended: Promise<T>, group: number | undefined, deadline: AbortSignal) {
  let reason: CommandError | undefined;
  let killer: NodeJS.Timeout | undefined;
  const endFor = (error: CommandError) => {
    reason ??= error;
    signalGroup(group, "SIGTERM");
    killer ??= setTimeout(() => signalGroup(group, "SIGKILL"), GRACE_MILLISECONDS);
  };
  const onSignal = () =>
    endFor(new CommandError("scripts/invalidate", "was interrupted", undefined, EXIT.interrupted));
  const onDeadline = () =>
    endFor(
      new CommandError(
        "cdktf",
        "has not ended at the end of --timeout",
        `run the same command again, or ${MEND}`,
        EXIT.unfinished,
      ),
    );
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  deadline.addEventListener("abort", onDeadline);
  if (deadline.aborted) onDeadline();
  try {
    const result = await ended;
    if (reason) throw reason;
    return result;
  } finally {
    clearTimeout(killer);
    for (const signal of signals) process.off(signal, onSignal);
    deadline.removeEventListener("abort", onDeadline);
  }
}

function signalGroup(group: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (group !== undefined) process.kill(-group, signal);
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
