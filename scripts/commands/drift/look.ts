import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { CommandError, EXIT } from "../../internal/cli";
import { checkEndpoint } from "../../internal/emulated-account";
import { readJson } from "../../internal/json-file";
import type { SynthesisedStack, TerraformPlan } from "../../internal/plan";
import { type Backend, movableBackend } from "../../internal/state-backend";
import { stackFile } from "../../internal/synthesised-stack";
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
  let shown = "";
  for (const args of steps) {
    const { code, stdout, all } = terraform(folder, args);
    if (code !== 0) return failedDrift(environment, planError(all, environment));
    shown = stdout;
  }
  // Warnings about Terraform's own configuration may come before it.
  const plan = JSON.parse(shown.slice(shown.indexOf('{"format_version"'))) as TerraformPlan;
  return driftOf(environment, plan, stack);
}

function terraform(folder: string, args: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync("terraform", args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    maxBuffer: 1 << 30,
    env: { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" },
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") {
    throw new CommandError(
      "terraform",
      "was not found on PATH",
      "install Terraform 1.11 or newer",
      EXIT.missingTool,
    );
  }
  if (error) throw error;
  return { code: status, stdout, all: `${stdout}\n${stderr}` };
}
