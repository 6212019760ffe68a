import { explainAwsFailure } from "../../internal/aws-errors";
import type { LogSource } from "./follow";
import type { FoundLine } from "./line";
import type { LogTargets } from "./targets";

/** Logs of the emulator, group by group: it answers Logs Insights' queries only in part. */
export async function openFilter({ region, logGroups }: LogTargets): Promise<LogSource> {
  const sdk = await import("@aws-sdk/client-cloudwatch-logs");
  const client = new sdk.CloudWatchLogsClient({ region });
  const findIn = async (logGroup: string, filterPattern: string, from: number, to: number) => {
    const lines: FoundLine[] = [];
    const input = { logGroupName: logGroup, filterPattern, startTime: from, endTime: to };
    for await (const { events = [] } of sdk.paginateFilterLogEvents({ client }, input)) {
      lines.push(
        ...events.map(({ timestamp = 0, message = "" }) => ({ logGroup, time: timestamp, text: message })),
      );
    }
    return lines;
  };
  return {
    async find(texts, { from, to }) {
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html: any of the terms.
      const pattern = texts.map((text) => `?"${text}"`).join(" ");
      const found: FoundLine[] = [];
      for (const logGroup of logGroups) {
        try {
          found.push(...(await findIn(logGroup, pattern, from, to)));
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
