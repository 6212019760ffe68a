import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { explainAwsFailure } from "../../internal/aws-errors";
import { CommandError } from "../../internal/cli";
import type { HistoryTargets } from "./targets";

/** The archive that events are replayed from. */
export interface Archive {
  /** Events in it, as far as AWS has counted. */
  readonly events: number;
  /** When it was made, as an ISO time: it has nothing from before. */
  readonly since: string;
  /** Days that it keeps an event; 0 for ever. */
  readonly retentionDays: number;
}

/** A replay, as EventBridge tells of it. */
export interface Replay {
  /** E.g. `RUNNING`. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeReplay.html */
  readonly state: string;
  readonly reason?: string;
  /** Times of the first and last event that it takes, and of the last that it has replayed: milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly reached?: number;
}

/** What is asked of EventBridge. */
export interface ReplayService {
  archive(): Promise<Archive>;
  /** @returns nothing when there is none of that name */
  find(name: string): Promise<Replay | undefined>;
  /** Begins to replay to the rebuild's rule alone; one of that name that has begun is left as it is. */
  start(name: string, from: Date, to: Date): Promise<void>;
  cancel(name: string): Promise<void>;
  close(): void;
}

/** EventBridge in the account and region of the environment. */
export async function openReplays(targets: HistoryTargets): Promise<ReplayService> {
  const { region, archiveArn, archiveName, busArn, ruleArn } = targets;
  const sdk = await import("@aws-sdk/client-eventbridge");
  const client: EventBridgeClient = new sdk.EventBridgeClient({ region });
  const explained = async <T>(rights: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      const place = `archive ${archiveName}`;
      if ((error as Error).name === "ResourceNotFoundException") {
        throw new CommandError(place, "is not deployed, or its rule is not", "deploy them first");
      }
      throw explainAwsFailure(error, { service: "EventBridge", place, rights });
    }
  };
  return {
    archive: () =>
      explained("events:DescribeArchive", async () => {
        const found = await client.send(new sdk.DescribeArchiveCommand({ ArchiveName: archiveName }));
        return {
          events: found.EventCount ?? 0,
          since: (found.CreationTime ?? new Date(0)).toISOString(),
          retentionDays: found.RetentionDays ?? 0,
        };
      }),
    find: (ReplayName) =>
      explained("events:DescribeReplay", async () => {
        try {
          const found = await client.send(new sdk.DescribeReplayCommand({ ReplayName }));
          return {
            state: found.State ?? "",
            from: found.EventStartTime?.getTime() ?? 0,
            to: found.EventEndTime?.getTime() ?? 0,
            ...(found.StateReason && { reason: found.StateReason }),
            ...(found.EventLastReplayedTime && { reached: found.EventLastReplayedTime.getTime() }),
          };
        } catch (error) {
          if ((error as Error).name === "ResourceNotFoundException") return undefined;
          throw error;
        }
      }),
    start: (ReplayName, from, to) =>
      explained("events:StartReplay", async () => {
        const start = new sdk.StartReplayCommand({
          ReplayName,
          Description: "scripts/rebuild-view",
          EventSourceArn: archiveArn,
          EventStartTime: from,
          EventEndTime: to,
          Destination: { Arn: busArn, FilterArns: [ruleArn] },
        });
        try {
          await client.send(start);
        } catch (error) {
          if ((error as Error).name !== "ResourceAlreadyExistsException") throw error;
        }
      }),
    cancel: (ReplayName) =>
      explained("events:CancelReplay", async () => {
        try {
          await client.send(new sdk.CancelReplayCommand({ ReplayName }));
        } catch (error) {
          // It has come to its end meanwhile.
          if (!/^(IllegalStatus|Validation)Exception$/.test((error as Error).name)) throw error;
        }
      }),
    close: () => client.destroy(),
  };
}
