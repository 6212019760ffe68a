import { blocksOf, type Item, type Rules } from "../item";
import { fixed, HOURS, usage } from "./charge";

/** Days of a month, for what is kept by the day. */
const DAYS = 730 / 24;

/** What the others are run with: keys, secrets, logs, alarms, messages. */
export const OPERATIONS_RULES: Rules = {
  // https://aws.amazon.com/kms/pricing/; each of the first two rotations adds the price of a key.
  aws_kms_key: [
    () => [fixed("key", "kms", "key", 1)],
    (key) => [usage("key, requests", "kms", "requests", key.usage("calls"))],
  ],
  // https://aws.amazon.com/secrets-manager/pricing/
  aws_secretsmanager_secret: [
    () => [fixed("secret", "secrets-manager", "secret", 1)],
    (secret) => [usage("secret, calls", "secrets-manager", "requests", secret.usage("calls"))],
  ],
  // A stack itself costs nothing, what it makes does.
  aws_cloudformation_stack: [
    (stack) => {
      const secrets = String(stack.value("template_body")).split('"AWS::SecretsManager::Secret"').length - 1;
      return [fixed("secrets of the CloudFormation stack", "secrets-manager", "secret", secrets)];
    },
  ],
  // https://aws.amazon.com/cloudwatch/pricing/
  aws_cloudwatch_metric_alarm: [alarm],
  aws_cloudwatch_composite_alarm: [() => [fixed("composite alarm", "cloudwatch", "composite-alarm", 1)]],
  aws_cloudwatch_log_group: [
    (group) => [usage("logs, written", "cloudwatch", written(group), logGigabytes(group))],
    (group) => {
      const days = group.number("retention_in_days") ?? 0;
      // 0 is for ever: at the end of the first month, a month's.
      const months = days === 0 ? 1 : days / DAYS;
      return [usage("logs, kept", "cloudwatch", "log-storage", logGigabytes(group) * months)];
    },
  ],
  // https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html: one alarm to scale out, one in
  aws_appautoscaling_policy: [
    (policy) =>
      policy.text("policy_type") === "TargetTrackingScaling"
        ? [fixed("alarms of the scaling policy", "cloudwatch", "alarm", 2)]
        : [],
  ],
  // Logs of CloudFront to S3.
  aws_cloudwatch_log_delivery: [
    (delivery) => [
      usage("logs, delivered to S3", "cloudwatch", "logs-to-s3", delivery.usage("logGigabytes")),
    ],
  ],
  // https://aws.amazon.com/glue/pricing/
  aws_glue_catalog_table: [() => [fixed("table of the data catalog", "glue", "catalog-objects", 1)]],
  aws_glue_catalog_database: [() => [fixed("database of the data catalog", "glue", "catalog-objects", 1)]],
  // https://aws.amazon.com/sns/pricing/
  aws_sns_topic: [(topic) => [usage("topic, messages", "sns", "requests", topic.usage("requests"))]],
  aws_sns_topic_subscription: [
    (subscription) =>
      subscription.text("protocol") === "email"
        ? [usage("e-mails", "sns", "emails", subscription.usage("requests"))]
        : [],
  ],
  // https://aws.amazon.com/sqs/pricing/
  aws_sqs_queue: [(queue) => [usage("queue, requests", "sqs", "requests", queue.usage("requests"))]],
  // https://aws.amazon.com/kinesis/data-streams/pricing/
  aws_kinesis_stream: [
    (stream) => {
      const [mode = {}] = stream.blocks("stream_mode_details");
      if (mode["stream_mode"] === "ON_DEMAND") return [{ unknown: "streams on demand are not worked out" }];
      return [fixed("stream, shard hours", "kinesis", "shard", HOURS * (stream.number("shard_count") ?? 0))];
    },
    (stream) => [usage("stream, puts", "kinesis", "put-payload-units", stream.usage("putRequests"))],
  ],
};

/** Each metric that an alarm looks at is charged for, expressions are not. */
function alarm(item: Item) {
  const measured = item.blocks("metric_query").flatMap(({ metric }) => blocksOf(metric));
  const periods = [item.number("period"), ...measured.map(({ period }) => Number(period))];
  const isFast = periods.some((period) => period !== undefined && period < 60);
  const kind = isFast ? "high-resolution-alarm" : "alarm";
  return [fixed("alarm", "cloudwatch", kind, Math.max(1, measured.length))];
}

/** What AWS's own services write is cheaper by the GB when it is much. */
function written(group: Item): string {
  return group.others("aws_flow_log").some((log) => group.isMeant(log.value("log_destination")))
    ? "vended-logs"
    : "logs";
}

function logGigabytes(group: Item): number {
  return group.shared(group.usage("logGigabytes"));
}
