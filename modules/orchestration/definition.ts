/** A workflow: states by their names, and where it starts. */
export interface StateMachineDefinition extends Flow {
  /** What the workflow does: shown in the console. */
  readonly comment?: string;
  /**
   * States from which on what has been done stays done: a path that reaches one of them owes no compensation any more.
   * @default none: every path owes it
   */
  readonly commits?: readonly string[];
}

/** States that lead to one another, of a whole workflow or of one branch. */
export interface Flow {
  /** Name of the first state. */
  readonly startAt: string;
  /** States by their names, at most 80 characters each. */
  readonly states: Readonly<Record<string, State>>;
}

/** One state. Paths are JSONPath (`$.order.id`), or of the context (`$$.Execution.Id`). */
export type State =
  | TaskState
  | ChoiceState
  | ParallelState
  | MapState
  | WaitState
  | PassState
  | SucceedState
  | FailState;

/** JSON with references: the value of a key that ends in `.$` is a path or an intrinsic function, e.g. `{ "orderId.$": "$.order.id" }`. */
export type Template = { readonly [key: string]: TemplateValue };

/** Part of a template. */
export type TemplateValue = string | number | boolean | null | Template | readonly TemplateValue[];

/** Where a state leads: to another, or to the end of its flow. */
type Transition = { readonly next: string } | { readonly end: true };

interface Described {
  /** What the state is for: shown in the console. */
  readonly comment?: string;
}

interface Filters {
  /** Path to what the state sees of its input. @default all of it */
  readonly inputPath?: string;
  /** Path to what it hands on of its output. @default all of it */
  readonly outputPath?: string;
}

interface Result {
  /** What is kept of the result; its paths are of the result. @default all of it */
  readonly resultSelector?: Template;
  /** Where the result is put into the input, e.g. `$.charge`; `null` drops it. @default the result takes the place of the input */
  readonly resultPath?: string | null;
}

/** Does something: calls a function, sends a message. */
export type TaskState = Described &
  Filters &
  Result &
  Transition & {
    readonly type: "task";
    /** What is done. */
    readonly resource: TaskResource;
    /** Seconds that one attempt may take; of a callback, until the answer. */
    readonly timeoutSeconds: number;
    /** Seconds after which a callback must have given a sign of life. @default none is asked for */
    readonly heartbeatSeconds?: number;
    /**
     * Of a callback: seconds that the call takes at the longest, as long as the function may run. To give it is to promise that nobody answers with
     * a failure (`SendTaskFailure`), and `callbackStatements()` gives no right to. What then fails, but by a time-out, is the call, which is known
     * early: to try it again does not cost the whole wait.
     * @default a failure may come as late as the time-out
     */
    readonly callSeconds?: number;
    /** Which errors are tried again. Empty: none, for a task that must not be done twice. */
    readonly retry: readonly Retry[];
    /**
     * Errors of the task's own that no further attempt mends, such as `InvalidInput`: they are caught, or fail the flow, at once.
     * @default none
     */
    readonly permanentErrors?: readonly string[];
    /** Which errors lead where. @default an error fails the flow */
    readonly catch?: readonly Catch[];
    /** What takes back what this task has done. @default nothing needs to be taken back */
    readonly compensation?: Compensation;
  };

/** What takes back what a task has done when the workflow fails later. */
export interface Compensation {
  /**
   * Name of the task that takes it back; it must bear being called when there is nothing to take back. It is tried again after any error. When it
   * fails for good, the execution fails and can be redriven: it catches nothing, unless that leads to a state of `commits`.
   */
  readonly by: string;
  /**
   * State from which on the compensation is owed, e.g. the one that a choice takes when the task has done something: one that the task leads to
   * once it is done. It is owed where an error
   * of the task is caught as well: a task that timed out may have done its work.
   * @default the one after the task
   */
  readonly from?: string;
}

/** What a task does. */
export type TaskResource =
  | {
      readonly kind: "lambda";
      /** ARN of the function's alias. */
      readonly functionArn: string;
      /** What it gets. @default the state's input */
      readonly payload?: Template;
    }
  | {
      /** Calls a function, and waits until somebody answers with the token that it got, whatever the function answers. */
      readonly kind: "lambdaCallback";
      /** ARN of the function's alias. */
      readonly functionArn: string;
      /** What it gets; somewhere in it is `$$.Task.Token`. */
      readonly payload: Template;
    }
  | (QueueMessage & { readonly kind: "sqs" })
  | (QueueMessage & {
      /** Sends a message, and waits until somebody answers with the token in it. Its body has `$$.Task.Token` somewhere. */
      readonly kind: "sqsCallback";
    })
  | {
      /** Puts an event on a bus. */
      readonly kind: "events";
      /** ARN of the bus. */
      readonly busArn: string;
      /** e.g. `shop.fulfilment`: the role may put no others. */
      readonly source: string;
      /** e.g. `shop.fulfilment.shipped.v1`: the role may put no others. */
      readonly detailType: string;
      /** The event. */
      readonly detail: Template;
    };

interface QueueMessage {
  /** URL of the queue. */
  readonly queueUrl: string;
  /** ARN of the queue. */
  readonly queueArn: string;
  /** ARN of the KMS key of the queue. @default SQS's own key */
  readonly queueKmsKeyArn?: string;
  /** The message; it is sent as JSON. */
  readonly body: Template;
  /** Path to the message group, of a FIFO queue. @default none */
  readonly messageGroupIdPath?: string;
  /** Path to the id by which a FIFO queue knows a message again. @default none */
  readonly deduplicationIdPath?: string;
}

