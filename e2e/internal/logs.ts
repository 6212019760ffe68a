import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { administratorConfig } from "./environment";

/**
 * What a function has logged, in order.
 *
 * @param name of the function without the environment's, e.g. `upload-guard`
 * @param since milliseconds since 1970
 * @throws Error unless one log group alone is the function's
 */
export async function logLines(name: string, since: number): Promise<string[]> {
  const client = new CloudWatchLogsClient(administratorConfig());
  try {
    const groups: string[] = [];
    for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: "/aws/lambda/" })) {
      groups.push(...(page.logGroups ?? []).map(({ logGroupName = "" }) => logGroupName));
    }
    const found = groups.filter((group) => group.endsWith(`-${name}`));
    const [logGroupName] = found;
    if (logGroupName === undefined || found.length > 1) {
      throw new Error(`${name}: one log group must be the function's, found ${groups.join(", ")}`);
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
