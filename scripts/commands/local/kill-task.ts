import { CommandError, EXIT } from "../../internal/cli";
import { sendSignal } from "../../internal/process-identity";
import type { LocalDirectory } from "./directory";
import { readState, type TaskState } from "./ecs/state";
import { findService } from "./service-logs";
import { runningSupervisor } from "./supervisor/control";

/**
 * Kills the oldest healthy task of a service, as a crash or the loss of its machine does: its processes get no word, its target
 * groups learn of it afterwards.
 *
 * @param name of the service, or its end: `catalog`
 * @returns the task as it was
 * @throws CommandError when there is no such service, or no healthy task of it
 */
export function killTask(directory: LocalDirectory, name: string): TaskState {
  const services = runningSupervisor(directory) ? (readState(directory)?.services ?? []) : [];
  const names = services.map((service) => service.name);
  const service = services.find((each) => each.name === findService(names, name));
  if (!service) {
    const known = names.length > 0 ? `there are: ${names.join(", ")}` : "none runs";
    throw new CommandError("stop-task", `there is no service "${name}"`, known, EXIT.usage);
  }
  const [task] = service.tasks
    .filter(({ status }) => status === "healthy")
    .sort((left, right) => (left.startedAt < right.startedAt ? -1 : 1));
  if (!task) throw new CommandError("stop-task", `${service.name} has no healthy task`);
  for (const pid of Object.values(task.processes)) sendSignal(pid, "SIGKILL");
  return task;
}
