import { catchProblems, numberProblem, permanentProblems, retryProblems } from "./check-errors";
import { refersTo, TASK_TOKEN, templateProblems } from "./check-template";
import {
  type Condition,
  type State,
  type TaskResource,
  type TaskState,
  type Template,
  type WaitState,
  waitsForAnswer,
} from "./definition";
import { pathProblem, placeProblem } from "./json-path";

/** What a state must fit in. */
export interface Bounds {
  readonly type: "STANDARD" | "EXPRESS";
  /** Seconds after which an execution is ended. */
  readonly timeoutSeconds: number;
}

/** Items that a map does at once at most: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
const MOST_ITEMS_AT_ONCE = 40;

/** What is wrong within one state, but for the states that it leads to. */
export function stateProblems(place: string, state: State, bounds: Bounds): string[] {
  return [
    ...path(place, state, "inputPath"),
    ...path(place, state, "outputPath"),
    ...resultProblems(place, state),
    ...("retry" in state ? retryProblems(`${place}.retry`, state.retry ?? []) : []),
    ...("catch" in state ? catchProblems(`${place}.catch`, state.catch ?? []) : []),
    ...ownProblems(place, state, bounds),
  ];
}

function ownProblems(place: string, state: State, bounds: Bounds): string[] {
  switch (state.type) {
    case "task":
      return taskProblems(place, state, bounds);
    case "choice":
      return [
        ...(state.choices.length === 0 ? [`${place}.choices must hold a choice`] : []),
        ...state.choices.flatMap(({ next: _, ...condition }, index) =>
          conditionProblems(`${place}.choices[${index}]`, condition),
        ),
      ];
    case "parallel":
      return state.branches.length === 0 ? [`${place}.branches must hold a branch`] : [];
    case "map":
      return [
        ...path(place, state, "itemsPath"),
        ...template(`${place}.itemSelector`, state.itemSelector),
        ...numberProblem(`${place}.maxConcurrency`, state.maxConcurrency, 1, MOST_ITEMS_AT_ONCE),
      ];
    case "wait":
      return waitProblems(place, state, bounds);
    case "pass":
      return template(`${place}.parameters`, state.parameters);
    default:
      return [];
  }
}

function taskProblems(place: string, task: TaskState, { type, timeoutSeconds }: Bounds): string[] {
  const { resource, callSeconds, heartbeatSeconds } = task;
  const isCallback = waitsForAnswer(task);
  return [
    ...numberProblem(`${place}.timeoutSeconds`, task.timeoutSeconds, 1, timeoutSeconds),
    ...(heartbeatSeconds === undefined || isCallback
      ? []
      : [`${place}.heartbeatSeconds is for callbacks: nobody else gives a sign of life`]),
    ...(heartbeatSeconds !== undefined && isCallback
      ? numberProblem(`${place}.heartbeatSeconds`, heartbeatSeconds, 1, task.timeoutSeconds - 1)
      : []),
    ...(callSeconds === undefined || isCallback
      ? []
      : [`${place}.callSeconds is for callbacks: all else is done when the call is`]),
    ...(callSeconds !== undefined && isCallback
      ? numberProblem(`${place}.callSeconds`, callSeconds, 1, task.timeoutSeconds)
      : []),
    ...permanentProblems(`${place}.permanentErrors`, task.permanentErrors, task.retry),
    ...(isCallback && type === "EXPRESS"
      ? [`${place}.resource: an Express workflow waits for no callback; make it STANDARD`]
      : []),
    ...resourceProblems(`${place}.resource`, resource, isCallback),
  ];
}

function resourceProblems(place: string, resource: TaskResource, isCallback: boolean): string[] {
  const [field, content] = contentOf(resource);
  const hasToken = content !== undefined && refersTo(content, TASK_TOKEN);
  return [
    ...template(`${place}.${field}`, content),
    ...(isCallback && !hasToken ? [`${place}.${field} must hold ${TASK_TOKEN}, or nobody could answer`] : []),
    ...(!isCallback && hasToken
      ? [`${place}.${field} holds ${TASK_TOKEN}, but a task of kind ${resource.kind} waits for no answer`]
      : []),
    ...path(place, resource, "messageGroupIdPath"),
    ...path(place, resource, "deduplicationIdPath"),
  ];
}

function contentOf(resource: TaskResource): [field: string, content: Template | undefined] {
  switch (resource.kind) {
    case "lambda":
    case "lambdaCallback":
      return ["payload", resource.payload];
    case "sqs":
    case "sqsCallback":
      return ["body", resource.body];
    case "events":
      return ["detail", resource.detail];
  }
}

function waitProblems(place: string, state: WaitState, { timeoutSeconds }: Bounds): string[] {
  if ("seconds" in state) return numberProblem(`${place}.seconds`, state.seconds, 1, timeoutSeconds);
  return "secondsPath" in state ? path(place, state, "secondsPath") : path(place, state, "timestampPath");
}

function conditionProblems(place: string, condition: Condition): string[] {
  if ("not" in condition) return conditionProblems(`${place}.not`, condition.not);
  for (const [field, parts] of [
    ["and", "and" in condition ? condition.and : undefined],
    ["or", "or" in condition ? condition.or : undefined],
  ] as const) {
    if (parts === undefined) continue;
    if (parts.length === 0) return [`${place}.${field} must hold a condition`];
    return parts.flatMap((part, index) => conditionProblems(`${place}.${field}[${index}]`, part));
  }
  const operators = Object.keys(condition).filter((field) => field !== "variable");
  return [
    ...path(place, condition, "variable"),
    ...(operators.length === 1
      ? []
      : [`${place} must have exactly one operator, got ${operators.join(", ") || "none"}`]),
    ...operators.filter((field) => field.endsWith("Path")).flatMap((field) => path(place, condition, field)),
  ];
}

function resultProblems(place: string, state: State): string[] {
  const { resultPath } = state as { resultPath?: string | null };
  const problem = resultPath === undefined || resultPath === null ? undefined : placeProblem(resultPath);
  return [
    ...("resultSelector" in state ? template(`${place}.resultSelector`, state.resultSelector) : []),
    ...(problem === undefined ? [] : [`${place}.resultPath ${problem}`]),
    ...("catch" in state ? (state.catch ?? []) : []).flatMap(({ resultPath: ofError }, index) => {
      const wrong = ofError === null ? undefined : placeProblem(ofError);
      return wrong === undefined ? [] : [`${place}.catch[${index}].resultPath ${wrong}`];
    }),
  ];
}

function path(place: string, holder: object, field: string): string[] {
  const value = (holder as Readonly<Record<string, string | undefined>>)[field];
  const problem = value === undefined ? undefined : pathProblem(value);
  return problem === undefined ? [] : [`${place}.${field} ${problem}`];
}

function template(place: string, value: Template | undefined): string[] {
  return value === undefined ? [] : templateProblems(place, value);
}
