import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { administratorConfig } from "./environment";

/** Where log groups begin: of functions, and of services in containers. */
const PREFIXES = { function: "/aws/lambda/", service: "/ecs/" } as const;

/**
 * What a function or a service has logged to CloudWatch Logs, in order.
 *
 * @param name without the environment's, e.g. `upload-guard`
 * @param since milliseconds since 1970
 * @param kind of what has logged. @default "function"
 * @throws Error unless one log group alone is the one that is meant
 */
export async function logLines(
  name: string,
  since: number,
  kind: keyof typeof PREFIXES = "function",
): Promise<string[]> {
  const client = new CloudWatchLogsClient(administratorConfig());
  try {
    const groups: string[] = [];
    for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: PREFIXES[kind] })) {
      groups.push(...(page.logGroups ?? []).map(({ logGroupName = "" }) => logGroupName));
    }
    const found = groups.filter((group) => group.endsWith(`-${name}`));
    const [logGroupName] = found;
    if (logGroupName === undefined || found.length > 1) {
      throw new Error(`${name}: one log group must be its own, found ${groups.join(", ")}`);
    }
    const lines: string[] = [];
    for await (const { events = [] } of paginateFilterLogEvents(
      { client },
      { logGroupName, startTime: since },
    )) {
      lines.push(...events.map(({ message = "" }) => message));
    }
    return lines;
  } finally {
    client.destroy();
  }
}
