import { Construct } from "constructs";
import { checkWholeNumber } from "../internal/check";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { LambdaFunction, type LambdaFunctionConfig } from "../internal/lambda-function";
import { FulfilmentTable } from "./fulfilment-table";

/** What fulfils orders. */
export interface FulfilmentConfig
  extends Pick<
    LambdaFunctionConfig,
    | "alarmTopicArn"
    | "artifact"
    | "artifactBucket"
    | "kmsKeyArn"
    | "label"
    | "logKmsKeyArn"
    | "logRetentionDays"
    | "reservedConcurrency"
  > {
  /** AWS refuses to delete the table, and Terraform to destroy or replace it: it holds the ledger. */
  readonly deletionProtection: boolean;
  /** Days that the table can be restored to any second of, 1 to 35. */
  readonly pointInTimeRecoveryDays: number;
  /** Name of the table of the products. */
  readonly productsTableName: string;
  /** What the function needs to change the stock of products. */
  readonly stockStatements: readonly PolicyStatement[];
  /** What a user may owe in one currency, in its smallest unit. */
  readonly creditLimitCents: number;
  /** Orders with a total above it need approval, in the currency's smallest unit. */
  readonly approvalAboveCents: number;
  /** Short name of the workflow that waits for approvals. The function wakes it; it calls the function, so its ARN is not known yet. */
  readonly workflowName: string;
}

const MOST_CENTS = 999_999_999_999;

/**
 * The table of fulfilments and of the ledger, and the function that does the steps.
 *
 * @throws Error naming the field that is out of range
 */
export class Fulfilment extends Construct {
  /** ARN of the alias `live`, which the workflows call. */
  readonly functionArn: string;
  /** Name of the function. */
  readonly functionName: string;
  /** Name of the function's role. */
  readonly roleName: string;
  /** Name of the table. */
  readonly tableName: string;

  constructor(scope: Construct, id: string, config: FulfilmentConfig) {
    super(scope, id);
    checkWholeNumber("creditLimitCents", config.creditLimitCents, 0, MOST_CENTS);
    checkWholeNumber("approvalAboveCents", config.approvalAboveCents, 0, MOST_CENTS);
    const { label, kmsKeyArn, alarmTopicArn, deletionProtection, pointInTimeRecoveryDays } = config;
    const table = new FulfilmentTable(this, "table", {
      ...{ label, kmsKeyArn, alarmTopicArn, deletionProtection, pointInTimeRecoveryDays },
    });
    const lambda = new LambdaFunction(this, "function", {
      ...{ label, kmsKeyArn, alarmTopicArn },
      artifact: config.artifact,
      artifactBucket: config.artifactBucket,
      logRetentionDays: config.logRetentionDays,
      reservedConcurrency: config.reservedConcurrency,
      ...(config.logKmsKeyArn !== undefined && { logKmsKeyArn: config.logKmsKeyArn }),
      environment: {
        FULFILMENT_TABLE: table.tableName,
        PRODUCTS_TABLE: config.productsTableName,
        CREDIT_LIMIT_CENTS: String(config.creditLimitCents),
        APPROVAL_ABOVE_CENTS: String(config.approvalAboveCents),
        POWERTOOLS_SERVICE_NAME: "fulfilment",
        POWERTOOLS_METRICS_NAMESPACE: label.prefix,
      },
      statements: [
        ...table.stepStatements(),
        ...config.stockStatements,
        ...wakeStatements(config.workflowName, label, kmsKeyArn),
      ],
    });
    this.functionArn = lambda.aliasArn;
    this.functionName = lambda.functionName;
    this.roleName = lambda.roleName;
    this.tableName = table.tableName;
  }
}

/** As `callbackStatements()` of modules/orchestration, but to go on alone. */
function wakeStatements(name: string, label: Label, kmsKeyArn: string): PolicyStatement[] {
  const stateMachineArn = `arn:aws:states:${label.region}:${label.accountId}:stateMachine:${label.name(name, 80)}`;
  return [
    { sid: "WakeWorkflow", actions: ["states:SendTaskSuccess"], resources: [stateMachineArn] },
    {
      sid: "EncryptAnswers",
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [kmsKeyArn],
      conditions: {
        StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": stateMachineArn },
      },
    },
  ];
}
