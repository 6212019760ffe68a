import type { LambdaClient } from "@aws-sdk/client-lambda";
import { explainAwsFailure } from "../../internal/aws-errors";
import { CommandError } from "../../internal/cli";

/** Asks the function for approvals, and gives what it answers. */
export type Ask = (input: object) => Promise<Readonly<Record<string, unknown>>>;

/** Where the function is. */
export interface AskedFunction {
  readonly accountId: string;
  readonly region: string;
  /** Its name in AWS. */
  readonly deployedName: string;
}

/**
 * Does some work with a function of AWS Lambda to ask. Functions are named by their ARN: credentials of another account reach none of the same name.
 */
export async function askingFunction<Result>(
  { accountId, region, deployedName }: AskedFunction,
  work: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  const sdk = await import("@aws-sdk/client-lambda");
  const lambda: LambdaClient = new sdk.LambdaClient({ region });
  const arn = `arn:aws:lambda:${region}:${accountId}:function:${deployedName}:live`;
  const place = `function ${deployedName}`;
  try {
    return await work(async (input) => {
      try {
        const Payload = Buffer.from(JSON.stringify(input));
        const answer = await lambda.send(new sdk.InvokeCommand({ FunctionName: arn, Payload }));
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
    });
  } finally {
    lambda.destroy();
  }
}
