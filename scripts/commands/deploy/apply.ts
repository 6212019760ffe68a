import { rmSync } from "node:fs";
import { CommandError, CommandErrors, EXIT } from "../../internal/cli";
import { pathBelowStack } from "../../internal/construct-path";
import { findShown, type SynthesisedStack, type TerraformPlan } from "../../internal/plan";
import type { StepReport } from "../../internal/steps";
import { findCutOff, type ShownState } from "./cut-off";
import { diagnosticsOf, explainFailure } from "./problems";
import { ApplyProgress } from "./progress";
import { terraform } from "./terraform";

/**
 * Runs a command of Terraform's that changes nothing.
 *
 * @returns its standard output
 * @throws CommandError when it failed or was interrupted
 */
export async function askTerraform(
  environment: string,
  folder: string,
  args: readonly string[],
  report: StepReport,
): Promise<string> {
  const lines: string[] = [];
  const { code, interrupted, words } = await terraform(
    folder,
    args,
    (line) => lines.push(line),
    () => report.progress("Terraform ends"),
  );
  if (interrupted) throw new CommandError(environment, "was interrupted", undefined, EXIT.interrupted);
  if (code !== 0) throw explainFailure(environment, diagnosticsOf(words), false);
  return lines.join("\n");
}

/** A plan to apply. */
export interface Application {
  /** e.g. `envs/prod`. */
  readonly environment: string;
  /** Folder of the stack. */
  readonly folder: string;
  /** Its file, and copies of it. */
  readonly plans: readonly [string, ...string[]];
}

/**
 * Applies a plan. Its files are gone once Terraform has begun with it: they hold values in the clear, and it takes no plan twice.
 *
 * @param raw the plan, as Terraform shows it
 * @throws CommandError when Terraform failed or was interrupted
 */
export async function applyPlan(
  { environment, folder, plans }: Application,
  stack: SynthesisedStack,
  raw: TerraformPlan,
  report: StepReport,
): Promise<ApplyProgress> {
  const all = operationsOf(raw);
  const paths = pathsOf(stack);
  const progress = new ApplyProgress(paths, (finished, text) =>
    report.progress(`${finished} of ${all}: ${text}`),
  );
  const { code, interrupted, words } = await terraform(
    folder,
    ["apply", "-input=false", "-json", plans[0]],
    (line) => progress.read(line),
    () => report.progress("Terraform ends what it has begun and writes its state; wait for it"),
    // Before its first resource Terraform forgets that it was told to stop, and takes the next time for the second:
    // https://github.com/hashicorp/terraform/blob/v1.11.4/internal/terraform/context.go, Context.Stop
    () => progress.began,
  );
  if (code === 0 || progress.began) for (const plan of plans) rmSync(plan, { force: true });
  if (code === 0) {
    const { added, changed, destroyed } = progress.applied;
    report.done(`Applied the plan: ${added} added, ${changed} changed, ${destroyed} destroyed`);
    return progress;
  }
  const errors = progress.errors.length > 0 ? progress.errors : diagnosticsOf(words);
  const failure = interrupted
    ? interruption(environment)
    : explainFailure(environment, errors, progress.began);
  const cutOff = progress.began && isProtected(stack) ? await cutOffIn(folder, paths) : [];
  throw cutOff.length > 0 ? new CommandErrors([failure, ...cutOff]) : failure;
}

function interruption(environment: string): CommandError {
  return new CommandError(
    environment,
    "was interrupted; what was done is in Terraform's state, the rest was not begun",
    `make a plan of the rest: scripts/diff ${environment} --out <folder>`,
    EXIT.interrupted,
  );
}

/** Without deletionProtection the stack says nothing of what is acknowledged. */
function isProtected(stack: SynthesisedStack): boolean {
  return stack["//"]?.acknowledged !== undefined;
}

/** What is in the way of the next plan. It is advice: nothing where the state cannot be read. */
async function cutOffIn(folder: string, paths: ReadonlyMap<string, string>): Promise<CommandError[]> {
  const lines: string[] = [];
  // An impatient second Ctrl-C is not for this.
  const heeds = () => false;
  const args = ["show", "-json", "-no-color"];
  const { code } = await terraform(
    folder,
    args,
    (line) => lines.push(line),
    () => {},
    heeds,
  );
  const shown = code === 0 ? findShown<ShownState>(lines.join("\n")) : undefined;
  return shown ? findCutOff(shown, folder, paths) : [];
}

/** A replacement is two. */
function operationsOf({ resource_changes: changes = [] }: TerraformPlan): number {
  return changes
    .flatMap(({ change: { actions } }) => actions)
    .filter((action) => ["create", "update", "delete"].includes(action)).length;
}

function pathsOf({ resource = {} }: SynthesisedStack): Map<string, string> {
  return new Map(
    Object.entries(resource).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, block]): [string, string] => {
        const path = block["//"]?.metadata?.path;
        return [`${type}.${name}`, path === undefined ? `${type}.${name}` : pathBelowStack(path)];
      }),
    ),
  );
}
