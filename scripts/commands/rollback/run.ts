import {
  findFunction,
  functionsOf,
  openLambda,
  type StackWithFunctions,
} from "../../internal/deployed-functions";
import { checkEndpoint } from "../../internal/emulated-account";
import { synthesiseStacks } from "../../internal/synthesised-stack";
import { type Rollback, rollBack } from "./rollback";

/**
 * Rolls a function back.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 * @param asked what the user calls the function
 */
export async function run(
  root: string,
  environment: string,
  asked: string,
  { to, dryRun }: { readonly to?: string; readonly dryRun: boolean },
): Promise<Rollback> {
  const [stack = {}] = synthesiseStacks<StackWithFunctions>(root, [environment]);
  const found = functionsOf(stack);
  const deployed = findFunction(environment, found.functions, asked);
  checkEndpoint(environment, found.accountId);
  const lambda = await openLambda(found);
  try {
    return await rollBack(
      { environment, function: deployed, dryRun, ...(to !== undefined && { to }) },
      lambda,
    );
  } finally {
    lambda.close();
  }
}
