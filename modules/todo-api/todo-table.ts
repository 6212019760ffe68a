import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { addTableAlarms } from "./alarms";
import { addAutoScaling, type CapacityRange } from "./auto-scaling";

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
export class TodoTable extends Construct {
  /** Name of the table. */
  readonly tableName: string;
  /** ARN of the table. */
  readonly tableArn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly config: TodoTableConfig,
  ) {
    super(scope, id);
    checkConfig(config);
    const { label, readCapacity, writeCapacity } = config;
    const provisioned =
      readCapacity && writeCapacity
        ? { readCapacity: readCapacity.minimum, writeCapacity: writeCapacity.minimum }
        : undefined;
    const table = new DynamodbTable(this, "table", {
      name: label.name("todos", 255),
      billingMode: provisioned ? "PROVISIONED" : "PAY_PER_REQUEST",
      ...provisioned,
      ...onDemandThroughput(config),
      hashKey: "owner",
      rangeKey: "sk",
      attribute: ["owner", "sk", "statusSk"].map((name) => ({ name, type: "S" })),
      localSecondaryIndex: [{ name: STATUS_INDEX, rangeKey: "statusSk", projectionType: "ALL" }],
      ttl: { attributeName: "expiresAt", enabled: true },
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: config.pointInTimeRecoveryDays },
      serverSideEncryption: { enabled: true, kmsKeyArn: config.kmsKeyArn },
      deletionProtectionEnabled: config.deletionProtection,
      lifecycle: {
        preventDestroy: config.deletionProtection,
        // Auto scaling's to change; the minimum is only where it starts.
        ...(provisioned && { ignoreChanges: ["read_capacity", "write_capacity"] }),
      },
    });
    this.tableName = table.name;
    this.tableArn = table.arn;
    if (readCapacity && writeCapacity) {
      addAutoScaling(this, { label, tableName: table.name, read: readCapacity, write: writeCapacity });
    }
    addTableAlarms(this, { label, tableName: table.name, topicArn: config.alarmTopicArn });
  }

  /** Lets its holder read items by key and by index, of any user: who may see what is the function's to decide. */
  grantRead(): PolicyStatement[] {
    return [
      { sid: "ReadTodos", actions: ["dynamodb:GetItem"], resources: [this.tableArn] },
      {
        sid: "QueryTodos",
        actions: ["dynamodb:Query"],
        resources: [this.tableArn, `${this.tableArn}/index/${STATUS_INDEX}`],
      },
      {
        // DynamoDB opens the table by the caller's right to its key, in the table's encryption context:
        // https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html
        sid: "OpenTodos",
        actions: ["kms:Decrypt"],
        resources: [this.config.kmsKeyArn],
        conditions: {
          StringEquals: {
            "kms:ViaService": `dynamodb.${this.config.label.region}.amazonaws.com`,
            "kms:EncryptionContext:aws:dynamodb:tableName": this.tableName,
          },
        },
      },
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

function onDemandThroughput(config: TodoTableConfig) {
  const { onDemandMaximumReadUnits: read, onDemandMaximumWriteUnits: write } = config;
  if (read === undefined && write === undefined) return {};
  return {
    onDemandThroughput: {
      ...(read !== undefined && { maxReadRequestUnits: read }),
      ...(write !== undefined && { maxWriteRequestUnits: write }),
    },
  };
}

function checkConfig(config: TodoTableConfig): void {
  const { readCapacity, writeCapacity } = config;
  checkWhole("pointInTimeRecoveryDays", config.pointInTimeRecoveryDays, 1, 35);
  if ((readCapacity === undefined) !== (writeCapacity === undefined)) {
    const [missing, given] = readCapacity
      ? ["writeCapacity", "readCapacity"]
      : ["readCapacity", "writeCapacity"];
    throw new Error(
      `${missing} must be set with ${given}, got undefined; leave both out for an on-demand table`,
    );
  }
  for (const [name, range] of Object.entries({ readCapacity, writeCapacity })) {
    if (range === undefined) continue;
    checkWhole(`${name}.minimum`, range.minimum, 1, 40_000);
    checkWhole(`${name}.maximum`, range.maximum, range.minimum, 40_000);
  }
  for (const name of ["onDemandMaximumReadUnits", "onDemandMaximumWriteUnits"] as const) {
    const value = config[name];
    if (value === undefined) continue;
    if (readCapacity !== undefined) {
      throw new Error(
        `${name} is for an on-demand table; leave out readCapacity and writeCapacity, got ${value}`,
      );
    }
    checkWhole(name, value, 1, 1_000_000);
  }
}

function checkWhole(name: string, value: number, minimum: number, maximum: number): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new Error(`${name} must be a whole number from ${minimum} to ${maximum}, got ${value}`);
  }
}
