import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { Construct } from "constructs";
import { checkAll, checkWholeNumber } from "../internal/check";
import { DeadLetterQueue } from "../internal/dead-letter-queue";
import { Role } from "../internal/iam";
import type { Label } from "../internal/label";
import { useKeyStatement } from "./use-key";

/** What a schedule starts. */
export type ScheduleTarget =
  | { /** ARN of the alias that is invoked. */ readonly functionAliasArn: string }
  | { readonly stateMachineArn: string };

/** A schedule. */
export interface ScheduleConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the schedule, e.g. `nightly-report`. */
  readonly name: string;
  /** `rate(5 minutes)`, `cron(0 3 * * ? *)` or `at(2026-11-25T03:00:00)`. */
  readonly expression: string;
  /** Time zone of the expression, e.g. `Europe/Berlin`. @default "UTC" */
  readonly timeZone?: string;
  /** Minutes within which it may start, 1 to 1440, so that not all schedules of the world start at the full hour. @default exactly then */
  readonly flexibleMinutes?: number;
  /** What it starts. */
  readonly target: ScheduleTarget;
  /** What the target gets, as JSON; nothing that needs the customer's key: EventBridge keeps it with a key of its own. @default {} */
  readonly input?: object;
  /** Seconds after which a start that failed is given up, 60 to 86400. @default 3600 */
  readonly maximumEventAgeSeconds?: number;
  /** Retries before that, 0 to 185. @default 10 */
  readonly maximumRetryAttempts?: number;
  /** ARN of the KMS key of the queue for failures. */
  readonly kmsKeyArn: string;
  /** SNS topic of the alarm. */
  readonly alarmTopicArn: string;
}

/**
 * EventBridge schedule with a role of its own, bounded retries and a queue for starts that failed for good (`<name>-schedule-failed`).
 *
 * @throws Error with one line for each thing that is wrong
 */
export class Schedule extends Construct {
  /** ARN of the schedule. */
  readonly arn: string;

  constructor(scope: Construct, id: string, config: ScheduleConfig) {
    super(scope, id);
    checkSchedule(config);
    const { label, name, kmsKeyArn, target } = config;
    const failures = new DeadLetterQueue(this, "failures", {
      label,
      name: `${name}-schedule`,
      kmsKeyArn,
      alarmTopicArn: config.alarmTopicArn,
    });
    const [action, arn] =
      "functionAliasArn" in target
        ? (["lambda:InvokeFunction", target.functionAliasArn] as const)
        : (["states:StartExecution", target.stateMachineArn] as const);
    const scheduleName = label.name(name);
    const role = new Role(this, "role", {
      name: label.name(`${name}-schedule`),
      trust: [
        {
          principals: { Service: "scheduler.amazonaws.com" },
          // The group, not the schedule: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
          conditions: {
            StringEquals: {
              "aws:SourceAccount": label.accountId,
              "aws:SourceArn": `arn:aws:scheduler:${label.region}:${label.accountId}:schedule-group/default`,
            },
          },
        },
      ],
      statements: [
        { sid: "Start", actions: [action], resources: [arn] },
        { sid: "SendFailures", actions: ["sqs:SendMessage"], resources: [failures.arn] },
        useKeyStatement("EncryptFailures", {
          actions: ["kms:GenerateDataKey", "kms:Decrypt"],
          kmsKeyArn,
          service: `sqs.${label.region}.amazonaws.com`,
          context: { "aws:sqs:arn": failures.arn },
        }),
      ],
    });
    const schedule = new SchedulerSchedule(this, "schedule", {
      name: scheduleName,
      groupName: "default",
      scheduleExpression: config.expression,
      scheduleExpressionTimezone: config.timeZone ?? "UTC",
      flexibleTimeWindow:
        config.flexibleMinutes === undefined
          ? { mode: "OFF" }
          : { mode: "FLEXIBLE", maximumWindowInMinutes: config.flexibleMinutes },
      target: {
        arn,
        roleArn: role.arn,
        input: JSON.stringify(config.input ?? {}),
        deadLetterConfig: { arn: failures.arn },
        retryPolicy: {
          maximumEventAgeInSeconds: config.maximumEventAgeSeconds ?? 3600,
          maximumRetryAttempts: config.maximumRetryAttempts ?? 10,
        },
      },
      dependsOn: [role.policy],
    });
    this.arn = schedule.arn;
  }
}

function checkSchedule(config: ScheduleConfig): void {
  const check = (field: string, value: number | undefined, least: number, most: number) => () => {
    if (value !== undefined) checkWholeNumber(`schedule ${config.name}: ${field}`, value, least, most);
  };
  checkAll([
    () => {
      if (/^(rate|cron|at)\(.+\)$/.test(config.expression)) return;
      throw new Error(
        `schedule ${config.name}: expression must be rate(…), cron(…) or at(…), got "${config.expression}"`,
      );
    },
    check("flexibleMinutes", config.flexibleMinutes, 1, 1440),
    check("maximumEventAgeSeconds", config.maximumEventAgeSeconds, 60, 86_400),
    check("maximumRetryAttempts", config.maximumRetryAttempts, 0, 185),
  ]);
}
