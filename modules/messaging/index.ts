/**
 * Messages between services: topics, queues, streams, buses, schedules, and the functions that handle what comes of them.
 *
 * Everything is encrypted with the customer's key, everything that could be reached without TLS refuses it, and each queue, topic and
 * function names the one source that a service may send for. What fails for good is kept: each queue has a dead-letter queue, each
 * stream a queue for failures per function, each bus one for what its targets did not take. `docs/events.md` says what to do with it.
 *
 * @module
 */
export { BucketTrigger, type BucketTriggerConfig } from "./bucket-trigger";
export { EventBus, type EventBusConfig } from "./event-bus";
export { EventConsumer, type EventConsumerConfig } from "./event-consumer";
export type { EventRule, EventRuleConfig, EventTarget, InvokedFunction } from "./event-rule";
export type { EventSource, QueueSource, StreamSource } from "./event-sources";
export { Queue, type QueueConfig, type SubscriptionConfig } from "./queue";
export { Schedule, type ScheduleConfig, type ScheduleTarget } from "./schedule";
export { Stream, type StreamConfig } from "./stream";
export { Topic, type TopicConfig } from "./topic";
