import { type ContainerState, mayStart } from "./start-order";
import type { Dependency } from "./task-definition";

const pending: ContainerState = { status: "pending", healthy: false };
const running: ContainerState = { status: "running", healthy: false };
const healthy: ContainerState = { status: "running", healthy: true };
const done: ContainerState = { status: "stopped", exitCode: 0, healthy: false };
const failed: ContainerState = { status: "stopped", exitCode: 3, healthy: false };
const killed: ContainerState = { status: "stopped", exitCode: null, healthy: false };

function judge(condition: Dependency["condition"], state: ContainerState | undefined): string {
  const states = new Map(state ? [["other", state]] : []);
  const readiness = mayStart({ dependsOn: [{ container: "other", condition }] }, states);
  return readiness.start ? "start" : (readiness.never ?? "wait");
}

test.each<[Dependency["condition"], string, ContainerState | undefined, string]>([
  ["START", "is not started", pending, "wait"],
  ["START", "runs", running, "start"],
  ["START", "has ended", failed, "start"],
  ["SUCCESS", "runs", running, "wait"],
  ["SUCCESS", "has ended with 0", done, "start"],
  ["SUCCESS", "has failed", failed, "container other ended with code 3"],
  ["SUCCESS", "was killed", killed, "container other ended with a signal"],
  ["COMPLETE", "runs", running, "wait"],
  ["COMPLETE", "has failed", failed, "start"],
  ["HEALTHY", "runs", running, "wait"],
  ["HEALTHY", "is healthy", healthy, "start"],
  ["HEALTHY", "has ended", done, "container other ended before it was healthy"],
  ["SUCCESS", "is left out here", undefined, "start"],
])("%s of one that %s: %4$s", (condition, _, state, expected) => {
  expect(judge(condition, state)).toBe(expected);
});

test("all conditions must be met", () => {
  const dependsOn: Dependency[] = [
    { container: "migration", condition: "SUCCESS" },
    { container: "agent", condition: "START" },
  ];
  const at = (migration: ContainerState, agent: ContainerState) =>
    mayStart({ dependsOn }, new Map(Object.entries({ migration, agent })));
  expect(at(done, pending)).toEqual({ start: false });
  expect(at(running, running)).toEqual({ start: false });
  expect(at(done, running)).toEqual({ start: true });
});
