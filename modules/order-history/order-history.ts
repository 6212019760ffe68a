import type { Construct } from "constructs";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { Table } from "../internal/table";

/** The table of the view of orders. */
export interface OrderHistoryConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** ARN of the KMS key for the data. */
  readonly kmsKeyArn: string;
  /**
   * AWS refuses to delete the table, and Terraform to destroy or replace it. The view can be built again from the archive of events, but
   * only as far back as that goes.
   */
  readonly deletionProtection: boolean;
  /** Days that the table can be restored to any second of, 1 to 35. */
  readonly pointInTimeRecoveryDays: number;
  /** Read units per second that the table serves at most: what a flood can cost. @default the account's limit */
  readonly onDemandMaximumReadUnits?: number;
  /** Write units per second that the table serves at most; a replay takes all that it can get. @default the account's limit */
  readonly onDemandMaximumWriteUnits?: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
}

/**
 * DynamoDB table of the view of orders (`order-history`): on demand, encrypted with the customer's key, restorable to any second.
 *
 * Keys are `pk`, `<generation>#<user>`, and `sk`, the order's id; rows end at `expiresAt`, in seconds since 1970, where they have it.
 *
 * @throws Error naming the field that is out of range
 */
export class OrderHistory extends Table {
  constructor(scope: Construct, id: string, config: OrderHistoryConfig) {
    super(scope, id, {
      ...config,
      // scripts/rebuild-view finds it by this name.
      name: "order-history",
      hashKey: "pk",
      rangeKey: "sk",
      ttlAttribute: "expiresAt",
      operations: ["GetItem", "Query", "UpdateItem"],
    });
  }

  /** What who shows orders needs: one by its key, and a user's by their partition. No scan. */
  readStatements(): PolicyStatement[] {
    return [
      {
        sid: "ReadOrderHistory",
        actions: ["dynamodb:GetItem", "dynamodb:Query"],
        resources: [this.tableArn],
      },
      this.openStatement("OpenOrderHistory"),
    ];
  }

  /**
   * What the projector needs: to change rows one by one, and to read which generations there are. It neither puts nor deletes rows, so
   * it can lose none.
   */
  projectStatements(): PolicyStatement[] {
    return [
      { sid: "ReadGenerations", actions: ["dynamodb:GetItem"], resources: [this.tableArn] },
      { sid: "ProjectOrders", actions: ["dynamodb:UpdateItem"], resources: [this.tableArn] },
      this.openStatement("OpenOrderHistory"),
    ];
  }
}
