import { explainAwsFailure } from "../../internal/aws-errors";
import type { LogSource, Window } from "./follow";
import type { FoundLine } from "./line";
import type { LogTargets } from "./targets";

/** Logs of the emulator, group by group: it answers Logs Insights' queries only in part. */
export async function openFilter({ region, logGroups }: LogTargets): Promise<LogSource> {
  const sdk = await import("@aws-sdk/client-cloudwatch-logs");
  const client = new sdk.CloudWatchLogsClient({ region });
  const findIn = async (logGroup: string, text: string, { from, to }: Window) => {
    const lines: FoundLine[] = [];
    const input = { logGroupName: logGroup, filterPattern: `"${text}"`, startTime: from, endTime: to };
    for await (const { events = [] } of sdk.paginateFilterLogEvents({ client }, input)) {
      lines.push(
        ...events.map(({ timestamp = 0, message = "" }) => ({ logGroup, time: timestamp, text: message })),
      );
    }
    return lines;
  };
  return {
    async find(texts, window) {
      const found: FoundLine[] = [];
      for (const logGroup of logGroups) {
        try {
          // One by one: the emulator knows no pattern of any of several.
          for (const text of texts) found.push(...(await findIn(logGroup, text, window)));
        } catch (error) {
          // What has not been deployed yet has logged nothing.
          if ((error as Error).name === "ResourceNotFoundException") continue;
          throw explainAwsFailure(error, {
            service: "CloudWatch Logs",
            place: `log group ${logGroup}`,
            rights: "logs:FilterLogEvents",
          });
        }
      }
      return found;
    },
    close: () => client.destroy(),
  };
}
