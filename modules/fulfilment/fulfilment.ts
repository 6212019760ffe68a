import { Construct } from "constructs";
import { checkWholeNumber } from "../internal/check";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { LambdaFunction, type LambdaFunctionConfig } from "../internal/lambda-function";
import { addFulfilmentAlarms } from "./alarms";
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
  /** What the steps need to change the stock of products. */
  readonly stockStatements: readonly PolicyStatement[];
  /** What a user may owe in one currency, in its smallest unit. */
  readonly creditLimitCents: number;
  /** Orders with a total above it need approval, in the currency's smallest unit. */
  readonly approvalAboveCents: number;
  /** Seconds that an order may wait for approval. When one has waited for half of them, an alarm goes off. */
  readonly approvalSeconds: number;
  /** Short name of the workflow that waits for approvals. The functions wake it; it calls one of them, so its ARN is not known yet. */
  readonly workflowName: string;
}

const MOST_CENTS = 999_999_999_999;
/** Thirty days. */
const MOST_SECONDS = 2_592_000;
/** Short names of the functions. */
const STEPS = "fulfilment";
const APPROVALS = "fulfilment-approvals";
/** People who decide, and the clock, at once. */
const APPROVALS_CONCURRENCY = 5;

/**
 * The table of fulfilments and of the ledger, and two functions of one bundle: one does the steps, for the workflows alone; the other shows what waits
 * for approval, and writes down what people decide. Who may invoke the other can have nothing shipped, charged or refunded.
 *
 * @throws Error naming the field that is out of range
 */
export class Fulfilment extends Construct {
  /** ARN of the alias `live` of the function that does the steps. Only the workflows are to invoke it. */
  readonly functionArn: string;
  /** ARN of the alias `live` of the function for approvals: who decides on orders needs `lambda:InvokeFunction` on it, and no more. */
  readonly approvalsFunctionArn: string;

  constructor(scope: Construct, id: string, config: FulfilmentConfig) {
    super(scope, id);
    checkWholeNumber("creditLimitCents", config.creditLimitCents, 0, MOST_CENTS);
    checkWholeNumber("approvalAboveCents", config.approvalAboveCents, 0, MOST_CENTS);
    checkWholeNumber("approvalSeconds", config.approvalSeconds, 60, MOST_SECONDS);
    const { label, kmsKeyArn, alarmTopicArn, deletionProtection, pointInTimeRecoveryDays } = config;
    const table = new FulfilmentTable(this, "table", {
      ...{ label, kmsKeyArn, alarmTopicArn, deletionProtection, pointInTimeRecoveryDays },
    });
    const wake = wakeStatements(config.workflowName, label, kmsKeyArn);
    const addFunction = (
      id: string,
      name: string,
      takes: "steps" | "approvals",
      own: Pick<LambdaFunctionConfig, "reservedConcurrency" | "statements">,
    ) =>
      new LambdaFunction(this, id, {
        ...{ ...own, label, kmsKeyArn, alarmTopicArn, name },
        artifact: config.artifact,
        artifactBucket: config.artifactBucket,
        logRetentionDays: config.logRetentionDays,
        ...(config.logKmsKeyArn !== undefined && { logKmsKeyArn: config.logKmsKeyArn }),
        environment: {
          TAKES: takes,
          FULFILMENT_TABLE: table.tableName,
          PRODUCTS_TABLE: config.productsTableName,
          CREDIT_LIMIT_CENTS: String(config.creditLimitCents),
          APPROVAL_ABOVE_CENTS: String(config.approvalAboveCents),
          POWERTOOLS_SERVICE_NAME: name,
          POWERTOOLS_METRICS_NAMESPACE: label.prefix,
        },
      });
    this.functionArn = addFunction("function", STEPS, "steps", {
      reservedConcurrency: config.reservedConcurrency,
      statements: [...table.stepStatements(), ...config.stockStatements, ...wake],
    }).aliasArn;
    this.approvalsFunctionArn = addFunction("approvals", APPROVALS, "approvals", {
      reservedConcurrency: APPROVALS_CONCURRENCY,
      statements: [...table.approvalStatements(), ...wake],
    }).aliasArn;
    addFulfilmentAlarms(this, {
      ...{ label, topicArn: alarmTopicArn, approvalSeconds: config.approvalSeconds },
      ...{ stepsService: STEPS, approvalsService: APPROVALS },
    });
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
