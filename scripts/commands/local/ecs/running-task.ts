import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ContainerProcess } from "./container-process";
import { entryOf, findImage, type Image } from "./images";
import { LOCAL, type RunningTaskConfig } from "./running-task-config";
import { readSecrets } from "./secrets";
import { describeExit, mayStart } from "./start-order";
import type { TaskState } from "./state";
import { deregister, isHealthy, readTargetGroup, register, type TargetGroup } from "./target-groups";
import type { Container } from "./task-definition";
import { containerEnvironment } from "./task-environment";
import { TaskLogs } from "./task-logs";

/** One task of a service: its containers' processes, their health, and its place in the service's target groups. */
export class RunningTask {
  readonly id = randomBytes(16).toString("hex");
  readonly startedAt = new Date();
  /** Its containers whose image is none of the project's. */
  readonly skipped: string[] = [];
  readonly logs: TaskLogs;
  /** When it became healthy, milliseconds since 1970. */
  healthySince: number | undefined;

  private status: TaskState["status"] | "stopped" = "starting";
  private reason: string | undefined;
  private readonly processes = new Map<string, ContainerProcess>();
  private readonly pending = new Set<Container>();
  private readonly images = new Map<string, Image>();
  private readonly environments = new Map<string, Record<string, string>>();
  /** Ports of this machine by those of the definition: containers of a task share one network, so each port is one's alone. */
  private readonly ports = new Map<number, number>();
  private registered: { readonly group: TargetGroup; readonly port: number }[] = [];
  private stopping: Promise<void> | undefined;
  private readonly prepared: Promise<void>;

  constructor(private readonly config: RunningTaskConfig) {
    this.logs = new TaskLogs(join(config.logFolder, `${this.id}.log`), config.host.onWarning);
    this.tell("starts");
    this.prepared = this.prepare();
    void this.run().catch((error: Error) => this.stop(error.message));
  }

  get taskDefinition(): string {
    return this.config.task.arn;
  }

  /** It can take requests. */
  get healthy(): boolean {
    return this.status === "healthy";
  }

  /** It runs, or will. */
  get active(): boolean {
    return this.status === "starting" || this.status === "healthy";
  }

  get stopped(): boolean {
    return this.status === "stopped";
  }

  /** Why it ended by itself; undefined when it runs or was stopped on purpose. */
  get failure(): string | undefined {
    return this.reason;
  }

  /** How it is told. */
  state(): TaskState {
    const { status } = this;
    const pids = [...this.processes].flatMap(([name, process]) =>
      process.pid === undefined || process.state().status === "stopped" ? [] : [[name, process.pid] as const],
    );
    return {
      id: this.id,
      taskDefinition: this.config.task.name,
      status: status === "stopped" ? "stopping" : status,
      startedAt: this.startedAt.toISOString(),
      ports: [...new Set(this.targets().map(({ port }) => port))],
      processes: Object.fromEntries(pids),
      log: this.logs.path,
    };
  }

  /**
   * Takes it out of its target groups, lets requests under way end, and ends its processes.
   *
   * @param failure why, when nobody asked for it
   */
  stop(failure?: string): Promise<void> {
    this.stopping ??= this.end(failure);
    return this.stopping;
  }

  private async run(): Promise<void> {
    await this.prepared;
    for (const container of this.config.task.containers) {
      if (this.images.has(container.name)) this.pending.add(container);
    }
    this.advance();
    const deadline = Date.now() + this.config.startSeconds * 1000;
    if (!(await this.becomeHealthy(deadline))) {
      return await this.stop(`was not healthy within ${this.config.startSeconds} s: ${this.obstacle()}`);
    }
    await this.watchHealth();
  }

  /** Finds the images, reads the secrets, and opens the endpoint of the credentials: all that ECS does before it starts any. */
  private async prepare(): Promise<void> {
    const { host, task } = this.config;
    for (const { name, image } of task.containers) {
      const found = findImage(host.images, image);
      if (found === "missing") throw new Error(`container ${name}: the image ${image} was not built`);
      if (found === "unknown") this.skipped.push(name);
      else this.images.set(name, found);
    }
    if (this.images.size === 0) throw new Error("none of its images is a service of the project");
    const role = task.executionRoleArn
      ? await host.clients.assume(task.executionRoleArn, this.id)
      : undefined;
    const credentials = task.taskRoleArn && host.credentials.add(this.id, task.taskRoleArn);
    const containers = task.containers.filter(({ name }) => this.images.has(name));
    for (const port of containers.flatMap(({ ports }) => ports)) {
      if (!this.ports.has(port)) this.ports.set(port, await host.takePort());
    }
    await host.clients.withRole(role, async (clients) => {
      for (const container of containers) {
        const secrets = await readSecrets(container.secrets, clients);
        const environment = containerEnvironment(container, host.settings, {
          ports: this.ports,
          secrets,
          marks: host.marks,
          ...(credentials && {
            credentials: { url: `${host.url}${credentials.path}`, token: credentials.token },
          }),
        });
        this.environments.set(container.name, environment);
        if (container.logs) {
          const { group, streamPrefix } = container.logs;
          const stream = [streamPrefix, container.name, this.id].filter((part) => part).join("/");
          this.logs.send(container.name, { client: host.clients.logs(role), group, stream });
        }
      }
    });
  }

