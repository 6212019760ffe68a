import { compensationProblems } from "./check-compensation";
import { type Bounds, stateProblems } from "./check-state";
import type { StateMachineDefinition } from "./definition";
import { edgesOf, flowsOf, isEnd, type PlacedFlow, wayTo } from "./flow-graph";

/** Characters that a state's name may have. */
const LONGEST_NAME = 80;

/** All that is wrong with a definition, each with its place. */
export function definitionProblems(definition: StateMachineDefinition, bounds: Bounds): string[] {
  const flows = flowsOf(definition);
  const problems = [
    ...flows.flatMap(flowProblems),
    ...flows.flatMap(({ place, flow }) =>
      Object.entries(flow.states).flatMap(([name, state]) =>
        stateProblems(`${place}.states.${name}`, state, bounds),
      ),
    ),
    ...nameProblems(flows),
  ];
  // Ways can be followed only where all states are there.
  return problems.length > 0 ? problems : compensationProblems(definition, flows, bounds);
}

function flowProblems({ place, flow }: PlacedFlow): string[] {
  const names = Object.keys(flow.states);
  const unknown = [
    { where: `${place}.startAt`, to: flow.startAt },
    ...Object.entries(flow.states).flatMap(([name, state]) =>
      edgesOf(state).map(({ field, to }) => ({ where: `${place}.states.${name}.${field}`, to })),
    ),
  ].filter(({ to }) => !names.includes(to));
  if (unknown.length > 0) {
    return unknown.map(
      ({ where, to }) => `${where} must name a state, got "${to}"; there are ${names.join(", ")}`,
    );
  }
  if (!Object.values(flow.states).some(isEnd)) {
    return [`${place} has no state that ends it: give one "end: true", or add a succeed or a fail`];
  }
  return [
    ...names
      .filter((name) => !wayTo(flow, [flow.startAt], (found) => found === name))
      .map((name) => `${place}.states.${name} is never reached: no state leads to it`),
    ...names
      .filter((name) => !wayTo(flow, [name], (_, state) => isEnd(state)))
      .map((name) => `${place}.states.${name} never comes to an end: all its ways lead in a circle`),
  ];
}

/** Names are unique over all flows: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html */
function nameProblems(flows: readonly PlacedFlow[]): string[] {
  const seen = new Set<string>();
  return flows.flatMap(({ place, flow }) =>
    Object.keys(flow.states).flatMap((name) => {
      const isTwice = seen.has(name);
      seen.add(name);
      return [
        ...(isTwice ? [`${place}.states.${name}: another state of the workflow has this name`] : []),
        ...(name.length > LONGEST_NAME
          ? [
              `${place}.states.${name}: a name has at most ${LONGEST_NAME} characters, this one ${name.length}`,
            ]
          : []),
      ];
    }),
  );
}
