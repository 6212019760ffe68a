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
  const tasks = new Listr(
    steps.map(({ title, run }) => ({ title, task: (_: unknown, task: ShownTask) => run(reportTo(task)) })),
    {
      renderer: quiet ? "silent" : process.stderr.isTTY ? "default" : "simple",
      // The error is shown once, by the command.
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
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** What of listr2's task a step writes to. */
type ShownTask = { title: string; output: string };

function reportTo(task: ShownTask): StepReport {
  return {
    progress: (text) => {
      task.output = text;
    },
    done: (text) => {
      task.title = text;
    },
  };
}
