import type {
  Catch,
  Choice,
  Condition,
  Flow,
  Retry,
  State,
  StateMachineDefinition,
  TaskResource,
} from "./definition";

/** JSON as Step Functions takes it. */
type Json = Record<string, unknown>;

/**
 * A definition in the Amazon States Language.
 *
 * @param timeoutSeconds seconds after which an execution is ended
 * @returns JSON text
 */
export function statesLanguage(definition: StateMachineDefinition, timeoutSeconds: number): string {
  return JSON.stringify({
    ...(definition.comment !== undefined && { Comment: definition.comment }),
    QueryLanguage: "JSONPath",
    TimeoutSeconds: timeoutSeconds,
    ...flow(definition),
  });
}

function flow({ startAt, states }: Flow): Json {
  return {
    StartAt: startAt,
    States: Object.fromEntries(Object.entries(states).map(([name, state]) => [name, stateJson(state)])),
  };
}

/** Fields that only get a capital letter. */
const SAME = [
  "comment",
  "inputPath",
  "outputPath",
  "resultSelector",
  "resultPath",
  "timeoutSeconds",
  "heartbeatSeconds",
  "parameters",
  "default",
  "itemsPath",
  "itemSelector",
  "maxConcurrency",
  "seconds",
  "secondsPath",
  "timestampPath",
  "error",
  "cause",
  "next",
  "end",
] as const;

function stateJson(state: State): Json {
  const fields = state as unknown as Json;
  return {
    Type: capitalised(state.type),
    ...Object.fromEntries(
      SAME.filter((field) => fields[field] !== undefined).map((field) => [capitalised(field), fields[field]]),
    ),
    ...(state.type === "task" && taskJson(state.resource)),
    ...(state.type === "choice" && { Choices: state.choices.map(choiceJson) }),
    ...(state.type === "parallel" && { Branches: state.branches.map(flow) }),
    ...(state.type === "map" && {
      ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, ...flow(state.processor) },
    }),
    ...retriers(state),
    ...("catch" in state && state.catch && { Catch: state.catch.map(catchJson) }),
  };
}

/** What is done, by Step Functions' own integrations: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html */
function taskJson(resource: TaskResource): Json {
  const integration = (name: string) => `arn:aws:states:::${name}`;
  switch (resource.kind) {
    case "lambda":
      return {
        // By its ARN the result is the function's answer alone, without what Lambda's API says of the call.
        Resource: resource.functionArn,
        ...(resource.payload && { Parameters: resource.payload }),
      };
    case "lambdaCallback":
      return {
        Resource: integration("lambda:invoke.waitForTaskToken"),
        Parameters: { FunctionName: resource.functionArn, Payload: resource.payload },
      };
    case "sqs":
    case "sqsCallback":
      return {
        Resource: integration(`sqs:sendMessage${resource.kind === "sqs" ? "" : ".waitForTaskToken"}`),
        Parameters: {
          QueueUrl: resource.queueUrl,
          MessageBody: resource.body,
          ...(resource.messageGroupIdPath !== undefined && {
            "MessageGroupId.$": resource.messageGroupIdPath,
          }),
          ...(resource.deduplicationIdPath !== undefined && {
            "MessageDeduplicationId.$": resource.deduplicationIdPath,
          }),
        },
      };
    case "events":
      return {
        Resource: integration("events:putEvents"),
        Parameters: {
          Entries: [
            {
              EventBusName: resource.busArn,
              Source: resource.source,
              DetailType: resource.detailType,
              Detail: resource.detail,
            },
          ],
        },
      };
  }
}

/** The first that names an error decides: one without attempts hands it to the catches, https://states-language.net/spec.html#errors */
function retriers(state: State): Json {
  const permanent = state.type === "task" ? (state.permanentErrors ?? []) : [];
  const list = [
    ...(permanent.length > 0 ? [{ ErrorEquals: permanent, MaxAttempts: 0 }] : []),
    ...(("retry" in state && state.retry) || []).map(retryJson),
  ];
  return list.length > 0 ? { Retry: list } : {};
}

function retryJson(retry: Retry): Json {
  return {
    ErrorEquals: retry.errors,
    IntervalSeconds: retry.intervalSeconds,
    MaxAttempts: retry.maxAttempts,
    BackoffRate: retry.backoffRate ?? 2,
    MaxDelaySeconds: retry.maxDelaySeconds,
    JitterStrategy: "FULL",
  };
}

function catchJson({ errors, next, resultPath }: Catch): Json {
  return { ErrorEquals: errors, Next: next, ResultPath: resultPath };
}

function choiceJson({ next, ...condition }: Choice): Json {
  return { ...conditionJson(condition), Next: next };
}

function conditionJson(condition: Condition): Json {
  if ("and" in condition) return { And: condition.and.map(conditionJson) };
  if ("or" in condition) return { Or: condition.or.map(conditionJson) };
  if ("not" in condition) return { Not: conditionJson(condition.not) };
  return Object.fromEntries(
    Object.entries(condition).map(([operator, value]) => [capitalised(operator), value]),
  );
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
