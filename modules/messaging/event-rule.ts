import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import {
  CloudwatchEventTarget,
  type CloudwatchEventTargetConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import { checkAll, checkWholeNumber } from "../internal/check";
import type { DeadLetterQueue } from "../internal/dead-letter-queue";
import { Role } from "../internal/iam";
import type { Label } from "../internal/label";
import { checkTypes } from "./event-types";
import { pascalCase } from "./pascal-case";
import type { Queue } from "./queue";
import type { Topic } from "./topic";

/** Where a rule delivers. */
export type EventTarget =
  | { readonly queue: Queue }
  | { readonly topic: Topic }
  | { readonly stateMachineArn: string }
  | { readonly function: InvokedFunction };

/** A function that rules invoke: a `LambdaFunction`, an `EventConsumer`. */
export interface InvokedFunction {
  /** ARN of the alias that is invoked. */
  readonly aliasArn: string;
  /** Lets a service invoke the alias for one source. */
  allowInvocation(id: string, service: string, sourceArn: string): ITerraformDependable;
}

/** Which events go where. */
export interface EventRuleConfig {
  /** Short name of the rule, e.g. `order-placed-to-fulfilment`. */
  readonly name: string;
  /** Types of events, e.g. `shop.order.placed.v1`: their `detail-type`. One of `types` and `pattern`. @default those of `pattern` */
  readonly types?: readonly string[];
  /** Where events of `types` come from, e.g. `shop.orders`: their `source` on the bus. @default any */
  readonly source?: string;
  /** Pattern of EventBridge. @default that of `types` */
  readonly pattern?: object;
  /** Where the events go. */
  readonly target: EventTarget;
  /** `event`: what is in `detail`, the CloudEvent; `whole`: with EventBridge's envelope. @default "event" */
  readonly input?: "event" | "whole";
  /** Seconds after which an event that its target does not take goes to the dead-letter queue, 60 to 86400. @default 3600 */
  readonly maximumEventAgeSeconds?: number;
  /** Retries before that, 0 to 185. @default 30 */
  readonly maximumRetryAttempts?: number;
}

/** A rule on its bus. */
export interface EventRuleOnBusConfig extends EventRuleConfig {
  readonly label: Label;
  readonly busName: string;
  readonly busShortName: string;
  readonly failures: DeadLetterQueue;
  readonly alarmTopicArn: string;
}

/** What a target needs of its rule. */
interface Delivery extends Pick<CloudwatchEventTargetConfig, "arn" | "roleArn"> {
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A rule and its one target, with bounded retries, the bus's dead-letter queue and an alarm on failures. Queues, topics and functions let
 * the rule in by their own policies, as EventBridge wants it of encrypted ones; state machines by a role.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export class EventRule extends Construct {
  /** ARN of the rule. */
  readonly arn: string;
  /** Name of the deployed rule. */
  readonly name: string;

  private readonly config: EventRuleOnBusConfig;

  constructor(scope: Construct, id: string, config: EventRuleOnBusConfig) {
    super(scope, id);
    checkRule(config);
    this.config = config;
    const { label, failures, name } = config;
    const rule = new CloudwatchEventRule(this, "rule", {
      name: label.name(name),
      eventBusName: config.busName,
      eventPattern: JSON.stringify(patternOf(config)),
    });
    this.arn = rule.arn;
    this.name = rule.name;
    failures.allow({
      sid: `SendFromRule${pascalCase(name)}`,
      service: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    const { dependsOn, ...target } = this.deliver(config.target);
    new CloudwatchEventTarget(this, "target", {
      ...target,
      rule: rule.name,
      eventBusName: config.busName,
      targetId: "target",
      ...((config.input ?? "event") === "event" && { inputPath: "$.detail" }),
      deadLetterConfig: { arn: failures.arn },
      retryPolicy: {
        maximumEventAgeInSeconds: config.maximumEventAgeSeconds ?? 3600,
        maximumRetryAttempts: config.maximumRetryAttempts ?? 30,
      },
      dependsOn: [...dependsOn, failures.policy],
    });
    new Alarm(this, "failures-alarm", {
      name: label.name(`${name}-failures`, 255),
      description: `Rule ${name} cannot deliver: read queue ${config.busShortName}-undelivered-failed, look at the target's policy and key.`,
      namespace: "AWS/Events",
      metricName: "FailedInvocations",
      dimensions: { EventBusName: config.busName, RuleName: rule.name },
      statistic: "Sum",
      threshold: 0,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      topicArn: config.alarmTopicArn,
    });
  }

  private deliver(target: EventTarget): Delivery {
    const { name } = this.config;
    if ("queue" in target) {
      const { queue } = target;
      if (queue.fifo) {
        throw new Error(`rule ${name}: queue ${queue.shortName} must not be FIFO: events have no group`);
      }
      queue.allow({
        sid: `SendFromRule${pascalCase(name)}`,
        service: "events.amazonaws.com",
        sourceArn: this.arn,
      });
      return { arn: queue.arn, dependsOn: [queue.policy] };
    }
    if ("topic" in target) {
      target.topic.allowRule(name, this.arn);
      return { arn: target.topic.arn, dependsOn: [target.topic.policy] };
    }
    if ("function" in target) {
      const { aliasArn } = target.function;
      const permission = target.function.allowInvocation(
        `from-rule-${name}`,
        "events.amazonaws.com",
        this.arn,
      );
      return { arn: aliasArn, dependsOn: [permission] };
    }
    return this.startStateMachine(target.stateMachineArn);
  }

  private startStateMachine(stateMachineArn: string): Delivery {
    const { label, name } = this.config;
    const role = new Role(this, "role", {
      name: label.name(`${name}-rule`),
      trust: [
        {
          principals: { Service: "events.amazonaws.com" },
          // https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
          conditions: {
            StringEquals: { "aws:SourceAccount": label.accountId },
            ArnEquals: { "aws:SourceArn": this.arn },
          },
        },
      ],
      statements: [
        { sid: "StartExecution", actions: ["states:StartExecution"], resources: [stateMachineArn] },
      ],
    });
    return { arn: stateMachineArn, roleArn: role.arn, dependsOn: [role.policy] };
  }
}

function checkRule({ name, maximumEventAgeSeconds, maximumRetryAttempts }: EventRuleConfig): void {
  const check = (field: string, value: number | undefined, least: number, most: number) => () => {
    if (value !== undefined) checkWholeNumber(`rule ${name}: ${field}`, value, least, most);
  };
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html
  checkAll([
    check("maximumEventAgeSeconds", maximumEventAgeSeconds, 60, 86_400),
    check("maximumRetryAttempts", maximumRetryAttempts, 0, 185),
  ]);
}

function patternOf({ name, types, source, pattern }: EventRuleConfig): object {
  if ((types === undefined) === (pattern === undefined)) {
    throw new Error(`rule ${name}: one of types and pattern must be given, got ${types ? "both" : "none"}`);
  }
  if (pattern !== undefined) {
    if (source !== undefined) throw new Error(`rule ${name}: source goes with types; a pattern says its own`);
    return pattern;
  }
  checkTypes(`rule ${name}: types`, types as readonly string[]);
  return { ...(source !== undefined && { source: [source] }), "detail-type": types };
}
