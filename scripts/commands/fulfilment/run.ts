import { CommandError } from "../../internal/cli";
import { functionsOf, type StackWithFunctions } from "../../internal/deployed-functions";
import { checkEndpoint } from "../../internal/emulated-account";
import { synthesiseStacks } from "../../internal/synthesised-stack";
import { decide, waitingApprovals } from "./approvals";
import { askingFunction } from "./ask";
import { withExecutions } from "./executions";
import type { Request, Result } from "./request";
import { resume } from "./resume";

/** Short name of the function that is asked. The one that does the steps is for the workflows alone. */
const FUNCTION = "fulfilment-approvals";

/**
 * Does what is asked for in an environment.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 */
export async function run(root: string, environment: string, request: Request): Promise<Result> {
  const [stack = {}] = synthesiseStacks<StackWithFunctions>(root, [environment]);
  const { accountId, region, functions } = functionsOf(stack);
  const found = functions.find(({ name }) => name === FUNCTION);
  if (!found) {
    throw new CommandError(
      environment,
      "has no fulfilment",
      "microservices.events.fulfilment of its specification adds it",
    );
  }
  checkEndpoint(environment, accountId);
  const { deployedName } = found;
  return askingFunction({ accountId, region, deployedName }, (ask): Promise<Result> => {
    switch (request.what) {
      case "approvals":
        return waitingApprovals(environment, ask);
      case "resume":
        return withExecutions(region, (executions) => resume(environment, request, ask, executions));
      default:
        return decide(environment, request, ask);
    }
  });
}
