import { join } from "node:path";
import { readRecord } from "../../../internal/json-file";
import type { LocalDirectory } from "../directory";

/** One task, as it is told. */
export interface TaskState {
  readonly id: string;
  /** `<family>:<revision>`. */
  readonly taskDefinition: string;
  readonly status: "starting" | "healthy" | "stopping";
  /** When it was started, ISO 8601. */
  readonly startedAt: string;
  /** Ports of 127.0.0.1 that its target groups send requests to. */
  readonly ports: readonly number[];
  /** Processes by the container's name. */
  readonly processes: Readonly<Record<string, number>>;
  /** File of what it prints. */
  readonly log: string;
}

/** A revision that did not come up. */
export interface FailureState {
  /** `<family>:<revision>`. */
  readonly taskDefinition: string;
  readonly reason: string;
  /** What its last task has printed last. */
  readonly lines: readonly string[];
  /** File of all that it has printed; null when no task could be started. */
  readonly log: string | null;
  /** The revision that runs instead, as the service was rolled back; null when it was not. */
  readonly rolledBackTo: string | null;
}

/** One service, as it is told. */
export interface ServiceState {
  readonly name: string;
  readonly cluster: string;
  /** `<family>:<revision>` that should run. */
  readonly taskDefinition: string;
  readonly desired: number;
  readonly healthy: number;
  /** `steady`: all desired tasks are healthy, and no others run. `failed`: no further task is tried. */
  readonly status: "steady" | "changing" | "failed";
  readonly tasks: readonly TaskState[];
  /** Containers whose image is none of the project's services: they do not run here. */
  readonly skippedContainers: readonly string[];
  readonly failure: FailureState | null;
  /** What is waited for, or why a task has ended, in a sentence; null when there is nothing to say. */
  readonly note: string | null;
}

/** A database or a cache, as it is told. */
export interface DataServerState {
  /** `database` or `cache`. */
  readonly kind: "database" | "cache";
  /** As AWS knows it: the instance's, cluster's or group's id. */
  readonly id: string;
  /** Address and port that it has in the VPC. */
  readonly address: string;
  /** Port of 127.0.0.1; null while it does not run. */
  readonly port: number | null;
  readonly pid: number | null;
  /** Why it does not run; null when it does. */
  readonly error: string | null;
}

/** What the supervisor tells of itself. */
export interface SupervisorState {
  /** The supervisor's process. */
  readonly pid: number;
  /** When it last looked at the emulator, milliseconds since 1970. */
  readonly observedAt: number;
  readonly services: readonly ServiceState[];
  readonly servers: readonly DataServerState[];
  /** What could not be done in the last look; empty when all could. */
  readonly errors: readonly string[];
}

/** File of the state. */
export function stateFile({ services }: Pick<LocalDirectory, "services">): string {
  return join(services, "state.json");
}

/** The state that the supervisor has told last; undefined when it never did. */
export function readState(directory: Pick<LocalDirectory, "services">): SupervisorState | undefined {
  return readRecord<SupervisorState>(stateFile(directory));
}
