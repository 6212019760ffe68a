import type { LoadBalancer, TaskHost } from "./service-host";
import type { Task } from "./task-definition";

/** What a task is made from. */
export interface RunningTaskConfig {
  readonly service: string;
  readonly task: Task;
  readonly loadBalancers: readonly LoadBalancer[];
  /** Seconds in which it must become healthy. */
  readonly startSeconds: number;
  /** Folder of its log. */
  readonly logFolder: string;
  readonly host: TaskHost;
}

/**
 * A target group's own times are for machines in a data centre that are asked from several zones. A person waits here: the health
 * is asked for more often, and a target that was taken out is given less time.
 */
export const LOCAL = {
  /** Longest pause between two health checks, in seconds. */
  intervalSeconds: 1,
  /** Most passes in a row that are waited for. */
  healthyThreshold: 2,
  /** Longest pause from taking a target out to SIGTERM, in seconds. */
  deregistrationDelaySeconds: 2,
  /** Seconds after which a task without a load balancer counts as healthy. */
  settleSeconds: 1,
} as const;
