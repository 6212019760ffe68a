import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import { traceHeaders } from "../../runtime";
import { createLogger } from "./logger";
import { RequestContext, runForEvent, runForRequest } from "./request-context";

const schema = JSON.parse(readFileSync(join(__dirname, "../../api/logs/line.json"), "utf8"));
const isLogLine = new Ajv2020().compile(schema);
const trace = { id: "1-5759e988-bd862e3fe1be46a994272793" };
const { traceparent } = traceHeaders(trace);

test.each([
  ["outside of a request", (log: () => void) => log(), {}],
  [
    "of a request",
    (log: () => void) => runForRequest(new RequestContext("request-1", trace, "GET"), log),
    { requestId: "request-1", traceId: trace.id },
  ],
  [
    "of an event, whose trace goes on",
    (log: () => void) => runForEvent("event-1", traceparent, log),
    { requestId: "event-1", traceId: trace.id },
  ],
])("a service's line has the fields that all have: %s", (_, run, expected) => {
  const lines: string[] = [];
  const logger = createLogger({
    ...{ service: "order-relay", level: "INFO" },
    write: (text) => void lines.push(text),
  });
  run(() => logger.error("failed", { milliseconds: 1.5 }));
  const line = JSON.parse(lines[0] as string);
  expect(isLogLine(line) || isLogLine.errors).toBe(true);
  expect(line).toMatchObject({
    ...expected,
    ...{ level: "ERROR", message: "failed", service: "order-relay", milliseconds: 1.5 },
  });
});

test.each([
  ["level", { level: "info" }],
  ["timestamp", { timestamp: "2026-11-24 10:00:00" }],
  ["traceId", { traceId: "5759e988bd862e3fe1be46a994272793" }],
  ["service", { service: "acme prod" }],
])("a line whose %s is of another form is none", (field, changes) => {
  const line = { level: "INFO", message: "x", service: "a", timestamp: "2026-11-24T10:00:00.000Z" };
  expect(isLogLine(line)).toBe(true);
  expect(isLogLine({ ...line, ...changes })).toBe(false);
  expect(isLogLine.errors?.map(({ instancePath }) => instancePath)).toEqual([`/${field}`]);
});
