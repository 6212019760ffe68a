import { type ChildProcess, fork, type StdioOptions } from "node:child_process";
import { once } from "node:events";

/** Events that a handler is invoked with, one after the other. */
export interface Invocation {
  readonly events: readonly unknown[];
}

/** What that came to. */
export interface Invoked {
  /** Of the handler, one for each event. */
  readonly answers: readonly unknown[];
  readonly milliseconds: number;
  readonly cpuMicroseconds: number;
  /** The most memory that the process has had since it was started. */
  readonly peakBytes: number;
}

/** A process of its own that says by a message when it is ready, and answers messages. Its output is not read, its complaints are. */
export class Worker {
  private complaint = "";

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.on("data", (chunk) => {
      this.complaint = `${this.complaint}${chunk}`.slice(-2000);
    });
  }

  /**
   * @param args file, and its arguments
   * @param env all of its environment
   * @returns the worker, and what it said when it was ready
   * @throws Error with its complaint when it ends before
   */
  static async start(
    [file = "", ...args]: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<{ readonly worker: Worker; readonly ready: unknown }> {
    // Without what this process was started with, such as the loader of TypeScript.
    const options = { env, execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] satisfies StdioOptions };
    const worker = new Worker(fork(file, args, options));
    return { worker, ready: await worker.answer() };
  }

  /** Invokes the handler. @throws Error with the worker's complaint when it ends */
  async invoke(events: readonly unknown[]): Promise<Invoked> {
    const answer = this.answer();
    this.child.send({ events } satisfies Invocation);
    return (await answer) as Invoked;
  }

  /** Ends it at once. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
  }

  private answer(): Promise<unknown> {
    const { child } = this;
    return new Promise((done, failed) => {
      const onMessage = (message: unknown) => {
        child.off("exit", onExit);
        done(message);
      };
      const onExit = (code: number | null) => {
        child.off("message", onMessage);
        failed(new Error(`${child.spawnargs.slice(1).join(" ")} ended with ${code}: ${this.complaint}`));
      };
      child.once("message", onMessage);
      child.once("exit", onExit);
    });
  }
}
