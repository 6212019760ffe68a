import type { Construct } from "constructs";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { Table } from "../internal/table";

/** The table of the notifications. */
export interface NotificationsTableConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** ARN of the KMS key for the data. */
  readonly kmsKeyArn: string;
  /** AWS refuses to delete the table, and Terraform to destroy or replace it. */
  readonly deletionProtection: boolean;
  /** Days that the table can be restored to any second of, 1 to 35. */
  readonly pointInTimeRecoveryDays: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
}

/**
 * DynamoDB table of the notifications (`notifications`): on demand, encrypted with the customer's key, restorable to any second.
 *
 * Keys are `pk`, the user, and `sk`, the event's id; items end at `expiresAt`, in seconds since 1970.
 *
 * @throws Error naming the field that is out of range
 */
export class NotificationsTable extends Table {
  constructor(scope: Construct, id: string, config: NotificationsTableConfig) {
    super(scope, id, {
      ...config,
      name: "notifications",
      hashKey: "pk",
      rangeKey: "sk",
      ttlAttribute: "expiresAt",
      operations: ["PutItem"],
    });
  }

  /** Lets its holder write notifications, each once. It reads none. */
  writeStatements(): PolicyStatement[] {
    return [
      { sid: "WriteNotifications", actions: ["dynamodb:PutItem"], resources: [this.tableArn] },
      this.openStatement("OpenNotifications"),
    ];
  }
}
