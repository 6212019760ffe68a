import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { checkEndpoint } from "../../internal/emulated-account";
import { readJson } from "../../internal/json-file";
import { findShown, type SynthesisedStack, type TerraformPlan } from "../../internal/plan";
import { type Backend, movableBackend } from "../../internal/state-backend";
import { stackFile } from "../../internal/synthesised-stack";
import { runTerraform } from "../../internal/terraform";
import { planError } from "../diff/errors";
import { driftOf, type EnvironmentDrift, failedDrift } from "./drift";

interface Stack extends SynthesisedStack {
  readonly terraform: { readonly backend: Backend };
  readonly provider: { readonly aws: readonly { readonly allowed_account_ids: readonly string[] }[] };
}

/**
 * Has Terraform look at all that an environment's state knows of. Nothing is changed, and the state is not locked: a role that may
 * only read can do it.
 *
 * @param root folder of the project
 * @param synthesised folder of the stacks
 * @param environment name of the stack, e.g. `envs/prod`
 */
export function lookAt(root: string, synthesised: string, environment: string): EnvironmentDrift {
  const file = stackFile(synthesised, environment);
  const stack = readJson<Stack>(file) as Stack;
  const { terraform: settings, provider } = stack;
  checkEndpoint(environment, provider.aws[0]?.allowed_account_ids[0] ?? "");
  const backend = movableBackend(root, environment, settings.backend);
  writeFileSync(file, JSON.stringify({ ...stack, terraform: { ...settings, backend } }));
  const folder = dirname(file);
  const steps = [
    ["init", "-input=false", "-no-color"],
    ["plan", "-refresh-only", "-input=false", "-lock=false", "-no-color", "-out=looked"],
    ["show", "-json", "looked"],
  ];
  const quiet = { ...process.env, TF_IN_AUTOMATION: "1" };
  let plan: TerraformPlan | undefined;
  let all = "";
  for (const args of steps) {
    const { code, stdout, stderr } = runTerraform(folder, args, { env: quiet });
    all = `${stdout}\n${stderr}`;
    if (code !== 0) return failedDrift(environment, planError(all, environment));
    plan = findShown<TerraformPlan>(stdout);
  }
  return plan ? driftOf(environment, plan, stack) : failedDrift(environment, planError(all, environment));
}
