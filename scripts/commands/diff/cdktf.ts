import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CommandError, EXIT } from "../../internal/cli";
import { readJson } from "../../internal/json-file";
import { outputFolder } from "../../internal/output-folder";
import { findShown, type SynthesisedStack, type TerraformPlan } from "../../internal/plan";
import type { PlanError } from "../../internal/plan-report";
import { withSignals } from "../../internal/signals";
import { noTerraform, terraformProgram } from "../../internal/terraform";
import { planError } from "./errors";

/** A plan as cdktf and Terraform have made it. */
export interface MadePlan {
  /** Terraform's plan file. It holds values in the clear. */
  readonly file: string;
  /** What it holds. */
  readonly shown: TerraformPlan;
  /** Folder of the stack that it is a plan of. */
  readonly folder: string;
  readonly stack: SynthesisedStack;
}

/** How a program ended. */
interface Outcome {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  /** Standard output and standard error as they came. */
  readonly all: string;
}

/**
 * Runs `cdktf diff` on one environment, and reads the plan that it leaves as `plan` beside the stack.
 *
 * @returns the plan, or why there is none
 * @throws CommandError when it is interrupted; Terraform then has let go of the state
 */
export async function makePlan(root: string, environment: string): Promise<MadePlan | PlanError> {
  const folder = join(outputFolder(root), environment);
  const file = join(folder, "plan");
  rmSync(file, { force: true });
  const cli = join(root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");
  const diff = await run(process.execPath, [cli, "diff", environment, "--no-color"], root);
  if (diff.code !== 0) return planError(diff.all, environment);
  if (!existsSync(file)) {
    return {
      summary: "cdktf left no plan file",
      detail: "It keeps none where the state is in HCP Terraform. This needs a backend like S3's.",
    };
  }
  const show = await run(terraformProgram(), ["show", "-json", "plan"], folder);
  const shown = show.code === 0 ? findShown<TerraformPlan>(show.stdout) : undefined;
  if (!shown) return planError(show.all, environment);
  return { file, shown, folder, stack: readJson<SynthesisedStack>(join(folder, "cdk.tf.json")) ?? {} };
}

/** Seconds that Terraform has, once interrupted, to end and let go of the state. */
const INTERRUPT_SECONDS = 30;

async function run(program: string, args: readonly string[], cwd: string): Promise<Outcome> {
  const child = spawn(program, args, {
    cwd,
    // cdktf then prints lines and asks nothing.
    env: { ...process.env, CI: "1", CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" },
    // A group of its own: Ctrl-C would end cdktf, and leave Terraform without anybody to wait for it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, all]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout.push(text);
    all.push(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => all.push(text));
  let deadline: NodeJS.Timeout | undefined;
  const passOn = () => {
    signalGroup(child.pid, "SIGINT");
    deadline ??= setTimeout(() => signalGroup(child.pid, "SIGKILL"), INTERRUPT_SECONDS * 1000);
  };
  const ended = () =>
    new Promise<number | null>((done, failed) => {
      child.once("error", failed);
      child.once("close", done);
    });
  try {
    const code = await withSignals(passOn, ended);
    if (deadline) throw new CommandError("diff", "was interrupted", undefined, EXIT.interrupted);
    return { code, stdout: stdout.join(""), all: all.join("") };
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ENOENT" ? noTerraform() : error;
  } finally {
    clearTimeout(deadline);
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}
