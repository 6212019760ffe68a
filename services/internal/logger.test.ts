import { createLogger } from "./logger";
import { RequestContext, runForRequest } from "./request-context";

function recorded(level: "DEBUG" | "INFO" | "WARN" | "ERROR") {
  const lines: string[] = [];
  const logger = createLogger({
    service: "catalog",
    level,
    write: (line) => void lines.push(line),
    now: () => 1_700_000_000_000,
  });
  return { logger, lines };
}

test("a line is one line of JSON, with the fields of the functions' logger", () => {
  const { logger, lines } = recorded("INFO");
  logger.info("listening", { port: 8080, text: "two\nlines" });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]*\n$/);
  expect(JSON.parse(lines[0] as string)).toEqual({
    level: "INFO",
    message: "listening",
    timestamp: "2023-11-14T22:13:20.000Z",
    service: "catalog",
    port: 8080,
    text: "two\nlines",
  });
});

test("within a request, a line has its id and its trace, also after it has waited", async () => {
  const { logger, lines } = recorded("INFO");
  const trace = { id: "1-5759e988-bd862e3fe1be46a994272793" };
  await runForRequest(new RequestContext("request-1", trace, "GET"), async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    logger.warn("slow");
  });
  expect(JSON.parse(lines[0] as string)).toMatchObject({ requestId: "request-1", traceId: trace.id });
});

test.each([
  ["DEBUG", ["DEBUG", "INFO", "WARN", "ERROR"]],
  ["WARN", ["WARN", "ERROR"]],
  ["ERROR", ["ERROR"]],
] as const)("at level %s it writes %j", (level, written) => {
  const { logger, lines } = recorded(level);
  for (const name of ["debug", "info", "warn", "error"] as const) logger[name]("x");
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(written);
});
