/** A question to the logs, by CloudWatch Logs Insights. */
export interface LogQuery {
  /** What it is found by, e.g. `errors`. */
  readonly name: string;
  /** Which logs are asked. */
  readonly of: "code" | "access";
  readonly lines: readonly string[];
}

/**
 * Questions to the logs of functions and services, which have the same fields, and to those of APIs' access: docs/observing.md.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export const QUERIES: readonly LogQuery[] = [
  {
    name: "newest-errors",
    of: "code",
    lines: [
      "fields @timestamp, service, message, route, reason, cause.name, traceId, requestId",
      'filter level in ["ERROR", "CRITICAL"]',
      "sort @timestamp desc",
      "limit 200",
    ],
  },
  {
    name: "errors-by-cause",
    of: "code",
    lines: [
      'filter level in ["ERROR", "CRITICAL"]',
      "stats count(*) as errors, latest(traceId) as newestTrace, latest(@timestamp) as newest by service, message, cause.name, reason",
      "sort errors desc",
      "limit 200",
    ],
  },
  {
    name: "requests-by-route",
    of: "code",
    lines: [
      'filter message = "request" and ispresent(route)',
      "stats count(*) as requests, pct(milliseconds, 50) as p50, pct(milliseconds, 99) as p99 by service, route, status",
      "sort requests desc",
      "limit 200",
    ],
  },
  {
    name: "slowest-requests",
    of: "code",
    lines: [
      'filter message = "request" and ispresent(route)',
      "fields @timestamp, service, route, status, milliseconds, traceId, requestId",
      "sort milliseconds desc",
      "limit 100",
    ],
  },
  {
    name: "events-by-outcome",
    of: "code",
    lines: [
      'filter message = "event"',
      "stats count(*) as events, pct(milliseconds, 99) as p99, max(ageMilliseconds) as oldest by service, type, outcome",
      "sort service asc, type asc",
      "limit 200",
    ],
  },
  {
    name: "one-request",
    of: "code",
    lines: [
      "# Put the id of a trace or a request in its place. scripts/trace shows the same, with durations and X-Ray's segments.",
      'filter traceId = "ID" or requestId = "ID" or xray_trace_id = "ID"',
      "fields @timestamp, service, level, message, route, status, outcome, milliseconds, cause.name",
      "sort @timestamp asc",
      "limit 1000",
    ],
  },
  {
    name: "refused-at-the-gateway",
    of: "access",
    lines: [
      'filter error != "-" and error != ""',
      "stats count(*) as refused, latest(requestId) as newestRequest by route, method, status, error",
      "sort refused desc",
      "limit 200",
    ],
  },
];

/** The text of a query, as the console and the API take it. */
export function queryText({ lines }: LogQuery): string {
  return lines
    .map((line, index) => (index === 0 || lines[index - 1]?.startsWith("#") ? line : `| ${line}`))
    .join("\n");
}
