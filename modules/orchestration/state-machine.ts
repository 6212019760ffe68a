import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { type PolicyStatement, Role } from "../internal/iam";
import type { Label } from "../internal/label";
import { addWorkflowAlarms } from "./alarms";
import { definitionProblems } from "./check-definition";
import { numberProblem } from "./check-errors";
import { type StateMachineDefinition, waitsForAnswer } from "./definition";
import { flowsOf } from "./flow-graph";
import { workflowStatements } from "./statements";
import { statesLanguage } from "./states-language";

/** Longest that an execution may take: https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html */
const MOST_SECONDS = { STANDARD: 365 * 24 * 60 * 60, EXPRESS: 5 * 60 };

/** Seconds that Step Functions uses a data key before it asks KMS for another. */
const DATA_KEY_SECONDS = 300;

/** A workflow. */
export interface StateMachineConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the workflow, e.g. `fulfilment`. */
  readonly name: string;
  /**
   * `STANDARD`: up to a year, each step once, waits for callbacks, costs by the step. `EXPRESS`: up to five minutes, each step at least
   * once, costs by time and memory, and what has failed cannot be redriven: for what may be lost, or done twice, as a whole. What it becomes
   * cannot be changed later without a new state machine.
   */
  readonly type: "STANDARD" | "EXPRESS";
  /** What it does. */
  readonly definition: StateMachineDefinition;
  /** Seconds after which an execution is ended where it is, without compensation. */
  readonly timeoutSeconds: number;
  /**
   * ARN of the KMS key of definition and executions. Its policy must let `delivery.logs.amazonaws.com` decrypt what is on its way to
   * the log group.
   */
  readonly kmsKeyArn: string;
  /** ARN of the KMS key of the log group. */
  readonly logKmsKeyArn: string;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
  /** What to do about an execution that came to no good end, as a sentence that its alarms close with. @default none */
  readonly runbook?: string;
  /**
   * Terraform refuses to destroy or replace the state machine: executions that are under way would end where they are, without compensation.
   * @default false
   */
  readonly deletionProtection?: boolean;
}

/**
 * Step Functions workflow: encrypted, traced, logged without the data of its executions, with a role of its own that may do what its
 * tasks do, and alarms.
 *
 * @throws Error with one line for each thing that is wrong with the definition
 */
export class StateMachine extends Construct {
  /** ARN of the state machine. */
  readonly arn: string;
  /** Name of the deployed state machine. */
  readonly name: string;
  /** Name of the log group. */
  readonly logGroupName: string;

  private readonly config: StateMachineConfig;
  /** The ARN as it will be: the role names it before the state machine is there. */
  private readonly futureArn: string;

  constructor(scope: Construct, id: string, config: StateMachineConfig) {
    super(scope, id);
    checkStateMachine(config);
    const { label } = config;
    const name = label.name(config.name, 80);
    this.config = config;
    this.futureArn = `arn:aws:states:${label.region}:${label.accountId}:stateMachine:${name}`;
    const logGroup = new CloudwatchLogGroup(this, "logs", {
      // Below this prefix CloudWatch Logs' resource policy does not grow with every workflow:
      // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
      name: `/aws/vendedlogs/states/${name}`,
      retentionInDays: config.logRetentionDays,
      kmsKeyId: config.logKmsKeyArn,
    });
    const role = new Role(this, "role", {
      name: label.name(`${config.name}-workflow`),
      trust: [
        {
          principals: { Service: "states.amazonaws.com" },
          // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html#prevent-cross-service-confused-deputy
          conditions: {
            StringEquals: { "aws:SourceAccount": label.accountId },
            ArnLike: { "aws:SourceArn": this.futureArn },
          },
        },
      ],
      statements: workflowStatements(config.definition, {
        label,
        stateMachineArn: this.futureArn,
        kmsKeyArn: config.kmsKeyArn,
      }),
    });
    const stateMachine = new SfnStateMachine(this, "state-machine", {
      name,
      type: config.type,
      roleArn: role.arn,
      definition: statesLanguage(config.definition, config.timeoutSeconds),
      encryptionConfiguration: {
        type: "CUSTOMER_MANAGED_KMS_KEY",
        kmsKeyId: config.kmsKeyArn,
        kmsDataKeyReusePeriodSeconds: DATA_KEY_SECONDS,
      },
      loggingConfiguration: {
        level: "ALL",
        // Inputs and outputs hold what users have ordered; they are in the history, encrypted.
        includeExecutionData: false,
        logDestination: `${logGroup.arn}:*`,
      },
      tracingConfiguration: { enabled: true },
      lifecycle: { preventDestroy: config.deletionProtection ?? false },
      dependsOn: [role.policy],
    });
    this.arn = stateMachine.arn;
    this.name = name;
    this.logGroupName = logGroup.name;
    addWorkflowAlarms(this, {
      label,
      name: config.name,
      stateMachineArn: stateMachine.arn,
      type: config.type,
      topicArn: config.alarmTopicArn,
      ...(config.runbook !== undefined && { runbook: config.runbook }),
    });
  }

  /** What a role needs to start executions, and nothing else of them. */
  startStatements(): PolicyStatement[] {
    return [
      { sid: `Start${this.sidPart()}`, actions: ["states:StartExecution"], resources: [this.futureArn] },
    ];
  }

  /**
   * What a role needs to answer callbacks of this workflow, by the tokens that it has; with a failure only where a callback leaves that open.
   * The reference of IAM knows no resource for these actions; AWS does ask for them on the state machine: https://github.com/aws/aws-cdk/pull/8486
   */
  callbackStatements(): PolicyStatement[] {
    return [
      {
        sid: `Answer${this.sidPart()}`,
        actions: [
          ...(takesFailures(this.config.definition) ? ["states:SendTaskFailure"] : []),
          "states:SendTaskHeartbeat",
          "states:SendTaskSuccess",
        ],
        resources: [this.futureArn],
      },
      {
        sid: `EncryptAnswersFor${this.sidPart()}`,
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: [this.config.kmsKeyArn],
        conditions: {
          StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": this.futureArn },
        },
      },
    ];
  }

  /** `order-fulfilment` → `OrderFulfilment` */
  private sidPart(): string {
    const words = this.config.name.split("-");
    return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  }
}

/** Whether somebody may answer a callback with a failure. */
function takesFailures(definition: StateMachineDefinition): boolean {
  return flowsOf(definition).some(({ flow }) =>
    Object.values(flow.states).some((state) => waitsForAnswer(state) && state.callSeconds === undefined),
  );
}

function checkStateMachine({ name, type, definition, timeoutSeconds }: StateMachineConfig): void {
  if (Token.isUnresolved(timeoutSeconds)) {
    throw new Error(`state machine ${name}: timeoutSeconds must be known before the deployment`);
  }
  const problems = [
    ...numberProblem("timeoutSeconds", timeoutSeconds, 1, MOST_SECONDS[type]).map((problem) =>
      type === "EXPRESS" ? `${problem}; what takes longer is STANDARD` : problem,
    ),
    ...definitionProblems(definition, { type, timeoutSeconds }),
  ];
  if (problems.length === 0) return;
  throw new Error(problems.map((problem) => `state machine ${name}: ${problem}`).join("\n"));
}
