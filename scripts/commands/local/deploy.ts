import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, EXIT } from "../../internal/cli";
import { writeJson } from "../../internal/json-file";
import { findMarkedProcesses, sendSignal } from "../../internal/process-identity";
import { withSignals } from "../../internal/signals";
import { restoreCheckpoint, takeCheckpoint } from "./checkpoint";
import type { LocalDirectory } from "./directory";
import { type EmulatorRecord, saveEmulator, startEmulator, stopEmulator } from "./emulator";
import { parseOutputs, type StackOutputs } from "./outputs";
import { stopServices } from "./processes";
import { deploymentEnvironment, MARKS } from "./settings";
import { addImageSource } from "./supervisor/control";
import { type DeployProgress, findErrors, followDeploy, isTransient, plainText } from "./terraform-log";

/** The stack that a local environment deploys. */
export const STACK = "envs/local";

/** Seconds that Terraform has, once interrupted, to finish what it is at and write its state. */
const INTERRUPT_SECONDS = 60;

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
  await killDeployment(directory);
  // Services would meet an emulator that knows nothing of them.
  await stopServices(directory);
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
    addImageSource(directory, directory.root);
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
    if (interrupted) {
      // The mark stays: what Terraform was making when it was cut off exists, but is not in its state.
      throw new CommandError(
        STACK,
        "the deployment was interrupted",
        "scripts/local up puts back what it has done, and begins it again",
        EXIT.interrupted,
      );
    }
    await settle(directory, running);
    const errors = findErrors(log).slice(0, 40).join("\n  ");
    throw new CommandError(
      STACK,
      `cdktf deploy ended with code ${code}:\n  ${errors}\n`,
      `the whole log is ${directory.deployLog}${isTransient(log) ? "; scripts/local reset begins from nothing" : ""}`,
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
  writeFileSync(directory.deploying, "");
  const cli = join(directory.root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");
  const child = spawn(process.execPath, [cli, "deploy", STACK, "--auto-approve"], {
    cwd: directory.root,
    env: deploymentEnvironment(directory, emulator.port),
    // Apart from the terminal, whose Ctrl-C would end cdktf, and Terraform with it before its state is written.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });

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
    // Terraform ends what it is at and writes its state; cdktf ends when Terraform does.
    const others = deploymentProcesses(directory).filter((pid) => pid !== child.pid);
    for (const pid of others.length > 0 || !child.pid ? others : [child.pid]) sendSignal(pid, "SIGINT");
  };
  const ended = new Promise<number | null>((done, failed) => {
    child.once("error", failed);
    child.once("close", done);
  });
  try {
    const code = await withSignals(passOn, async () => {
      const ending = await ended;
      await untilDeploymentEnds(directory);
      return ending;
    });
    return { code, interrupted };
  } finally {
    await new Promise((done) => log.end(done));
  }
}

/** cdktf may be gone before Terraform, which still has its state to write. */
async function untilDeploymentEnds(directory: LocalDirectory): Promise<void> {
  const deadline = Date.now() + INTERRUPT_SECONDS * 1000;
  while (deploymentProcesses(directory).length > 0) {
    if (Date.now() > deadline) return await killDeployment(directory);
    await sleep(100);
  }
}

async function killDeployment(directory: LocalDirectory): Promise<void> {
  for (let left = deploymentProcesses(directory); left.length > 0; left = deploymentProcesses(directory)) {
    for (const pid of left) sendSignal(pid, "SIGKILL");
    await sleep(50);
  }
}

/** Ids of cdktf's process, Terraform's and the provider's: Terraform runs in a session of its own. */
function deploymentProcesses(directory: LocalDirectory): number[] {
  return findMarkedProcesses(MARKS.deployment, directory.path);
}
