import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, EXIT } from "../../internal/cli";
import {
  findFunction,
  functionsOf,
  openLambda,
  type StackWithFunctions,
} from "../../internal/deployed-functions";
import { checkEndpoint } from "../../internal/emulated-account";
import { synthesiseStacks } from "../../internal/synthesised-stack";
import { openCodeDeploy } from "./codedeploy";
import { type ShiftedFunction, type ShiftRequest, shift } from "./shift";
import type { ShiftResult } from "./show";
import { waitForEnd } from "./wait";

/** What the user asks for. */
export type ShiftOptions = Pick<ShiftRequest, "stop" | "again" | "ignoreAlarms" | "dryRun"> & {
  readonly wait: boolean;
  /** Seconds. */
  readonly timeout: number;
};

/**
 * Shifts the traffic of an environment's functions.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 * @param asked what the user calls the functions; all that shift their traffic when empty
 */
export async function run(
  root: string,
  environment: string,
  asked: readonly string[],
  { wait, timeout, ...options }: ShiftOptions,
): Promise<ShiftResult> {
  const [stack = {}] = synthesiseStacks<StackWithFunctions>(root, [environment]);
  const found = functionsOf(stack);
  const chosen = asked.length === 0 ? found.functions.filter(shifts) : asked.map((name) => shifted(name));
  function shifted(name: string): ShiftedFunction {
    const deployed = findFunction(environment, found.functions, name);
    if (shifts(deployed)) return deployed;
    throw new CommandError(
      `function ${deployed.name}`,
      "does not shift its traffic: deployments move all calls at once",
      "trafficShift in the specification changes that",
      EXIT.usage,
    );
  }
  const result = { environment, dryRun: options.dryRun };
  if (chosen.length === 0) return { ...result, functions: [] };
  checkEndpoint(environment, found.accountId);
  const [lambda, codedeploy] = await Promise.all([openLambda(found), openCodeDeploy(found.region)]);
  try {
    const functions = await shift({ environment, functions: chosen, ...options }, lambda, codedeploy);
    if (!wait) return { ...result, functions };
    const patience = {
      now: Date.now,
      sleep,
      deadline: Date.now() + timeout * 1000,
      onProgress: (text: string) => console.error(text),
    };
    return { ...result, functions: await waitForEnd(functions, lambda, codedeploy, patience) };
  } finally {
    lambda.close();
    codedeploy.close();
  }
}

function shifts(deployed: { readonly shift?: unknown }): deployed is ShiftedFunction {
  return deployed.shift !== undefined;
}
