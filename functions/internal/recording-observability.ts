import { type Observability, Tracing } from ".";

/** A line as it was logged. */
export type RecordedLine = Readonly<Record<string, unknown>>;

/** For tests: an observability that keeps what is logged, counted and measured. */
export function recordingObservability(tracing = new Tracing({ environment: {} })) {
  const lines: RecordedLine[] = [];
  const counted: string[] = [];
  const measured: { readonly name: string; readonly milliseconds: number }[] = [];
  const carried = {};
  const log = (level: string) => (message: string, extra?: object) =>
    lines.push({ level, message, ...carried, ...extra });
  const logger = {
    addContext: () => undefined,
    appendKeys: (keys: object) => Object.assign(carried, keys),
    ...{ info: log("info"), warn: log("warn"), error: log("error") },
  };
  const observability: Observability = {
    logger: logger as unknown as Observability["logger"],
    count: (name) => {
      counted.push(name);
    },
    measure: (name, milliseconds) => {
      measured.push({ name, milliseconds });
    },
    publishMetrics: () => undefined,
    tracing,
  };
  return { observability, lines, counted, measured };
}
