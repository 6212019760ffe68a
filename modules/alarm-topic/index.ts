/**
 * The SNS topic that all alarms of an environment tell: encrypted, TLS only, written to by this environment's CloudWatch
 * alarms alone.
 *
 * @module
 */
export { AlarmTopic, type AlarmTopicConfig } from "./alarm-topic";
