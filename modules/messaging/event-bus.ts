import { CloudwatchEventArchive } from "@cdktf/provider-aws/lib/cloudwatch-event-archive";
import { CloudwatchEventBus } from "@cdktf/provider-aws/lib/cloudwatch-event-bus";
import { SchemasRegistry } from "@cdktf/provider-aws/lib/schemas-registry";
import { SchemasSchema } from "@cdktf/provider-aws/lib/schemas-schema";
import { Construct } from "constructs";
import { checkWholeNumber } from "../internal/check";
import { DeadLetterQueue } from "../internal/dead-letter-queue";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { EventRule, type EventRuleConfig } from "./event-rule";
import { checkTypes } from "./event-types";
import { pascalCase } from "./pascal-case";

/** A bus. */
export interface EventBusConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the bus, e.g. `shop`. */
  readonly name: string;
  /** Days that the archive keeps every event, for replays, 1 to 3650. */
  readonly archiveDays: number;
  /** ARN of the KMS key of the queue for what no target took. Its policy must let `events.amazonaws.com` use it. */
  readonly kmsKeyArn: string;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
  /**
   * Schemas of the events, for people who look for them in the console: type to JSON Schema, draft 4, as the registry knows no
   * later one. @default no registry
   */
  readonly schemas?: Readonly<Record<string, string>>;
}

/** Which events a role puts on a bus. */
export interface PutEvents {
  /** Their `source` there, e.g. `shop.orders`. */
  readonly source: string;
  /** Their `detail-type`, e.g. `shop.order.placed.v1`. */
  readonly types: readonly string[];
}

/**
 * EventBridge bus with an archive of all events, and a queue for what a target did not take (`<name>-undelivered-failed`). Without a
 * resource policy a bus takes events of its own account's roles alone.
 *
 * The bus itself is encrypted with EventBridge's own key: it takes no schema discovery with another, and its archive would want the
 * provider to know more. Events stay in it for at most a day, in the archive for `archiveDays`.
 *
 * @throws Error when `archiveDays` is out of range
 */
export class EventBus extends Construct {
  /** ARN of the bus. */
  readonly arn: string;
  /** Name of the deployed bus. */
  readonly name: string;
  /** ARN of the archive, for replays. */
  readonly archiveArn: string;
  /** ARN of the queue for what a target did not take. */
  readonly deadLetterQueueArn: string;

  private readonly config: EventBusConfig;
  private readonly failures: DeadLetterQueue;

  constructor(scope: Construct, id: string, config: EventBusConfig) {
    super(scope, id);
    checkWholeNumber(`bus ${config.name}: archiveDays`, config.archiveDays, 1, 3650);
    const { label, name } = config;
    this.config = config;
    this.failures = new DeadLetterQueue(this, "failures", {
      label,
      name: `${name}-undelivered`,
      kmsKeyArn: config.kmsKeyArn,
      alarmTopicArn: config.alarmTopicArn,
    });
    const bus = new CloudwatchEventBus(this, "bus", { name: label.name(name, 256) });
    const archive = new CloudwatchEventArchive(this, "archive", {
      name: label.name(name, 48),
      description: `All events of bus ${name}, for replays`,
      eventSourceArn: bus.arn,
      retentionDays: config.archiveDays,
    });
    if (config.schemas !== undefined) this.addSchemas(config.schemas);
    this.arn = bus.arn;
    this.name = bus.name;
    this.archiveArn = archive.arn;
    this.deadLetterQueueArn = this.failures.arn;
  }

  /**
   * Delivers events to a target.
   *
   * @returns the rule's ARN is what a replay is limited to
   * @throws Error naming what is wrong with the rule
   */
  addRule(id: string, config: EventRuleConfig): EventRule {
    const { label, name, alarmTopicArn } = this.config;
    return new EventRule(this, id, {
      ...config,
      label,
      busName: this.name,
      busShortName: name,
      failures: this.failures,
      alarmTopicArn,
    });
  }

  /**
   * What a role needs to put events on the bus: those of its own source and types, and no other's.
   *
   * @throws Error naming what is no type of an event
   */
  putStatements({ source, types }: PutEvents): PolicyStatement[] {
    const { name } = this.config;
    checkTypes(`bus ${name}: types`, types);
    return [
      {
        sid: `PutEventsOn${pascalCase(name)}`,
        actions: ["events:PutEvents"],
        resources: [this.arn],
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
        conditions: { StringEquals: { "events:source": source, "events:detail-type": [...types] } },
      },
    ];
  }

  private addSchemas(schemas: Readonly<Record<string, string>>): void {
    const { label, name } = this.config;
    const registry = new SchemasRegistry(this, "schemas", {
      name: label.name(name),
      description: `Events of bus ${name}`,
    });
    for (const [type, content] of Object.entries(schemas)) {
      new SchemasSchema(this, `schema-${type}`, {
        name: type,
        registryName: registry.name,
        type: "JSONSchemaDraft4",
        content,
      });
    }
  }
}
