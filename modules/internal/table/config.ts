import type { Label } from "../label";
import type { CapacityRange } from "./auto-scaling";

/** An index within each partition of its table. It holds all attributes of the items that have its key. */
export interface LocalIndex {
  /** Name of the index. */
  readonly name: string;
  /** Attribute that it sorts by. */
  readonly rangeKey: string;
}

/** An index with partitions of its own. It holds all attributes of the items that have both of its keys, a moment later. */
export interface GlobalIndex extends LocalIndex {
  /** Attribute of its partitions. */
  readonly hashKey: string;
}

/** A table whose keys are all strings. */
export interface TableConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the table, e.g. `todos`. */
  readonly name: string;
  /** Attribute of the partitions. */
  readonly hashKey: string;
  /** Attribute that a partition is sorted by. @default none: an item for each partition */
  readonly rangeKey?: string;
  /** @default none */
  readonly localIndexes?: readonly LocalIndex[];
  /** Only of an on-demand table. @default none */
  readonly globalIndexes?: readonly GlobalIndex[];
  /** Attribute that holds an item's end, in seconds since 1970. @default items do not end */
  readonly ttlAttribute?: string;
  /** Operations that the table's users call, e.g. `GetItem`: DynamoDB counts its own errors for each apart. */
  readonly operations: readonly string[];
  /** ARN of the KMS key. */
  readonly kmsKeyArn: string;
  /** AWS refuses to delete the table, and Terraform to destroy or replace it. */
  readonly deletionProtection: boolean;
  /** Days that the table can be restored to any second of, 1 to 35. */
  readonly pointInTimeRecoveryDays: number;
  /** Read units of provisioned capacity, scaled to the load. Together with `writeCapacity`. @default on demand */
  readonly readCapacity?: CapacityRange;
  /** Write units of provisioned capacity, scaled to the load. Together with `readCapacity`. @default on demand */
  readonly writeCapacity?: CapacityRange;
  /** Read units per second that an on-demand table, and each global index, serves at most. @default the account's limit */
  readonly onDemandMaximumReadUnits?: number;
  /** Write units per second that an on-demand table, and each global index, serves at most. @default the account's limit */
  readonly onDemandMaximumWriteUnits?: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
}
