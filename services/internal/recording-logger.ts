import { createLogger, type Logger } from "./logger";

/** For tests: a logger that keeps its lines, as they would be read. */
export function recordingLogger(service = "test"): {
  readonly logger: Logger;
  readonly lines: Record<string, unknown>[];
} {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  return { logger: createLogger({ service, level: "DEBUG", write }), lines };
}
