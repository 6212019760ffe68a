import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, EXIT } from "../../internal/cli";
import { readJson, writeJson } from "../../internal/json-file";
import {
  identifyProcess,
  isRunning,
  listProcesses,
  type ProcessIdentity,
  sendSignal,
} from "../../internal/process-identity";
import { restoreCheckpoint, takeCheckpoint } from "./checkpoint";
import type { LocalDirectory } from "./directory";
import { type EmulatorRecord, saveEmulator, startEmulator, stopEmulator } from "./emulator";
import { parseOutputs, type StackOutputs } from "./outputs";
import { childEnvironment } from "./settings";
import { type DeployProgress, findErrors, followDeploy, isTransient, plainText } from "./terraform-log";

/** The stack that a local environment deploys. */
export const STACK = "envs/local";

/** Seconds that Terraform has, once interrupted, to finish what it is at and write its state. */
const INTERRUPT_SECONDS = 60;

/** What the file `deploying` says. */
interface DeployingMark {
  /** The cdktf process, the leader of its session. Absent for a moment, before it starts. */
  readonly process?: ProcessIdentity;
}

/** What a deployment reports to. */
export interface DeployListener {
  /** Terraform has come further. */
  progress(progress: DeployProgress): void;
  /** The first attempt failed in a way that a second does not, and everything was put back as it was before. */
  again(): void;
}

/**
 * Puts everything back as it was before a deployment that was killed half-way, if there was one.
 *
 * @returns whether there was one
 */
export async function recoverDeployment(directory: LocalDirectory): Promise<boolean> {
  if (!existsSync(directory.deploying)) return false;
  const { process: leader } = readJson<DeployingMark>(directory.deploying) ?? {};
  // Terraform may outlive cdktf. Another process with that id is no part of it.
  if (leader && (isRunning(leader) || !identifyProcess(leader.pid))) await killSession(leader.pid);
  await stopEmulator(directory);
  restoreCheckpoint(directory);
  rmSync(directory.deploying);
  return true;
}

/**
 * Deploys envs/local to the running emulator with the real cdktf, Terraform and AWS provider.
 *
 * @param python Python of the virtual environment, should the emulator have to be started again
 * @returns the stack's outputs
 * @throws CommandError with Terraform's errors, naming the log
 */
export async function deploy(
  directory: LocalDirectory,
  emulator: EmulatorRecord,
  python: string,
  listener: DeployListener,
): Promise<StackOutputs> {
  for (let attempt = 1, running = emulator; ; attempt++) {
    await saveEmulator(directory, running);
    takeCheckpoint(directory);
    const { code, interrupted } = await runCdktf(directory, running, listener);
    if (code === 0) {
      const outputs = parseOutputs(directory);
      writeJson(directory.outputs, outputs);
      await settle(directory, running);
      return outputs;
    }
    const log = plainText(readFileSync(directory.deployLog, "utf8"));
    if (attempt === 1 && !interrupted && isTransient(log)) {
      listener.again();
      await recoverDeployment(directory);
      running = await startEmulator(directory, python);
      continue;
    }
    await settle(directory, running);
    if (interrupted)
      throw new CommandError(
        STACK,
        "the deployment was interrupted",
        "scripts/local up continues it",
        EXIT.interrupted,
      );
    const errors = findErrors(log).slice(0, 40).join("\n  ");
    throw new CommandError(
      STACK,
      `cdktf deploy ended with code ${code}:\n  ${errors}\n`,
      `the whole log is ${directory.deployLog}`,
    );
  }
}

/** Terraform has come to an end and written its state: what the emulator holds fits it, and is kept. */
async function settle(directory: LocalDirectory, emulator: EmulatorRecord): Promise<void> {
  await saveEmulator(directory, emulator);
  rmSync(directory.deploying, { force: true });
}

async function runCdktf(directory: LocalDirectory, emulator: EmulatorRecord, listener: DeployListener) {
  mkdirSync(dirname(directory.terraformState), { recursive: true });
  mkdirSync(dirname(directory.deployLog), { recursive: true });
  writeJson(directory.deploying, {} satisfies DeployingMark);
  const cli = join(directory.root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");
  const child = spawn(process.execPath, [cli, "deploy", STACK, "--auto-approve"], {
    cwd: directory.root,
    // CI: cdktf then prints lines and asks nothing.
    env: { ...childEnvironment(directory, emulator.port), CI: "1" },
    // A session of its own, so that all of it can be found again; signals are passed on below.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const leader = child.pid === undefined ? undefined : identifyProcess(child.pid);
  if (leader) writeJson(directory.deploying, { process: leader } satisfies DeployingMark);

  const log = createWriteStream(directory.deployLog);
  let progress: DeployProgress = { finished: 0 };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      log.write(`${line}\n`);
      const next = followDeploy(progress, plainText(line));
      if (next === progress) return;
      progress = next;
      listener.progress(progress);
    });
  }

  let interrupted = false;
  const passOn = () => {
    interrupted = true;
    // To the whole group, as a terminal does: cdktf and Terraform alike.
    if (child.pid !== undefined) sendSignal(-child.pid, "SIGINT");
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, passOn);
  try {
    const code = await new Promise<number | null>((done, failed) => {
      child.once("error", failed);
      child.once("close", done);
    });
    if (child.pid !== undefined) await untilSessionEnds(child.pid);
    return { code, interrupted };
  } finally {
    for (const signal of signals) process.off(signal, passOn);
    await new Promise((done) => log.end(done));
  }
}

/** cdktf may be gone before Terraform, which still has its state to write. */
async function untilSessionEnds(leader: number): Promise<void> {
  const deadline = Date.now() + INTERRUPT_SECONDS * 1000;
  while (sessionMembers(leader).length > 0) {
    if (Date.now() > deadline) return await killSession(leader);
    await sleep(100);
  }
}

async function killSession(leader: number): Promise<void> {
  for (let members = sessionMembers(leader); members.length > 0; members = sessionMembers(leader)) {
    for (const pid of members) sendSignal(pid, "SIGKILL");
    await sleep(50);
  }
}

function sessionMembers(leader: number): number[] {
  return listProcesses()
    .filter(({ session }) => session === leader)
    .map(({ pid }) => pid);
}
