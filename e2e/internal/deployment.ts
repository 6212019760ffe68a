import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { deploy, STACK } from "../../scripts/commands/local/deploy";
import { runningEmulator } from "../../scripts/commands/local/emulator";
import { ensureVirtualEnvironment } from "../../scripts/commands/local/python";
import { deploymentEnvironment } from "../../scripts/commands/local/settings";
import { checkTools } from "../../scripts/commands/local/tools";
import { environmentDirectory } from "./directory";
import { type Outcome, run } from "./project";

/** What a plan does to one resource. */
export interface PlannedChange {
  /** Terraform's address, e.g. `aws_lambda_alias.todo-api-v1_function_live_0BE1A5D2`. */
  readonly address: string;
  /** e.g. `aws_lambda_alias`. */
  readonly type: string;
  /** e.g. `["update"]`, or `["create", "delete"]` for a replacement that is made first. */
  readonly actions: readonly string[];
}

function emulator() {
  const running = runningEmulator(environmentDirectory());
  if (!running) throw new Error("the emulator does not run");
  return running;
}

/** Environment in which cdktf and Terraform reach the environment under test, as `scripts/local` gives it to them. */
export function terraformEnvironment(): NodeJS.ProcessEnv {
  return deploymentEnvironment(environmentDirectory(), emulator().port);
}

/**
 * Runs the real cdktf on the stack envs/local.
 *
 * @param root folder of the project, or of a copy
 * @param args command and options, e.g. `["diff"]`
 */
export function cdktf(root: string, command: string, ...args: string[]): Promise<Outcome> {
  const cli = join(root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");
  return run([process.execPath, cli, command, STACK, ...args], root, terraformEnvironment());
}

/**
 * Plans what a deployment of the project would change.
 *
 * @returns the resources that it would change; none when the plan is empty
 */
export async function plannedChanges(root: string): Promise<PlannedChange[]> {
  const { synth } = environmentDirectory();
  const env = terraformEnvironment();
  mkdirSync(synth, { recursive: true });
  const synthesis = { ...env, CDKTF_OUTDIR: synth };
  await succeed(run([process.execPath, "scripts/internal/synth.js"], root, synthesis));
  const folder = join(synth, STACK);
  const plan = join(folder, "planned");
  const terraform = (...args: string[]) => run(["terraform", ...args], folder, env);
  await succeed(terraform("init", "-input=false"));
  const { code, output } = await terraform("plan", "-input=false", "-detailed-exitcode", `-out=${plan}`);
  if (code === 0) return [];
  if (code !== 2) throw new Error(`terraform plan ended with code ${code}:\n${output}`);
  const shown = await succeed(terraform("show", "-json", plan));
  rmSync(plan);
  return changesOf(shown, "resource_changes");
}

/** What `terraform show -json` says of a plan. @param kind of change: planned, or found by looking */
export function changesOf(shown: string, kind: "resource_changes" | "resource_drift"): PlannedChange[] {
  // Warnings about Terraform's own configuration can come before it.
  const { [kind]: changes = [] } = JSON.parse(shown.slice(shown.indexOf('{"format_version"'))) as {
    [name in typeof kind]?: { address: string; type: string; change: { actions: string[] } }[];
  };
  return changes
    .map(({ address, type, change: { actions } }) => ({ address, type, actions }))
    .filter(({ actions }) => !["no-op", "read"].includes(actions.join()));
}

/** Deploys the project, as `scripts/local up` does. @throws CommandError with Terraform's errors */
export async function deployProject(root: string): Promise<void> {
  const directory = environmentDirectory();
  const python = await ensureVirtualEnvironment(directory, checkTools().python, () => {});
  await deploy({ ...directory, root }, emulator(), python, { progress: () => {}, again: () => {} });
}

/** @returns what a program printed. @throws Error with it when the program failed */
export async function succeed(outcome: Promise<Outcome>): Promise<string> {
  const { code, output } = await outcome;
  if (code !== 0) throw new Error(`ended with code ${code}:\n${output}`);
  return output;
}
