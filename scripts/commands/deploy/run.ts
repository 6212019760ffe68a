import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CommandError, CommandErrors } from "../../internal/cli";
import { checkEndpoint } from "../../internal/emulated-account";
import { outputFolder } from "../../internal/output-folder";
import { findShown, readPlan, type SynthesisedStack, type TerraformPlan } from "../../internal/plan";
import { runSteps, type Step, type StepReport } from "../../internal/steps";
import { stackFile, synthesiseInto } from "../../internal/synthesised-stack";
import { applyPlan, askTerraform } from "./apply";
import { differences } from "./difference";
import { findLosses } from "./losses";
import { type PlanFile, readPlanFile } from "./plan-file";
import type { Applied, ApplyProgress, Output } from "./progress";
import { refuseStale, stateVersion } from "./stale";

/** A stack, as far as deploying looks into it. */
interface Stack extends SynthesisedStack {
  readonly provider: { readonly aws: readonly { readonly allowed_account_ids: readonly string[] }[] };
}

/** What `scripts/deploy --json` prints. */
export interface DeployReport {
  readonly version: 1;
  /** e.g. `envs/prod`. */
  readonly environment: string;
  /** Absent after `--dry-run`. */
  readonly applied?: Applied;
  /** Outputs of the stack; sensitive ones without their value. Absent after `--dry-run`. */
  readonly outputs?: Readonly<Record<string, Output>>;
  /** Paths whose acknowledgement was used, and can be taken back. */
  readonly used: readonly string[];
}

/**
 * Applies a plan that was reviewed.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 * @param planFolder what `scripts/diff --out` has made
 * @throws CommandError when it may not be applied, or Terraform failed
 */
export async function deploy(
  root: string,
  environment: string,
  planFolder: string,
  dryRun: boolean,
): Promise<DeployReport> {
  const file = resolve(planFolder, environment, "plan.tfplan");
  const plan = readPlanFile(file);
  const output = outputFolder(root);
  const folder = join(output, environment);
  const stack = JSON.parse(plan.stack) as Stack;
  checkEndpoint(environment, stack.provider.aws[0]?.allowed_account_ids[0] ?? "");
  let raw: TerraformPlan = { format_version: "1.0" };
  let used: string[] = [];
  let progress: ApplyProgress | undefined;
  const steps: Step[] = [
    {
      title: "Compare the plan with the source",
      run: async () => {
        synthesiseInto(root, output);
        compare(environment, plan, stackFile(output, environment));
      },
    },
    {
      title: "Prepare Terraform",
      run: async (report: StepReport) => {
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, ".terraform.lock.hcl"), plan.lockFile);
        await askTerraform(environment, folder, ["init", "-input=false", "-no-color"], report);
      },
    },
    {
      title: "Compare the plan with the state",
      run: async (report: StepReport) => {
        const pulled = await askTerraform(environment, folder, ["state", "pull"], report);
        refuseStale(environment, plan.state, stateVersion(pulled));
      },
    },
    {
      title: "Look for what would be lost",
      run: async (report: StepReport) => {
        const shown = await askTerraform(environment, folder, ["show", "-json", "-no-color", file], report);
        const found = findShown<TerraformPlan>(shown);
        if (!found) throw new CommandError(environment, "Terraform did not show its plan", "make it again");
        raw = found;
        if (raw.errored) throw new CommandError(environment, "its plan has failed", "make it again");
        const read = readPlan(environment, raw, stack);
        const losses = findLosses(read, raw, stack);
        if (losses.length > 0) throw new CommandErrors(losses);
        const lost = read.changes.filter(({ action }) => action === "replace" || action === "delete");
        used = read.acknowledged
          .map(({ path }) => path)
          .filter((path) => lost.some((change) => change.path === path));
      },
    },
    {
      title: "Apply the plan",
      run: async (report: StepReport) => {
        const plans: [string, string] = [file, join(folder, "plan")]; // The second is what cdktf has left.
        progress = await applyPlan({ environment, folder, plans }, stack, raw, report);
      },
    },
  ];
  await runSteps(dryRun ? steps.slice(0, -1) : steps);
  if (!progress) return { version: 1, environment, used };
  const { applied, outputs } = progress;
  return { version: 1, environment, applied, outputs, used };
}

function compare(environment: string, plan: PlanFile, file: string): void {
  const differing = differences(JSON.parse(plan.stack), JSON.parse(readFileSync(file, "utf8")));
  if (differing.length === 0) return;
  throw new CommandError(
    environment,
    `the source is not what the plan was made of: ${differing.join(", ")}`,
    `check out the commit that was reviewed, or make the plan again: scripts/diff ${environment} --out <folder>`,
  );
}
