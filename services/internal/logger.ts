import { currentRequest } from "./request-context";

/** Levels from the least to the most severe. */
export const LOG_LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"] as const;
/** How severe a line is, or the least severe that is written. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Further fields of a line. Never a token, nor what a user wrote. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes lines of JSON, with the fields that the functions' logger writes: one search finds both. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** What a logger works with. */
export interface LoggerConfig {
  /** Name of the service. */
  readonly service: string;
  /** Least severe level that is written. */
  readonly level: LogLevel;
  /** Takes one line, its end included. @default the standard output */
  readonly write?: (line: string) => void;
  /** Milliseconds since 1970. @default the system's clock */
  readonly now?: () => number;
}

/** Makes a logger. Within a request, its lines carry the request's id and trace. */
export function createLogger({ service, level, write = writeOut, now = Date.now }: LoggerConfig): Logger {
  const least = LOG_LEVELS.indexOf(level);
  const log = (lineLevel: LogLevel) => (message: string, fields?: LogFields) => {
    if (LOG_LEVELS.indexOf(lineLevel) < least) return;
    const request = currentRequest();
    const line = {
      level: lineLevel,
      message,
      timestamp: new Date(now()).toISOString(),
      service,
      ...(request && { traceId: request.trace.id, requestId: request.id }),
      ...fields,
    };
    write(`${JSON.stringify(line)}\n`);
  };
  return { debug: log("DEBUG"), info: log("INFO"), warn: log("WARN"), error: log("ERROR") };
}

function writeOut(line: string): void {
  process.stdout.write(line);
}
