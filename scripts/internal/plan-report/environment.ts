import { readPlan, type SynthesisedStack, type TerraformPlan } from "../plan";
import { reportOf } from "./build";
import { costChange, type PricedStack } from "./cost";
import { functionChanges } from "./functions";
import { iamChanges } from "./iam";
import { networkChanges } from "./network";
import type { EnvironmentReport } from "./report";

/** A plan and where it was made. */
export interface PlanSource {
  /** e.g. `envs/prod`. */
  readonly environment: string;
  /** What `terraform show -json <plan file>` prints. */
  readonly plan: TerraformPlan;
  /** The stack that it is a plan of. */
  readonly stack: SynthesisedStack & PricedStack;
  /** Folder of the stack's `cdk.tf.json`, where its artifacts are. */
  readonly folder: string;
}

/** What the plan of an environment means. */
export function environmentReport({
  environment,
  plan: shown,
  stack,
  folder,
}: PlanSource): EnvironmentReport {
  const plan = readPlan(environment, shown, stack);
  return reportOf(plan, {
    iam: iamChanges(plan.changes, plan.references),
    network: networkChanges(plan.changes, plan.references),
    functions: functionChanges(plan.changes, { stack, folder }),
    cost: costChange(shown, stack, plan.changes),
  });
}
