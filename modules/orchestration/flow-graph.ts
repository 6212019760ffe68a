import {
  type Flow,
  type Retry,
  type State,
  type StateMachineDefinition,
  type TaskState,
  waitsForAnswer,
} from "./definition";

/** A flow, and where in the definition it is. */
export interface PlacedFlow {
  /** e.g. `definition` or `definition.states.Both.branches[0]`. */
  readonly place: string;
  readonly flow: Flow;
}

/** A way from one state to another. */
export interface Edge {
  /** Field that names the other, e.g. `choices[0].next`. */
  readonly field: string;
  readonly to: string;
}

/** The definition's own flow, and those of its branches and processors, however deep. */
export function flowsOf(definition: StateMachineDefinition): PlacedFlow[] {
  const within = (place: string, flow: Flow): PlacedFlow[] => [
    { place, flow },
    ...Object.entries(flow.states).flatMap(([name, state]) =>
      inner(state).flatMap(([field, branch]) => within(`${place}.states.${name}.${field}`, branch)),
    ),
  ];
  return within("definition", definition);
}

function inner(state: State): [field: string, flow: Flow][] {
  if (state.type === "parallel") return state.branches.map((branch, index) => [`branches[${index}]`, branch]);
  return state.type === "map" ? [["processor", state.processor]] : [];
}

/** Where a state leads, with errors that it catches. */
export function edgesOf(state: State): Edge[] {
  return [
    ...("next" in state ? [{ field: "next", to: state.next }] : []),
    ...(state.type === "choice"
      ? [
          ...state.choices.map(({ next }, index) => ({ field: `choices[${index}].next`, to: next })),
          { field: "default", to: state.default },
        ]
      : []),
    ...catchesOf(state),
  ];
}

function catchesOf(state: State): Edge[] {
  const catches = ("catch" in state && state.catch) || [];
  return catches.map(({ next }, index) => ({ field: `catch[${index}].next`, to: next }));
}

/** Whether a flow can end in a state. */
export function isEnd(state: State): boolean {
  return state.type === "succeed" || state.type === "fail" || "end" in state;
}

/**
 * The shortest way from some states to one that is looked for.
 *
 * @param avoiding states that the way does not touch
 * @param failing states that it leaves by what they catch alone, and does not end in
 * @returns names of its states; nothing when there is no way
 */
export function wayTo(
  { states }: Flow,
  from: readonly string[],
  isGoal: (name: string, state: State) => boolean,
  avoiding: readonly string[] = [],
  failing: readonly string[] = [],
): string[] | undefined {
  const seen = new Set(avoiding);
  const ways = from.map((name) => [name]);
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    const name = way.at(-1) as string;
    const state = states[name];
    if (state === undefined || seen.has(name)) continue;
    seen.add(name);
    const fails = failing.includes(name);
    if (!fails && isGoal(name, state)) return way;
    for (const { to } of fails ? catchesOf(state) : edgesOf(state)) ways.push([...way, to]);
  }
  return undefined;
}

/**
 * Seconds that a flow takes at the longest: every attempt until its time-out, or for as long as the call of a callback may take where its failure
 * is tried again; every wait between them. What is known only in an execution counts as nothing: a wait until a time of the input, more items than a map does at once.
 *
 * @returns Infinity when states lead back to one before
 */
export function longestSeconds(flow: Flow): number {
  const known = new Map<string, number>();
  const from = (name: string): number => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const state = flow.states[name];
    if (state === undefined) return 0;
    known.set(name, Number.POSITIVE_INFINITY);
    const seconds = stateSeconds(state) + Math.max(0, ...edgesOf(state).map(({ to }) => from(to)));
    known.set(name, seconds);
    return seconds;
  };
  return from(flow.startAt);
}

function stateSeconds(state: State): number {
  switch (state.type) {
    case "task":
      return withRetries(state.timeoutSeconds, state.retry, (retry) => failureSeconds(state, retry));
    case "wait":
      return "seconds" in state ? state.seconds : 0;
    case "parallel":
    case "map":
      return withRetries(Math.max(0, ...inner(state).map(([, flow]) => longestSeconds(flow))), state.retry);
    default:
      return 0;
  }
}

/** Errors that can come as late as the time-out, even where nobody answers with a failure. */
const LATE_ERRORS = ["States.ALL", "States.HeartbeatTimeout", "States.Timeout"];

/**
 * Seconds after which an attempt has failed with an error that is tried again. `States.TaskFailed` is any error but `States.Timeout`:
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
function failureSeconds(task: TaskState, { errors }: Retry): number {
  const { callSeconds, heartbeatSeconds, timeoutSeconds } = task;
  if (callSeconds === undefined || !waitsForAnswer(task)) return timeoutSeconds;
  // A sign of life that does not come any more may count as a failed task.
  const late = [...LATE_ERRORS, ...(heartbeatSeconds === undefined ? [] : ["States.TaskFailed"])];
  return errors.some((error) => late.includes(error)) ? timeoutSeconds : callSeconds;
}

/** @param failing how long an attempt takes that is tried again */
function withRetries(
  attemptSeconds: number,
  retries: readonly Retry[] = [],
  failing: (retry: Retry) => number = () => attemptSeconds,
): number {
  return retries.reduce((seconds, retry) => {
    const { intervalSeconds, maxAttempts, maxDelaySeconds, backoffRate = 2 } = retry;
    const waits = Array.from({ length: maxAttempts }, (_, attempt) =>
      Math.min(maxDelaySeconds, intervalSeconds * backoffRate ** attempt),
    );
    return seconds + waits.reduce((sum, wait) => sum + wait + failing(retry), 0);
  }, attemptSeconds);
}
