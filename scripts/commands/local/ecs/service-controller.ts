import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { DeployedService } from "./deployed-services";
import { planRollout } from "./rollout-plan";
import { RunningTask } from "./running-task";
import type { TaskHost } from "./service-host";
import type { FailureState, ServiceState } from "./state";
import { deregisterAll } from "./target-groups";
import type { Task } from "./task-definition";
import { logFolder } from "./task-logs";

/** Fewest failures in a row that the circuit breaker goes by, as ECS's: a half of the desired tasks when that is more. */
const LEAST_FAILURES = 3;
/** Seconds in which a task must become healthy, within which a service's own grace period is held. */
const START_SECONDS = { least: 30, most: 120 } as const;
/** Longest pause before another task is tried, in seconds. */
const LONGEST_BACKOFF = 30;
/** A task that was healthy for so long has not failed in a row with the one before, in seconds. */
const STABLE_SECONDS = 20;

/** One service: keeps the desired tasks running, changes them revision by revision, gives a bad revision up. */
export class ServiceController {
  private tasks: RunningTask[] = [];
  private failures = 0;
  private nextStartAt = 0;
  private failure: FailureState | undefined;
  /** No further task of this revision is tried. */
  private givenUp: string | undefined;
  private status: ServiceState["status"] = "changing";
  private note: string | undefined;
  private clean = false;
  private readonly counted = new WeakSet<RunningTask>();

  /** @param lastGood ARN of the revision that ran last with all its tasks healthy, if there is one */
  constructor(
    private service: DeployedService,
    private task: Task,
    private readonly host: TaskHost,
    private lastGood: string | undefined,
  ) {}

  /** ARN of the revision to go back to. */
  get good(): string | undefined {
    return this.lastGood;
  }

  /** Takes what is deployed now. */
  update(service: DeployedService, task: Task): void {
    const changed = task.arn !== this.task.arn;
    this.service = service;
    this.task = task;
    if (!changed) return;
    this.failures = 0;
    this.nextStartAt = 0;
    this.status = "changing";
    this.note = undefined;
    this.givenUp = undefined;
    // Going back is the outcome of a failure, which stays to be told.
    if (task.arn !== this.lastGood) this.failure = undefined;
  }

  /** Tries again what was given up; a service that was rolled back waits for its next deployment. */
  retry(): void {
    if (this.failure?.rolledBackTo) return;
    this.failures = 0;
    this.nextStartAt = 0;
    this.givenUp = undefined;
    this.failure = undefined;
    if (this.status === "failed") this.status = "changing";
  }

  /** Does what is to be done now: starts and stops tasks. Called again and again, and after each change. */
  async step(): Promise<void> {
    if (!this.clean) await this.takeOver();
    this.countFailures();
    await this.rollBack();
    this.tasks = this.tasks.filter((task) => !task.stopped);
    const active = this.tasks
      .filter((task) => task.active)
      .map((task) => ({ task, current: task.taskDefinition === this.task.arn, healthy: task.healthy }));
    const mayStart = this.givenUp !== this.task.arn && Date.now() >= this.nextStartAt;
    const { start, stop } = planRollout(active, this.service, mayStart);
    for (const { task } of stop) void task.stop();
    for (let count = 0; count < start; count++) this.start();
    this.settle();
  }

  /** Stops all tasks. */
  async close(): Promise<void> {
    await Promise.all(this.tasks.map((task) => task.stop()));
  }

  /** No task is left. */
  get empty(): boolean {
    return this.tasks.every((task) => task.stopped);
  }

  /** How it is told. */
  state(): ServiceState {
    const { service, task, tasks } = this;
    return {
      name: service.name,
      cluster: service.clusterArn.split("/").at(-1) ?? "",
      taskDefinition: task.name,
      desired: service.desired,
      healthy: tasks.filter(({ healthy }) => healthy).length,
      status: this.status,
      tasks: tasks.filter(({ stopped }) => !stopped).map((each) => each.state()),
      skippedContainers: [...new Set(tasks.flatMap(({ skipped }) => skipped))],
      failure: this.failure ?? null,
      note: this.note ?? null,
    };
  }

  /** Takes tasks out of the target groups that a supervisor which was killed has left there. */
  private async takeOver(): Promise<void> {
    for (const { targetGroupArn } of this.service.loadBalancers) {
      await deregisterAll(this.host.clients.loadBalancers, targetGroupArn);
    }
    this.clean = true;
  }

  private start(): void {
    const { service, task, host } = this;
    const { least, most } = START_SECONDS;
    this.tasks.push(
      new RunningTask({
        service: service.name,
        task,
        loadBalancers: service.loadBalancers,
        startSeconds: Math.min(most, Math.max(least, service.healthCheckGraceSeconds)),
        logFolder: logFolder(host.logs, service.name),
        host,
      }),
    );
  }

  /** Counts each task of the current revision that has ended by itself. */
  private countFailures(): void {
    for (const task of this.tasks) {
      const { failure, healthySince } = task;
      if (failure === undefined || this.counted.has(task)) continue;
      this.counted.add(task);
      this.note = `task ${task.id.slice(0, 8)}: ${failure}`;
      if (task.taskDefinition !== this.task.arn) continue;
      const stable = healthySince !== undefined && Date.now() - healthySince > STABLE_SECONDS * 1000;
      this.failures = stable ? 1 : this.failures + 1;
      // The first is replaced at once.
      const seconds = Math.min(LONGEST_BACKOFF, 2 ** (this.failures - 1) - 1);
      this.nextStartAt = Date.now() + seconds * 1000;
      const { enabled } = this.service.circuitBreaker;
      const threshold = Math.max(LEAST_FAILURES, Math.ceil(this.service.desired / 2));
      // The circuit breaker is for changes: what has run once is tried again and again.
      if (enabled && this.task.arn !== this.lastGood && this.failures >= threshold)
        this.giveUp(task, failure);
    }
  }

  private giveUp(task: RunningTask, reason: string): void {
    if (this.givenUp === this.task.arn) return;
    this.givenUp = this.task.arn;
    const back = this.service.circuitBreaker.rollback ? this.lastGood : undefined;
    this.failure = {
      taskDefinition: this.task.name,
      reason,
      lines: task.logs.lastLines(),
      log: task.logs.path,
      rolledBackTo: back === undefined ? null : (back.split("/").at(-1) ?? back),
    };
    const { name } = this.service;
    const { taskDefinition, rolledBackTo } = this.failure;
    this.host.onEvent(
      `${name}: ${taskDefinition} is given up${rolledBackTo === null ? "" : `, ${rolledBackTo} is deployed again`}: ${reason}`,
    );
  }

  /** Deploys the last good revision in place of one that was given up, as ECS does: whoever looks at the service sees it. */
  private async rollBack(): Promise<void> {
    const { service, lastGood, failure } = this;
    if (this.givenUp !== this.task.arn || !failure?.rolledBackTo || lastGood === undefined) return;
    await this.host.clients.ecs.send(
      new UpdateServiceCommand({
        cluster: service.clusterArn,
        service: service.arn,
        taskDefinition: lastGood,
      }),
    );
  }

  private settle(): void {
    const { desired } = this.service;
    const active = this.tasks.filter((task) => task.active);
    const current = active.filter((task) => task.taskDefinition === this.task.arn);
    const healthy = current.filter((task) => task.healthy);
    if (this.givenUp === this.task.arn) {
      this.status = "failed";
    } else if (healthy.length === desired && this.tasks.length === desired) {
      this.status = "steady";
      if (desired > 0) this.lastGood = this.task.arn;
      this.note = undefined;
    } else {
      this.status = "changing";
    }
  }
}
