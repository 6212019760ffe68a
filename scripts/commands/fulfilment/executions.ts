import type { SFNClient } from "@aws-sdk/client-sfn";
import { explainAwsFailure } from "../../internal/aws-errors";

/** An execution of a workflow. */
export interface Execution {
  /** ARN of its workflow. */
  readonly workflow: string;
  readonly status: string;
  /** JSON that it began with. */
  readonly input: string;
}

/** The executions of Step Functions. */
export interface Executions {
  /** @returns nothing when there is none, or it has ended longer ago than AWS keeps it */
  find(arn: string): Promise<Execution | undefined>;
  /** @returns ARN of the execution */
  start(workflow: string, name: string, input: string): Promise<string>;
}

/** Does some work with the executions of a region. */
export async function withExecutions<Result>(
  region: string,
  work: (executions: Executions) => Promise<Result>,
): Promise<Result> {
  const sdk = await import("@aws-sdk/client-sfn");
  const client: SFNClient = new sdk.SFNClient({ region });
  const explained = (error: unknown, place: string, rights: string) =>
    explainAwsFailure(error, { service: "Step Functions", place, rights });
  try {
    return await work({
      async find(executionArn) {
        try {
          const found = await client.send(new sdk.DescribeExecutionCommand({ executionArn }));
          const { stateMachineArn: workflow = "", status = "", input = "" } = found;
          return { workflow, status, input };
        } catch (error) {
          if ((error as Error).name === "ExecutionDoesNotExist") return undefined;
          throw explained(error, `execution ${executionArn}`, "states:DescribeExecution and kms:Decrypt");
        }
      },
      async start(stateMachineArn, name, input) {
        try {
          const { executionArn = "" } = await client.send(
            new sdk.StartExecutionCommand({ stateMachineArn, name, input }),
          );
          return executionArn;
        } catch (error) {
          throw explained(error, `workflow ${stateMachineArn}`, "states:StartExecution");
        }
      },
    });
  } finally {
    client.destroy();
  }
}
