import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import type { PolicyStatement } from "../iam";
import { addTableAlarms } from "./alarms";
import { addAutoScaling } from "./auto-scaling";
import { checkConfig } from "./check";
import type { TableConfig } from "./config";

/**
 * DynamoDB table, its scaling and its alarms. A module's table extends it with the rights that it grants.
 *
 * @throws Error naming the field that is out of range, or at odds with another
 */
export class Table extends Construct {
  /** Name of the table. */
  readonly tableName: string;
  /** ARN of the table. */
  readonly tableArn: string;
  private readonly opening: Pick<TableConfig, "kmsKeyArn" | "label">;

  constructor(scope: Construct, id: string, config: TableConfig) {
    super(scope, id);
    checkConfig(config);
    const { label, name, readCapacity, writeCapacity, globalIndexes = [], localIndexes = [] } = config;
    const provisioned =
      readCapacity && writeCapacity
        ? { readCapacity: readCapacity.minimum, writeCapacity: writeCapacity.minimum }
        : undefined;
    const table = new DynamodbTable(this, "table", {
      name: label.name(name, 255),
      billingMode: provisioned ? "PROVISIONED" : "PAY_PER_REQUEST",
      ...provisioned,
      ...onDemandThroughput(config),
      hashKey: config.hashKey,
      ...(config.rangeKey !== undefined && { rangeKey: config.rangeKey }),
      attribute: keyAttributes(config).map((attribute) => ({ name: attribute, type: "S" })),
      ...(localIndexes.length > 0 && {
        localSecondaryIndex: localIndexes.map((index) => ({ ...index, projectionType: "ALL" })),
      }),
      ...(globalIndexes.length > 0 && {
        globalSecondaryIndex: globalIndexes.map((index) => ({
          ...index,
          projectionType: "ALL",
          ...onDemandThroughput(config),
        })),
      }),
      ...(config.ttlAttribute !== undefined && {
        ttl: { attributeName: config.ttlAttribute, enabled: true },
      }),
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
    this.opening = config;
    if (readCapacity && writeCapacity) {
      addAutoScaling(this, { label, name, tableName: table.name, read: readCapacity, write: writeCapacity });
    }
    addTableAlarms(this, {
      label,
      name,
      tableName: table.name,
      indexes: globalIndexes.map((index) => index.name),
      operations: config.operations,
      topicArn: config.alarmTopicArn,
    });
  }

  /** ARN of one of the table's indexes. */
  protected indexArn(name: string): string {
    return `${this.tableArn}/index/${name}`;
  }

  /**
   * Lets its holder have DynamoDB open the table: DynamoDB does so by the caller's right to the table's key, in the table's
   * encryption context. https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html
   */
  protected openStatement(sid: string): PolicyStatement {
    return {
      sid,
      actions: ["kms:Decrypt"],
      resources: [this.opening.kmsKeyArn],
      conditions: {
        StringEquals: {
          "kms:ViaService": `dynamodb.${this.opening.label.region}.amazonaws.com`,
          "kms:EncryptionContext:aws:dynamodb:tableName": this.tableName,
        },
      },
    };
  }
}

/** Attributes that are keys, each once: DynamoDB wants their types, and no other attribute's. */
function keyAttributes({
  hashKey,
  rangeKey,
  localIndexes = [],
  globalIndexes = [],
}: Pick<TableConfig, "hashKey" | "rangeKey" | "localIndexes" | "globalIndexes">): string[] {
  return [
    ...new Set([
      hashKey,
      ...(rangeKey === undefined ? [] : [rangeKey]),
      ...localIndexes.map((index) => index.rangeKey),
      ...globalIndexes.flatMap((index) => [index.hashKey, index.rangeKey]),
    ]),
  ];
}

function onDemandThroughput(config: TableConfig) {
  const { onDemandMaximumReadUnits: read, onDemandMaximumWriteUnits: write } = config;
  if (read === undefined && write === undefined) return {};
  return {
    onDemandThroughput: {
      ...(read !== undefined && { maxReadRequestUnits: read }),
      ...(write !== undefined && { maxWriteRequestUnits: write }),
    },
  };
}
