/**
 * A command's steps, shown one by one as they run: alive on a terminal, line by line elsewhere. On standard error, as standard
 * output belongs to the command's result.
 *
 * @module
 */
import { Listr, ListrLogger, ProcessOutput } from "listr2";
import { EXIT } from "./cli";

/** What a step tells of itself while it runs. */
export interface StepReport {
  /** Says what is going on now, below the title. */
  progress(text: string): void;
  /**
   * Says how much of the work is done, below the title. On a terminal each call is shown, in place of the one before; elsewhere,
   * where each is a line more, about every tenth of the work, its beginning and its end.
   *
   * @param all undefined while it is not known
   */
  count(done: number, all: number | undefined, text: string): void;
  /** Says how the step ended, in place of its title. */
  done(text: string): void;
}

/** One step. It fails by throwing; those behind it are then not begun. */
export interface Step {
  /** What it does, e.g. `Start the emulator`. */
  readonly title: string;
  readonly run: (report: StepReport) => Promise<void>;
}

/**
 * Runs the steps one after another.
 *
 * @param quiet shows nothing. @default false
 * @throws what the failing step threw
 */
export async function runSteps(steps: readonly Step[], quiet = false): Promise<void> {
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
  let failure: { readonly error: unknown } | undefined;
  const tasks = new Listr(
    steps.map(({ title, run }) => ({
      title,
      task: async (_: unknown, task: ShownTask) => {
        try {
          await run(reportTo(task));
        } catch (error) {
          failure = { error };
          throw new Error(firstLine(error));
        }
      },
    })),
    {
      renderer: quiet ? "silent" : process.stderr.isTTY ? "default" : "simple",
      // The whole error is shown once, by the command.
      rendererOptions: { logger, showErrorMessage: false, collapseErrors: false },
      fallbackRendererOptions: { logger },
      registerSignalListeners: false,
    },
  );
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return; // The running step ends in its own way.
    if (process.stderr.isTTY) process.stderr.write("\x1b[?25h"); // The cursor, which the display hides.
    process.exit(EXIT.interrupted);
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    await tasks.run();
  } catch (error) {
    throw failure ? failure.error : error;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** What of listr2's task a step writes to. */
type ShownTask = { title: string; output: string };

function reportTo(task: ShownTask): StepReport {
  let shown: number | undefined;
  return {
    progress: (text) => {
      task.output = text;
    },
    count: (done, all, text) => {
      const tenth = tenthOf(done, all);
      if (!process.stderr.isTTY && tenth === shown) return;
      shown = tenth;
      task.output = text;
    },
    done: (text) => {
      task.title = text;
    },
  };
}

/** How many tenths of the work are done: none while there is no telling, all when there is nothing to do. */
function tenthOf(done: number, all: number | undefined): number {
  if (all === undefined) return 0;
  return all === 0 ? 10 : Math.floor((10 * done) / all);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}
