import type { TerraformStack } from "cdktf";
import { testArtifact, testLabel } from "../internal/synth-test";
import {
  EventBus,
  type EventBusConfig,
  EventConsumer,
  type EventConsumerConfig,
  Queue,
  type QueueConfig,
  Stream,
  type StreamConfig,
  Topic,
} from ".";

/** Key of the data. */
export const KEY = "arn:aws:kms:eu-west-1:111111111111:key/data";
/** Topic of the alarms. */
export const ALARMS = "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms";

const COMMON = { label: testLabel, kmsKeyArn: KEY, alarmTopicArn: ALARMS };

/** A queue named `stock`, changed as a test needs. */
export function queueOf(stack: TerraformStack, changes: Partial<QueueConfig> = {}): Queue {
  const name = changes.name ?? "stock";
  return new Queue(stack, name, {
    ...COMMON,
    name,
    visibilityTimeoutSeconds: 60,
    maxAgeAlarmSeconds: 300,
    ...changes,
  });
}

/** A topic named `order-events`. */
export function topicOf(stack: TerraformStack): Topic {
  return new Topic(stack, "topic", { ...COMMON, name: "order-events" });
}

/** A stream named `order-events`, changed as a test needs. */
export function streamOf(stack: TerraformStack, changes: Partial<StreamConfig> = {}): Stream {
  const name = changes.name ?? "order-events";
  return new Stream(stack, `${name}-stream`, { ...COMMON, name, shards: 2, retentionHours: 24, ...changes });
}

/** A bus named `shop`, changed as a test needs. */
export function busOf(stack: TerraformStack, changes: Partial<EventBusConfig> = {}): EventBus {
  return new EventBus(stack, "bus", { ...COMMON, name: "shop", archiveDays: 30, ...changes });
}

/** A function named `history`, of 10 s, with these sources. */
export function consumerOf(
  stack: TerraformStack,
  sources: EventConsumerConfig["sources"],
  changes: Partial<EventConsumerConfig> = {},
): EventConsumer {
  return new EventConsumer(stack, "consumer", {
    ...COMMON,
    artifact: testArtifact("history"),
    artifactBucket: "artifacts",
    environment: {},
    statements: [],
    logRetentionDays: 30,
    reservedConcurrency: 10,
    sources,
    ...changes,
  });
}

/** A reference to an attribute of a resource whose id contains a part, e.g. `${aws_sqs_queue.stock_queue_….arn}`. */
export function reference(type: string, idPart: string, attribute: string) {
  return expect.stringMatching(new RegExp(`^\\$\\{${type}\\.[^.]*${idPart}[^.]*\\.${attribute}\\}$`));
}
