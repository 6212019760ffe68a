import { SendTaskSuccessCommand, type SFNClient } from "@aws-sdk/client-sfn";

/** Workflows that wait for a sign. */
export interface Callbacks {
  /**
   * Lets a workflow go on; what it finds then is in the record.
   *
   * @returns false when it waits no more
   */
  wake(token: string, signal: AbortSignal): Promise<boolean>;
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html */
const WAITS_NO_MORE = new Set(["InvalidToken", "TaskDoesNotExist", "TaskTimedOut"]);

/** Executions of Step Functions. Throws the client's errors. */
export class StepFunctionsCallbacks implements Callbacks {
  constructor(private readonly client: Pick<SFNClient, "send">) {}

  async wake(taskToken: string, abortSignal: AbortSignal): Promise<boolean> {
    try {
      await this.client.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }), { abortSignal });
      return true;
    } catch (error) {
      if (error instanceof Error && WAITS_NO_MORE.has(error.name)) return false;
      throw error;
    }
  }
}