  /** Starts the containers that can start now, and ends the task when an essential one has ended. */
  private advance(): void {
    if (this.stopping) return;
    const { task, host } = this.config;
    for (const { name, essential } of task.containers) {
      const state = this.processes.get(name)?.state();
      if (essential && state?.status === "stopped") {
        void this.stop(`essential container ${name} ended with ${describeExit(state.exitCode)}`);
        return;
      }
    }
    const states = new Map(
      task.containers.flatMap(({ name }) => {
        if (!this.images.has(name)) return [];
        const pending = { status: "pending", healthy: false } as const;
        return [[name, this.processes.get(name)?.state() ?? pending] as const];
      }),
    );
    for (const container of this.pending) {
      const readiness = mayStart(container, states);
      if (!readiness.start) {
        if (readiness.never === undefined) continue;
        void this.stop(readiness.never);
        return;
      }
      this.pending.delete(container);
      this.start(container);
    }
    host.onChange();
  }

  private start(container: Container): void {
    const image = this.images.get(container.name) as Image;
    this.processes.set(
      container.name,
      new ContainerProcess({
        container,
        entry: entryOf(image),
        folder: image.folder,
        env: this.environments.get(container.name) ?? {},
        onLine: (text) => this.logs.line(container.name, text),
        onChange: () => this.advance(),
      }),
    );
    // Another may wait for no more than its start.
    setImmediate(() => this.advance());
  }

  /** Where its load balancers send requests. */
  private targets(): { readonly arn: string; readonly port: number }[] {
    return this.config.loadBalancers.flatMap(({ targetGroupArn: arn, containerPort }) => {
      const port = this.ports.get(containerPort);
      return port === undefined ? [] : [{ arn, port }];
    });
  }

  /** Every essential container runs, and is healthy by its own check. */
  private started(): boolean {
    return this.config.task.containers.every((container) => this.runs(container));
  }

  private runs({ name, essential, healthCheck }: Container): boolean {
    if (!essential || !this.images.has(name)) return true;
    const state = this.processes.get(name)?.state();
    return state?.status === "running" && (!healthCheck || state.healthy);
  }

  /** What keeps the task from being healthy, in words. */
  private obstacle(): string {
    const container = this.config.task.containers.find((each) => !this.runs(each));
    if (!container) return "its target groups' health checks fail";
    return this.processes.has(container.name)
      ? `the health check of container ${container.name} fails`
      : `container ${container.name} waits for another`;
  }

  private async becomeHealthy(deadline: number): Promise<boolean> {
    const { host } = this.config;
    const targets = this.targets();
    const groups = await Promise.all(
      targets.map(async ({ arn, port }) => ({
        port,
        group: await readTargetGroup(host.clients.loadBalancers, arn),
      })),
    );
    for (let passes = 0; !this.stopping && Date.now() < deadline; await sleep(200)) {
      const answers = this.started() && (await this.allAnswer(groups));
      passes = answers ? passes + 1 : 0;
      const wanted = Math.min(
        LOCAL.healthyThreshold,
        ...groups.map(({ group }) => group.healthCheck.healthyThreshold),
      );
      if (passes < wanted) continue;
      if (groups.length === 0) await sleep(LOCAL.settleSeconds * 1000);
      if (this.stopping || !this.started()) continue;
      this.registered = groups;
      for (const { group, port } of groups) await register(host.clients.loadBalancers, group.arn, port);
      if (this.stopping) {
        // It may have been taken out before it was put in.
        for (const { group, port } of groups) await deregister(host.clients.loadBalancers, group.arn, port);
        return false;
      }
      this.status = "healthy";
      this.healthySince = Date.now();
      this.tell("is healthy");
      host.onChange();
      return true;
    }
    return false;
  }

  private async watchHealth(): Promise<void> {
    for (let failures = 0; !this.stopping; ) {
      const [check] = this.registered.map(({ group }) => group.healthCheck);
      await sleep(Math.min(LOCAL.intervalSeconds, check?.intervalSeconds ?? LOCAL.intervalSeconds) * 1000);
      if (this.stopping) return;
      failures = (await this.allAnswer(this.registered)) && this.started() ? 0 : failures + 1;
      if (!this.stopping && failures >= (check?.unhealthyThreshold ?? 2)) {
        return await this.stop(`failed ${failures} health checks in a row`);
      }
    }
  }

  private async allAnswer(targets: typeof this.registered): Promise<boolean> {
    const answers = await Promise.all(targets.map(({ group, port }) => isHealthy(group.healthCheck, port)));
    return answers.every((healthy) => healthy);
  }

  private async end(failure: string | undefined): Promise<void> {
    const { host } = this.config;
    this.reason = failure;
    this.status = "stopping";
    this.tell(failure === undefined ? "stops" : `stops: ${failure}`);
    host.onChange();
    // What it is about to open is closed below.
    await this.prepared.catch(() => undefined);
    const delays = this.registered.map(({ group }) => group.deregistrationDelaySeconds);
    for (const { group, port } of this.registered) {
      await deregister(host.clients.loadBalancers, group.arn, port).catch((error: Error) =>
        host.onWarning(`target group ${group.arn}: ${error.message}`),
      );
    }
    const running = [...this.processes.values()].some((process) => process.state().status === "running");
    if (running && delays.length > 0 && !host.closing()) {
      await sleep(Math.min(LOCAL.deregistrationDelaySeconds, Math.max(...delays)) * 1000);
    }
    await Promise.all([...this.processes.values()].map((process) => process.stop()));
    host.credentials.remove(this.id);
    for (const port of this.ports.values()) host.returnPort(port);
    await this.logs.close();
    this.status = "stopped";
    this.tell("has stopped");
    host.onChange();
  }

  private tell(what: string): void {
    const { host, service, task } = this.config;
    host.onEvent(`${service}: task ${this.id.slice(0, 8)} of ${task.name} ${what}`);
  }
}