/** Tries again. Waits grow by `backoffRate`, and are drawn from 0 to what they have grown to, so that not all come back at once. */
export interface Retry {
  /** Names of errors, e.g. `States.TaskFailed`. `States.ALL` stands alone, in the last. */
  readonly errors: readonly string[];
  /** Seconds before the first new attempt. */
  readonly intervalSeconds: number;
  /** New attempts, 1 to 100. */
  readonly maxAttempts: number;
  /** Factor by which the wait grows, from 1. @default 2 */
  readonly backoffRate?: number;
  /** Longest wait in seconds. */
  readonly maxDelaySeconds: number;
}

/** Leads elsewhere when no attempt is left. */
export interface Catch {
  /** Names of errors. `States.ALL` stands alone, in the last. */
  readonly errors: readonly string[];
  /** Where it leads. */
  readonly next: string;
  /** Where `{ Error, Cause }` is put into the input, e.g. `$.error`; `null` drops it. The rest of the input stays. */
  readonly resultPath: string | null;
}

/** Decides by its input. */
export interface ChoiceState extends Described, Filters {
  readonly type: "choice";
  /** The first that is true decides. */
  readonly choices: readonly Choice[];
  /** Where it leads when none is true. */
  readonly default: string;
}

/** A condition, and where it leads when it is true. */
export type Choice = Condition & { readonly next: string };

/** A comparison, or several. */
export type Condition =
  | { readonly and: readonly Condition[] }
  | { readonly or: readonly Condition[] }
  | { readonly not: Condition }
  | Comparison;

/** One comparison of what is at a path; exactly one of the operators is given. A missing value fails all but `isPresent`. */
export interface Comparison {
  /** Path to the value. */
  readonly variable: string;
  readonly booleanEquals?: boolean;
  readonly isBoolean?: boolean;
  readonly isNull?: boolean;
  readonly isNumeric?: boolean;
  readonly isPresent?: boolean;
  readonly isString?: boolean;
  readonly numericEquals?: number;
  readonly numericEqualsPath?: string;
  readonly numericGreaterThan?: number;
  readonly numericGreaterThanEquals?: number;
  readonly numericGreaterThanPath?: string;
  readonly numericLessThan?: number;
  readonly numericLessThanEquals?: number;
  readonly numericLessThanPath?: string;
  readonly stringEquals?: string;
  readonly stringEqualsPath?: string;
  /** With `*` for any characters. */
  readonly stringMatches?: string;
  readonly timestampGreaterThan?: string;
  readonly timestampGreaterThanPath?: string;
  readonly timestampLessThan?: string;
  readonly timestampLessThanPath?: string;
}

/** Does several things at once; goes on when all are done, and stops all when one fails. Its result is the list of theirs. */
export type ParallelState = Described &
  Filters &
  Result &
  Transition & {
    readonly type: "parallel";
    readonly branches: readonly Flow[];
    /** @default none */
    readonly retry?: readonly Retry[];
    /** @default an error fails the flow */
    readonly catch?: readonly Catch[];
  };

/** Does the same for each item of a list. Its result is the list of results. */
export type MapState = Described &
  Filters &
  Result &
  Transition & {
    readonly type: "map";
    /** Path to the list. @default the state's input is the list */
    readonly itemsPath?: string;
    /** What is done with an item gets this; `$$.Map.Item.Value` is the item. @default the item */
    readonly itemSelector?: Template;
    /** Items at once, 1 to 40. */
    readonly maxConcurrency: number;
    /** What is done with each. */
    readonly processor: Flow;
    /** @default none */
    readonly retry?: readonly Retry[];
    /** @default an error fails the flow */
    readonly catch?: readonly Catch[];
  };

/** Waits. */
export type WaitState = Described &
  Filters &
  Transition & { readonly type: "wait" } & (
    | { readonly seconds: number }
    | { readonly secondsPath: string }
    | { readonly timestampPath: string }
  );

/** Hands its input on, or what is made of it. */
export type PassState = Described &
  Filters &
  Transition & {
    readonly type: "pass";
    /** What is made of the input. @default the input */
    readonly parameters?: Template;
    /** Where that is put into the input. @default it takes the place of the input */
    readonly resultPath?: string | null;
  };

/** Ends the flow well. */
export interface SucceedState extends Described, Filters {
  readonly type: "succeed";
}

/** Fails the flow. Of the whole workflow it counts as a failed execution, which alarms: an expected outcome ends well. */
export interface FailState extends Described {
  readonly type: "fail";
  /** Name of the error, e.g. `CompensationFailed`. */
  readonly error: string;
  /** What has happened, for who reads the execution. */
  readonly cause: string;
}

/** Whether a state waits for somebody's answer by a token. */
export function waitsForAnswer(state: State): state is TaskState {
  return (
    state.type === "task" &&
    (state.resource.kind === "lambdaCallback" || state.resource.kind === "sqsCallback")
  );
}

/**
 * Errors of Lambda itself, not of the function: every call of one can meet them, and a later attempt mends them.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception
 */
export const LAMBDA_FAULTS: readonly string[] = [
  "Lambda.ClientExecutionTimeoutException",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
];
