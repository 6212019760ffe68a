import type { EmulatorClients } from "./clients";
import type { TaskCredentials } from "./credentials";
import type { ImageStore } from "./images";
import type { HostSettings } from "./task-environment";

/** One of a service's places in a target group. */
export interface LoadBalancer {
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
}

/** What the tasks of all services share: the machine that they run on. */
export interface TaskHost {
  readonly clients: EmulatorClients;
  readonly credentials: TaskCredentials;
  readonly images: ImageStore;
  readonly settings: HostSettings;
  /** Address of the supervisor, which serves the credentials. */
  readonly url: string;
  /** Variables that mark all processes. */
  readonly marks: Readonly<Record<string, string>>;
  /** Folder of the services' logs. */
  readonly logs: string;
  /** A free port, given to nobody else until it is returned. */
  takePort(): Promise<number>;
  returnPort(port: number): void;
  /** Something has changed that is to be looked at. */
  onChange(): void;
  /** Something has happened that a person may want to read of later, e.g. that a task has started. */
  onEvent(message: string): void;
  /** Something went wrong that stops nothing. */
  onWarning(message: string): void;
  /** Everything ends: requests are not waited for. */
  closing(): boolean;
}
