import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshal } from "../../runtime";
import type { EventContext, EventOf, Observability } from "../internal";
import type { events } from "./generated/events";
import { type Notification, notificationOf } from "./notification";

const DAY_SECONDS = 24 * 60 * 60;

/** What the notifier works with. */
export interface NotifierConfig {
  readonly client: Pick<DynamoDBClient, "send">;
  readonly tableName: string;
  /** Days from the event until a notification ends. */
  readonly retentionDays: number;
  readonly observability: Pick<Observability, "count">;
}

/** Makes what writes a user's notification of an event, once however often the event comes. Throws the client's errors. */
export function notifier({ client, tableName, retentionDays, observability }: NotifierConfig) {
  return async (event: EventOf<typeof events>, { signal }: Pick<EventContext, "signal">): Promise<void> => {
    const notification = notificationOf(event);
    if (!notification) {
      observability.count("NotificationLeftOut");
      return;
    }
    try {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: itemOf(notification, retentionDays),
          ConditionExpression: "attribute_not_exists(pk)",
        }),
        { abortSignal: signal },
      );
      observability.count("NotificationWritten");
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      observability.count("NotificationKnown");
    }
  };
}

/** A user's notifications are one partition, in the order of time; they end at `expiresAt`. */
function itemOf({ principal, id, ...fields }: Notification, retentionDays: number) {
  const expiresAt = Math.floor(Date.parse(fields.at) / 1000) + retentionDays * DAY_SECONDS;
  return marshal({ pk: principal, sk: id, ...fields, expiresAt });
}
