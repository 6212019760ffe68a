import type { Flow, Retry, State, StateMachineDefinition } from "./definition";

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
    ...("catch" in state
      ? (state.catch ?? []).map(({ next }, index) => ({ field: `catch[${index}].next`, to: next }))
      : []),
  ];
}

/** Whether a flow can end in a state. */
export function isEnd(state: State): boolean {
  return state.type === "succeed" || state.type === "fail" || "end" in state;
}

/**
 * The shortest way from some states to one that is looked for.
 *
 * @param avoiding states that the way does not touch
 * @returns names of its states; nothing when there is no way
 */
export function wayTo(
  { states }: Flow,
  from: readonly string[],
  isGoal: (name: string, state: State) => boolean,
  avoiding: readonly string[] = [],
): string[] | undefined {
  const seen = new Set(avoiding);
  const ways = from.map((name) => [name]);
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    const name = way.at(-1) as string;
    const state = states[name];
    if (state === undefined || seen.has(name)) continue;
    seen.add(name);
    if (isGoal(name, state)) return way;
    for (const { to } of edgesOf(state)) ways.push([...way, to]);
  }
  return undefined;
}

/**
 * Seconds that a flow takes at the longest: every attempt until its time-out, every wait between them. What is known only in an execution
 * counts as nothing: a wait until a time of the input, more items than a map does at once.
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
      return withRetries(state.timeoutSeconds, state.retry);
    case "wait":
      return "seconds" in state ? state.seconds : 0;
    case "parallel":
    case "map":
      return withRetries(Math.max(0, ...inner(state).map(([, flow]) => longestSeconds(flow))), state.retry);
    default:
      return 0;
  }
}

function withRetries(attemptSeconds: number, retries: readonly Retry[] = []): number {
  return retries.reduce((seconds, { intervalSeconds, maxAttempts, maxDelaySeconds, backoffRate = 2 }) => {
    const waits = Array.from({ length: maxAttempts }, (_, attempt) =>
      Math.min(maxDelaySeconds, intervalSeconds * backoffRate ** attempt),
    );
    return seconds + waits.reduce((sum, wait) => sum + wait + attemptSeconds, 0);
  }, attemptSeconds);
}
