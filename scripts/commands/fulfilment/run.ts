import type { LambdaClient } from "@aws-sdk/client-lambda";
import { explainAwsFailure } from "../../internal/aws-errors";
import { CommandError } from "../../internal/cli";
import { functionsOf, type StackWithFunctions } from "../../internal/deployed-functions";
import { checkEndpoint } from "../../internal/emulated-account";
import { synthesiseStacks } from "../../internal/synthesised-stack";
import { type Ask, decide } from "./approvals";
import type { Approvals, Decision, Request } from "./request";

/** Short name of the function that does the steps. */
const FUNCTION = "fulfilment";

/**
 * Does what is asked for in an environment.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 */
export async function run(
  root: string,
  environment: string,
  request: Request,
): Promise<Approvals | Decision> {
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
  const sdk = await import("@aws-sdk/client-lambda");
  const lambda: LambdaClient = new sdk.LambdaClient({ region });
  const arn = `arn:aws:lambda:${region}:${accountId}:function:${found.deployedName}`;
  const ask: Ask = async (input) => {
    const place = `function ${found.deployedName}`;
    try {
      const Payload = Buffer.from(JSON.stringify(input));
      const answer = await lambda.send(
        new sdk.InvokeCommand({ FunctionName: arn, Qualifier: "live", Payload }),
      );
      const text = Buffer.from(answer.Payload ?? []).toString("utf8");
      if (answer.FunctionError === undefined) return JSON.parse(text);
      const { errorMessage } = JSON.parse(text) as { errorMessage?: string };
      throw new CommandError(place, errorMessage ?? "failed", "its log says why");
    } catch (error) {
      if ((error as Error).name === "ResourceNotFoundException") {
        throw new CommandError(place, "is not deployed, or has no alias live", "deploy it first");
      }
      throw explainAwsFailure(error, { service: "Lambda", place, rights: "lambda:InvokeFunction" });
    }
  };
  try {
    return await decide(environment, request, ask);
  } finally {
    lambda.destroy();
  }
}
