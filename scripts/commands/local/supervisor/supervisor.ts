import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { RDSClient } from "@aws-sdk/client-rds";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { freePort } from "../../../internal/free-port";
import { readRecord, writeJson } from "../../../internal/json-file";
import type { LocalDirectory } from "../directory";
import { clientConfig, EmulatorClients } from "../ecs/clients";
import { TaskCredentials } from "../ecs/credentials";
import { type DeployedService, readServices, TaskDefinitions } from "../ecs/deployed-services";
import { ServiceController } from "../ecs/service-controller";
import type { TaskHost } from "../ecs/service-host";
import { type SupervisorState, stateFile } from "../ecs/state";
import { ACCOUNT, endpointUrl, MARKS } from "../settings";
import { Caches } from "./caches";
import { imageSourcesFile, type SupervisorConfig } from "./config";
import { Databases } from "./databases";
import { awsRoutes } from "./routes";

/** Milliseconds between two looks at the emulator. */
const LOOK_MILLISECONDS = 1000;
/** Looks at databases and caches are further apart: they seldom change. */
const DATA_LOOK_MILLISECONDS = 5000;

function log(message: string): void {
  writeFileSync(2, `${new Date().toISOString()} ${message}\n`);
}

/** Marks of the supervisor's process and all that it starts, out of its own environment. */
function ownMarks(): Record<string, string> {
  return Object.fromEntries(
    [MARKS.environment, MARKS.process].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/**
 * Looks at what is deployed to the emulator, again and again, and runs what runs in a VPC: databases, caches and the tasks of
 * services. It knows nothing but what AWS's APIs tell.
 */
export class Supervisor {
  readonly credentials: TaskCredentials;
  private readonly emulatorPort: number;
  private readonly clients: EmulatorClients;
  private readonly definitions: TaskDefinitions;
  private readonly databases: Databases;
  private readonly caches: Caches;
  private readonly host: TaskHost;
  private readonly controllers = new Map<string, ServiceController>();
  private readonly leaving = new Map<string, ServiceController>();
  private readonly lastGood: Map<string, string>;
  private readonly ports = new Set<number>();
  private readonly warnings = new Map<string, number>();
  /** How databases and caches were logged last. */
  private readonly servers = new Map<string, string>();
  /** The routes as they were written last. */
  private names = "";
  private errors: string[] = [];
  private observedAt = 0;
  private dataObservedAt = 0;
  private closing = false;
  /** Looks and steps come one after another. */
  private queue: Promise<void> = Promise.resolve();
  private stepping = false;

  /**
   * @param port where this process serves credentials
   * @param tlsPort where TLS is terminated for the emulator
   */
  constructor(
    config: SupervisorConfig,
    private readonly directory: LocalDirectory,
    port: number,
    private readonly tlsPort: number,
  ) {
    const endpoint = endpointUrl(config.emulator.port);
    this.emulatorPort = config.emulator.port;
    const marks = ownMarks();
    // They end by themselves, not with the supervisor: they are no tasks of its own.
    const dataMarks = { [MARKS.environment]: directory.path };
    this.clients = new EmulatorClients(endpoint);
    this.credentials = new TaskCredentials((role, session) => this.clients.assume(role, session));
    this.definitions = new TaskDefinitions(this.clients.ecs);
    this.databases = new Databases({
      rds: new RDSClient(clientConfig(endpoint)),
      secrets: new SecretsManagerClient(clientConfig(endpoint)),
      folder: directory.databases,
      marks: dataMarks,
    });
    this.caches = new Caches({
      elasticache: new ElastiCacheClient(clientConfig(endpoint)),
      endpoint,
      folder: directory.caches,
      program: config.valkey ?? undefined,
      marks: dataMarks,
    });
    this.lastGood = new Map(Object.entries(readRecord<Record<string, string>>(this.goodFile) ?? {}));
    this.host = {
      clients: this.clients,
      credentials: this.credentials,
      images: {
        sources: imageSourcesFile(directory.services),
        folder: join(directory.services, "images"),
      },
      settings: {
        endpoint,
        region: ACCOUNT.region,
        path: dirname(process.execPath),
        temporary: join(directory.services, "tmp"),
        preload: config.preload,
        names: directory.names,
        authority: join(directory.certificates, "ca.pem"),
      },
      url: endpointUrl(port),
      marks,
      logs: join(directory.services, "logs"),
      takePort: () => this.takePort(),
      returnPort: (each) => this.ports.delete(each),
      onChange: () => this.wake(),
      onEvent: log,
      onWarning: (message) => this.warn(message),
      closing: () => this.closing,
    };
  }

  /** Looks at the emulator until it is closed. */
  run(): void {
    const next = () => {
      if (this.closing) return;
      setTimeout(() => void this.look().then(next), LOOK_MILLISECONDS);
    };
    void this.look().then(next);
  }

  /**
   * Looks at the emulator now and does what is to be done.
   *
   * @param again tries again what was given up. @default false
   */
  look(again = false): Promise<void> {
    return this.enqueue(async () => {
      const startedAt = Date.now();
      this.errors = [];
      if (again || startedAt - this.dataObservedAt >= DATA_LOOK_MILLISECONDS) {
        await this.attempt("databases", () => this.databases.reconcile());
        await this.attempt("caches", () => this.caches.reconcile());
        this.writeNames();
        this.logServers();
        this.dataObservedAt = startedAt;
      }
      if (again) for (const controller of this.controllers.values()) controller.retry();
      await this.attempt("services", async () => this.take(await readServices(this.clients.ecs)));
      await this.step();
      this.observedAt = startedAt;
      this.tell();
    });
  }

  /** Stops all tasks, and all servers. */
  async close(): Promise<void> {
    this.closing = true;
    await this.queue;
    await Promise.all([...this.controllers.values(), ...this.leaving.values()].map((each) => each.close()));
    await Promise.all([this.databases.close(), this.caches.close()]);
    this.tell();
  }

  /** Something has changed here: there may be something to do. */
  private wake(): void {
    if (this.stepping || this.closing) return;
    this.stepping = true;
    void this.enqueue(async () => {
      this.stepping = false;
      await this.step();
      this.tell();
    });
  }

  private async take(services: readonly DeployedService[]): Promise<void> {
    for (const [arn, controller] of this.controllers) {
      if (services.some((service) => service.arn === arn)) continue;
      this.controllers.delete(arn);
      this.lastGood.delete(arn);
      this.leaving.set(arn, controller);
      void controller.close();
    }
    for (const [arn, controller] of this.leaving) if (controller.empty) this.leaving.delete(arn);
    for (const service of services) {
      const task = await this.definitions.read(service.taskDefinition);
      const controller = this.controllers.get(service.arn);
      if (controller) controller.update(service, task);
      else {
        const good = this.lastGood.get(service.arn);
        this.controllers.set(service.arn, new ServiceController(service, task, this.host, good));
      }
    }
  }

  private async step(): Promise<void> {
    if (this.closing) return;
    for (const controller of this.controllers.values()) {
      await this.attempt(controller.state().name, () => controller.step());
    }
    this.keepGood();
  }

  /** Which revisions are good outlives this process: without that a bad one could not be rolled back after it. */
  private keepGood(): void {
    let changed = false;
    for (const [arn, { good }] of this.controllers) {
      if (good === undefined || this.lastGood.get(arn) === good) continue;
      this.lastGood.set(arn, good);
      changed = true;
    }
    if (changed) writeJson(this.goodFile, Object.fromEntries(this.lastGood));
  }

  private get goodFile(): string {
    return join(this.directory.services, "good-revisions.json");
  }

  private tell(): void {
    const state: SupervisorState = {
      pid: process.pid,
      observedAt: this.observedAt,
      services: [...this.controllers.values()].map((controller) => controller.state()),
      servers: [...this.databases.state(), ...this.caches.state()],
      errors: this.errors,
    };
    writeJson(stateFile(this.directory), state);
  }

  /** Of each database and cache: where it runs, or why it does not, whenever that has changed. */
  private logServers(): void {
    for (const { kind, id, pid, port, error } of [...this.databases.state(), ...this.caches.state()]) {
      const state = port === null ? (error ?? "does not run") : `process ${pid} on 127.0.0.1:${port}`;
      const name = `${kind} ${id}`;
      if (this.servers.get(name) === state) continue;
      this.servers.set(name, state);
      log(`${name}: ${state}`);
    }
  }

  private writeNames(): void {
    const routes = [
      ...this.databases.routes(),
      ...this.caches.routes(),
      ...awsRoutes(this.emulatorPort, this.tlsPort),
    ];
    const text = JSON.stringify(routes);
    if (text === this.names) return;
    this.names = text;
    writeJson(this.directory.names, routes);
  }

  private async takePort(): Promise<number> {
    for (;;) {
      const port = await freePort();
      if (this.ports.has(port)) continue;
      this.ports.add(port);
      return port;
    }
  }

  private async attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const message = `${what}: ${(error as Error).message}`;
      this.errors.push(message);
      this.warn(message);
    }
  }

  /** Into the log, the same words once a minute. */
  private warn(message: string): void {
    const last = this.warnings.get(message) ?? 0;
    if (Date.now() - last < 60_000) return;
    this.warnings.set(message, Date.now());
    log(message);
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work).catch((error: Error) => this.warn(error.stack ?? error.message));
    return this.queue;
  }
}
