import { setTimeout as sleep } from "node:timers/promises";
import type { CloudWatchLogsClient, ResultField } from "@aws-sdk/client-cloudwatch-logs";
import { explainAwsFailure } from "../../internal/aws-errors";
import { CommandError } from "../../internal/cli";
import type { LogSource, Window } from "./follow";
import type { FoundLine } from "./line";
import type { LogTargets } from "./targets";

/** Log groups of one query: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html */
const GROUPS_OF_QUERY = 50;
/** Results of one query, at most. */
const MOST_LINES = 10_000;
/** Milliseconds between two looks at a query. */
const POLL_MILLISECONDS = 500;
/** A query ends by itself after an hour; one of a day's logs of one request is done in seconds. */
const QUERY_MILLISECONDS = 5 * 60_000;

/** Logs Insights over the log groups of an environment. */
export async function openInsights(
  targets: LogTargets,
  { pollMilliseconds = POLL_MILLISECONDS }: { readonly pollMilliseconds?: number } = {},
): Promise<LogSource> {
  const sdk = await import("@aws-sdk/client-cloudwatch-logs");
  const client: CloudWatchLogsClient = new sdk.CloudWatchLogsClient({ region: targets.region });
  const query = async (logGroupNames: readonly string[], queryString: string, { from, to }: Window) => {
    const { queryId } = await client.send(
      new sdk.StartQueryCommand({
        logGroupNames: [...logGroupNames],
        queryString,
        startTime: Math.floor(from / 1000),
        endTime: Math.ceil(to / 1000),
        limit: MOST_LINES,
      }),
    );
    for (
      const deadline = Date.now() + QUERY_MILLISECONDS;
      Date.now() < deadline;
      await sleep(pollMilliseconds)
    ) {
      const { status, results = [] } = await client.send(new sdk.GetQueryResultsCommand({ queryId }));
      if (status === "Complete") return results;
      if (status !== "Scheduled" && status !== "Running") {
        throw new CommandError("Logs Insights", `the query ended as ${status}`, "run the same command again");
      }
    }
    throw new CommandError("Logs Insights", "did not answer within 5 min", "search a shorter time: --hours");
  };
  return {
    async find(texts, window) {
      const found: FoundLine[] = [];
      for (let start = 0; start < targets.logGroups.length; start += GROUPS_OF_QUERY) {
        const groups = targets.logGroups.slice(start, start + GROUPS_OF_QUERY);
        try {
          const rows = await query(groups, queryOf(texts), window);
          found.push(...rows.map(lineOf));
        } catch (error) {
          if ((error as Error).name === "ResourceNotFoundException") {
            const { message } = error as Error;
            throw new CommandError(
              "CloudWatch Logs",
              `a log group is not there: ${message}`,
              "deploy the environment first",
            );
          }
          throw explainAwsFailure(error, {
            service: "CloudWatch Logs",
            place: "Logs Insights",
            rights: "logs:StartQuery and logs:GetQueryResults",
          });
        }
      }
      return found;
    },
    close: () => client.destroy(),
  };
}

/** Texts are of hexadecimal digits and hyphens alone, so none can end its quotes. */
export function queryOf(texts: readonly string[]): string {
  const any = texts.map((text) => `@message like "${text}"`).join(" or ");
  return `fields @timestamp, @log, @message | filter ${any} | sort @timestamp asc | limit ${MOST_LINES}`;
}

/** `@log` is `<account>:<group>`; `@timestamp` is in UTC, without saying so. */
export function lineOf(row: readonly ResultField[]): FoundLine {
  const value = (name: string) => row.find(({ field }) => field === name)?.value ?? "";
  return {
    logGroup: value("@log").replace(/^\d+:/, ""),
    time: Date.parse(`${value("@timestamp").replace(" ", "T")}Z`),
    text: value("@message"),
  };
}
