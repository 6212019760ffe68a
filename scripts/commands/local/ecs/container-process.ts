import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerState } from "./start-order";
import type { Container, ContainerHealthCheck } from "./task-definition";

/** How a container's process is started. */
export interface ContainerConfig {
  readonly container: Container;
  /** File that the image's entry point runs. */
  readonly entry: string;
  /** Folder of the image's content, in which the process runs. */
  readonly folder: string;
  /** The process's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Called with each line that it prints. */
  readonly onLine: (text: string) => void;
  /** Called when its state has changed. */
  readonly onChange: () => void;
}

/** One container: a process of this machine's Node.js. */
export class ContainerProcess {
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private exit: { readonly code: number | null } | undefined;
  private healthy = false;

  constructor(private readonly config: ContainerConfig) {
    const { container, entry, folder, env, onLine, onChange } = config;
    this.child = spawn(process.execPath, [entry, ...container.command], {
      cwd: folder,
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", onLine);
    }
    this.ended = new Promise((done) => {
      const end = (code: number | null) => {
        this.exit ??= { code };
        done();
        onChange();
      };
      this.child.once("error", (error) => {
        onLine(error.message);
        end(null);
      });
      // Not "exit": what it has printed last comes first.
      this.child.once("close", end);
    });
    if (container.healthCheck) void this.watchHealth(container.healthCheck);
  }

  /** Id of the process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** How far it has come. */
  state(): ContainerState {
    const { exit, healthy } = this;
    return exit ? { status: "stopped", exitCode: exit.code, healthy: false } : { status: "running", healthy };
  }

  /** Asks it to end, and ends it by force after its stop timeout. */
  async stop(): Promise<void> {
    if (this.exit || this.pid === undefined) return;
    // Not by its id alone: it may have ended, and the id be another's, before the last that it printed has come.
    this.child.kill("SIGTERM");
    const patience = sleep(this.config.container.stopTimeoutSeconds * 1000, undefined, { ref: false });
    await Promise.race([this.ended, patience]);
    if (!this.exit) this.kill();
    await this.ended;
  }

  /** Ends it by force at once. */
  kill(): void {
    if (!this.exit) this.child.kill("SIGKILL");
  }

  private async watchHealth(check: ContainerHealthCheck): Promise<void> {
    const startedAt = Date.now();
    for (let failures = 0; !this.exit; ) {
      const passed = await this.runHealthCheck(check);
      if (this.exit) return;
      const starting = Date.now() - startedAt < check.startPeriodSeconds * 1000;
      failures = passed || starting ? 0 : failures + 1;
      const healthy = passed || (this.healthy && failures < check.retries);
      const changed = healthy !== this.healthy;
      this.healthy = healthy;
      if (changed) this.config.onChange();
      // A container that is not healthy yet is asked more often than it says: nobody likes to wait for it.
      await sleep(this.healthy ? check.intervalSeconds * 1000 : 500, undefined, { ref: false });
    }
  }

  private runHealthCheck({ command, timeoutSeconds }: ContainerHealthCheck): Promise<boolean> {
    const [kind, first = "", ...rest] = command;
    // The image's Node.js, by whatever path, is this one.
    const program = /(^|\/)node$/.test(first) ? process.execPath : first;
    const [file, args] = kind === "CMD-SHELL" ? ["/bin/sh", ["-c", first]] : [program, rest];
    const { folder, env } = this.config;
    const check = spawn(file, args, { cwd: folder, env: { ...env }, stdio: "ignore" });
    return new Promise((done) => {
      const timer = setTimeout(() => check.kill("SIGKILL"), timeoutSeconds * 1000);
      const end = (passed: boolean) => {
        clearTimeout(timer);
        done(passed);
      };
      check.once("error", () => end(false));
      check.once("exit", (code) => end(code === 0));
    });
  }
}
