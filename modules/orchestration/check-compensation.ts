import type { Bounds } from "./check-state";
import type { StateMachineDefinition, TaskState } from "./definition";
import { isEnd, longestSeconds, type PlacedFlow, wayTo } from "./flow-graph";

/**
 * What is wrong with the compensations of a definition: a way on which what has been done is left as it is, also where the compensation's own
 * failure is caught; a compensation that is given up at its first failure; an execution that is ended before it comes to it.
 */
export function compensationProblems(
  definition: StateMachineDefinition,
  [own, ...inner]: readonly PlacedFlow[],
  { timeoutSeconds }: Bounds,
): string[] {
  const compensated = own === undefined ? [] : compensatedTasks(own);
  const { states, commits = [] } = definition;
  return [
    ...commits
      .filter((name) => states[name] === undefined)
      .map((name) => `definition.commits must name states, got "${name}"`),
    ...inner
      .flatMap(compensatedTasks)
      .map(
        ({ place }) => `${place} must be of the workflow's own states: what fails beside a branch ends it`,
      ),
    ...compensated.flatMap((task) => taskProblems(definition, task)),
    ...(compensated.length > 0 ? lengthProblems(definition, timeoutSeconds) : []),
  ];
}

interface Compensated {
  readonly name: string;
  readonly place: string;
  readonly task: TaskState;
}

function compensatedTasks({ place, flow }: PlacedFlow): Compensated[] {
  return Object.entries(flow.states).flatMap(([name, task]) =>
    task.type === "task" && task.compensation !== undefined
      ? [{ name, place: `${place}.states.${name}.compensation`, task }]
      : [],
  );
}

function taskProblems(definition: StateMachineDefinition, { name, place, task }: Compensated): string[] {
  const { states, commits = [] } = definition;
  const { by = "", from } = task.compensation ?? {};
  const compensation = states[by];
  if (compensation?.type !== "task" || by === name)
    return [`${place}.by must name another task, got "${by}"`];
  if (from !== undefined && states[from] === undefined)
    return [`${place}.from must name a state, got "${from}"`];
  const next = "next" in task ? task.next : undefined;
  if (from !== undefined && !(next && wayTo(definition, [next], (state) => state === from)))
    return [`${place}.from must name a state that ${name} leads to once it is done, got "${from}"`];
  const done = from ?? next;
  const starts = [...(done === undefined ? [] : [done]), ...(task.catch ?? []).map(({ next }) => next)];
  const left =
    done === undefined && !commits.includes(name)
      ? [name]
      : wayTo(definition, starts, (_, state) => isEnd(state), commits, [by]);
  return [
    ...(compensation.retry.at(-1)?.errors.includes("States.ALL")
      ? []
      : [`${place}.by: ${by} must be tried again after States.ALL, or one failure leaves the work done`]),
    ...(left === undefined ? [] : [wayProblem(place, by, [...new Set([name, ...left])])]),
  ];
}

function wayProblem(place: string, by: string, way: readonly string[]): string {
  const text = `${place}: the way ${way.join(" → ")} ends`;
  return way.includes(by)
    ? `${text} after ${by} has failed; leave its errors uncaught, so that the execution fails and can be redriven, ` +
        "or name a state of it in commits"
    : `${text} without ${by}; lead it there, or name a state of it in commits`;
}

function lengthProblems(definition: StateMachineDefinition, timeoutSeconds: number): string[] {
  const longest = longestSeconds(definition);
  if (longest <= timeoutSeconds) return [];
  const why = "an execution that is timed out compensates nothing";
  return longest === Number.POSITIVE_INFINITY
    ? [`definition has states that lead back to one before: how long it takes has no bound, and ${why}`]
    : [
        `timeoutSeconds must be at least ${longest}, the longest way of the definition, as ${why}; got ${timeoutSeconds}`,
      ];
}
