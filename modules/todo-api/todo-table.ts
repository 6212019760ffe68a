import type { Construct } from "constructs";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { type CapacityRange, Table } from "../internal/table";

/** The table of the to-dos. */
export interface TodoTableConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** ARN of the KMS key for the data. */
  readonly kmsKeyArn: string;
  /** AWS refuses to delete the table, and Terraform to destroy or replace it. */
  readonly deletionProtection: boolean;
  /** Days that the table can be restored to any second of, 1 to 35. */
  readonly pointInTimeRecoveryDays: number;
  /** Read units of provisioned capacity, scaled to the load. Together with `writeCapacity`. @default on demand */
  readonly readCapacity?: CapacityRange;
  /** Write units of provisioned capacity, scaled to the load. Together with `readCapacity`. @default on demand */
  readonly writeCapacity?: CapacityRange;
  /** Read units per second that an on-demand table serves at most: what a flood can cost. @default the account's limit */
  readonly onDemandMaximumReadUnits?: number;
  /** Write units per second that an on-demand table serves at most. @default the account's limit */
  readonly onDemandMaximumWriteUnits?: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
}

/** Lists a user's to-dos of one status. The name is part of the contract with functions/todos. */
const STATUS_INDEX = "byStatus";

/**
 * DynamoDB table of the to-dos: encrypted with the customer's key, restorable to any second.
 *
 * Keys are `owner` and `sk`; the local index `byStatus` sorts by `statusSk`; items end at `expiresAt`, in seconds since 1970.
 *
 * @throws Error naming the field that is out of range, or missing beside another
 */
export class TodoTable extends Table {
  constructor(scope: Construct, id: string, config: TodoTableConfig) {
    super(scope, id, {
      ...config,
      name: "todos",
      hashKey: "owner",
      rangeKey: "sk",
      localIndexes: [{ name: STATUS_INDEX, rangeKey: "statusSk" }],
      ttlAttribute: "expiresAt",
      operations: ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"],
    });
  }

  /** Lets its holder read items by key and by index, of any user: who may see what is the function's to decide. */
  grantRead(): PolicyStatement[] {
    return [
      { sid: "ReadTodos", actions: ["dynamodb:GetItem"], resources: [this.tableArn] },
      {
        sid: "QueryTodos",
        actions: ["dynamodb:Query"],
        resources: [this.tableArn, this.indexArn(STATUS_INDEX)],
      },
      this.openStatement("OpenTodos"),
    ];
  }

  /** Lets its holder read, and write items one by one or in a transaction. Neither scan nor batches, nor the table itself. */
  grantReadWrite(): PolicyStatement[] {
    return [
      ...this.grantRead(),
      {
        sid: "WriteTodos",
        actions: ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
        resources: [this.tableArn],
      },
    ];
  }
}
