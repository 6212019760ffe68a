import { statSync } from "node:fs";
import { readRecord } from "../../internal/json-file";
import type { LocalDirectory } from "../local/directory";
import { type Status, status } from "../local/status";
import { type Check, type Finding, note, ok, problem } from "./check";
import { type Resource, resourcesOf, type Stack } from "./stack";

const NAME = "local environment";
const UP = "scripts/local up";

/** Terraform's state, as far as it is read here. */
export interface State {
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Resource }[];
  }[];
}

/**
 * The local environment: whether it runs, is whole, and is what the project synthesises now.
 *
 * @param stack envs/local as it is synthesised
 * @param look how its state is found. @default as scripts/local status does
 */
export function localCheck(directory: LocalDirectory, stack: Stack, look: typeof status = status): Check {
  return {
    name: NAME,
    look: async () => {
      const found = await look(directory);
      const state = readRecord<State>(directory.terraformState);
      return [health(found), ...(state && !found.deploying ? [version(state, stack, directory)] : [])];
    },
  };
}

function health({ state, deploying, problems, services, servers }: Status): Finding {
  if (deploying)
    return problem(
      NAME,
      "a deployment runs, or was cut off",
      `wait for it; ${UP} mends one that was cut off`,
    );
  if (state === "down") return note(NAME, "does not run", `${UP} brings it up`);
  if (state === "starting") {
    return problem(
      NAME,
      "runs and does not answer",
      `scripts/local logs says why; scripts/local down && ${UP} begins again`,
    );
  }
  if (problems.length > 0) return problem(NAME, problems.join("; "), UP);
  const tasks = (services ?? []).reduce((sum, { tasks: { length } }) => sum + length, 0);
  return ok(NAME, `is up: ${tasks} tasks, ${servers?.length ?? 0} databases and caches`);
}

function version(state: State, stack: Stack, { terraformState }: LocalDirectory): Finding {
  const name = "deployed version";
  const changes = differences(state, stack);
  const when = statSync(terraformState).mtime.toISOString().slice(0, 16).replace("T", " ");
  if (changes.length === 0) return ok(name, `that of the project now, deployed at ${when} UTC`);
  return note(name, `of ${when} UTC; since then ${changes.join("; ")}`, `${UP} deploys it`);
}

/** What the project has that is not deployed, in words. Values of other resources are not compared: `scripts/diff envs/local` does. */
export function differences({ resources }: State, stack: Stack): string[] {
  const managed = resources.filter(({ mode }) => mode === "managed");
  const deployed = new Set(managed.map(({ type, name }) => `${type}.${name}`));
  const wanted = new Set(
    Object.entries(stack.resource ?? {}).flatMap(([type, byName]) =>
      Object.keys(byName).map((name) => `${type}.${name}`),
    ),
  );
  const attributes = (type: string) =>
    managed
      .filter((resource) => resource.type === type)
      .flatMap(({ instances }) => instances.map((one) => one.attributes));
  const functions = changed(
    attributes("aws_lambda_function").map((one) => [one["function_name"], one["source_code_hash"]]),
    resourcesOf(stack, "aws_lambda_function").map((one) => [one["function_name"], one["source_code_hash"]]),
  );
  const services = changed(
    attributes("aws_ecs_task_definition").map((one) => [one["family"], imageOf(one)]),
    resourcesOf(stack, "aws_ecs_task_definition").map((one) => [one["family"], imageOf(one)]),
  );
  const added = [...wanted].filter((address) => !deployed.has(address)).length;
  const removed = [...deployed].filter((address) => !wanted.has(address)).length;
  return [
    ...(functions.length > 0 ? [`functions have changed: ${functions.join(", ")}`] : []),
    ...(services.length > 0 ? [`services have changed: ${services.join(", ")}`] : []),
    ...(added > 0 ? [`resources are new: ${added}`] : []),
    ...(removed > 0 ? [`resources are gone: ${removed}`] : []),
  ];
}

type Versions = readonly (readonly [unknown, unknown])[];

/** Names of what both have, in another version. */
function changed(deployed: Versions, wanted: Versions): string[] {
  const before = new Map(deployed);
  return wanted
    .filter(([name, version]) => before.has(name) && before.get(name) !== version)
    .map(([name]) => String(name));
}

/** Its tag stands for all that goes into it. */
function imageOf({ container_definitions: containers }: Resource): string | undefined {
  return /"image":"[^"]*:([^":]+)"/.exec(String(containers))?.[1];
}
