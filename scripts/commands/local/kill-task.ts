import { CommandError, EXIT } from "../../internal/cli";
import { findMarkedProcesses, sendSignal } from "../../internal/process-identity";
import type { LocalDirectory } from "./directory";
import type { TaskState } from "./ecs/state";
import { findService } from "./service-logs";
import { MARKS } from "./settings";
import { supervisorState } from "./supervisor/control";

/**
 * Kills the oldest healthy task of a service, as a crash or the loss of its machine does: its processes get no word, its target
 * groups learn of it afterwards.
 *
 * @param name of the service, or its end: `catalog`
 * @returns the task as it was
 * @throws CommandError when there is no such service, or no healthy task of it
 */
export function killTask(directory: LocalDirectory, name: string): TaskState {
  const services = supervisorState(directory)?.services ?? [];
  const names = services.map((service) => service.name);
  const service = services.find((each) => each.name === findService(names, name));
  if (!service) {
    const known = names.length > 0 ? `there are: ${names.join(", ")}` : "none runs: scripts/local up";
    throw new CommandError("stop-task", `there is no service "${name}"`, known, EXIT.usage);
  }
  const [task] = service.tasks
    .filter(({ status }) => status === "healthy")
    .sort((left, right) => (left.startedAt < right.startedAt ? -1 : 1));
  if (!task) {
    throw new CommandError(
      "stop-task",
      `${service.name} has no healthy task`,
      "scripts/local status tells when it has",
    );
  }
  // Told a moment ago: it may have ended since, and its ids be others'.
  const own = new Set(findMarkedProcesses(MARKS.environment, directory.path));
  for (const pid of Object.values(task.processes)) if (own.has(pid)) sendSignal(pid, "SIGKILL");
  return task;
}
