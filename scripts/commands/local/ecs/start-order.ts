import type { Container } from "./task-definition";

/** How far a container has come. */
export interface ContainerState {
  readonly status: "pending" | "running" | "stopped";
  /** Of a stopped one; null when a signal ended it. */
  readonly exitCode?: number | null;
  /** What its own health check says; false without one. */
  readonly healthy: boolean;
}

/** Whether a container can start now. */
export type Readiness = { readonly start: true } | { readonly start: false; readonly never?: string };

/**
 * Judges by the conditions of a container's dependencies whether it can start, as ECS does.
 *
 * @param states of the task's other containers by name; of those that the stand-in leaves out there is none, and they are not
 * waited for
 * @returns `never` says why it can never start any more
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
export function mayStart(
  { dependsOn }: Pick<Container, "dependsOn">,
  states: ReadonlyMap<string, ContainerState>,
): Readiness {
  let wait = false;
  for (const { container, condition } of dependsOn) {
    const state = states.get(container);
    if (!state) continue;
    const { status, exitCode, healthy } = state;
    const stopped = status === "stopped";
    if (condition === "SUCCESS" && stopped && exitCode !== 0) {
      return { start: false, never: `container ${container} ended with ${describeExit(exitCode)}` };
    }
    if (condition === "HEALTHY" && stopped) {
      return { start: false, never: `container ${container} ended before it was healthy` };
    }
    const met = {
      START: status !== "pending",
      COMPLETE: stopped,
      SUCCESS: stopped,
      HEALTHY: healthy,
    }[condition];
    wait ||= !met;
  }
  return { start: !wait };
}

/** How a process ended, in words. */
export function describeExit(exitCode: number | null | undefined): string {
  return exitCode === null || exitCode === undefined ? "a signal" : `code ${exitCode}`;
}
