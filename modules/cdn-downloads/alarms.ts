import { CloudfrontMonitoringSubscription } from "@cdktf/provider-aws/lib/cloudfront-monitoring-subscription";
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import type { CdnDownloadsConfig } from "./config";

/** Requests in five minutes below which the hit rate says nothing. */
const BUSY_REQUESTS = 1000;

/**
 * Switches on the metrics that are paid for, and adds the alarms on errors, on the origin and on the cache.
 *
 * Source of names and statistics: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
 */
export function addAlarms(scope: Construct, config: CdnDownloadsConfig, distributionId: string): void {
  const { label } = config;
  new CloudfrontMonitoringSubscription(scope, "metrics", {
    distributionId,
    monitoringSubscription: {
      realtimeMetricsSubscriptionConfig: { realtimeMetricsSubscriptionStatus: "Enabled" },
    },
  });
  const metric = {
    namespace: "AWS/CloudFront",
    dimensions: { DistributionId: distributionId, Region: "Global" },
    topicArn: config.globalAlarmTopicArn,
    ...(config.globalProvider !== undefined && { provider: config.globalProvider }),
  };
  new Alarm(scope, "errors-alarm", {
    ...metric,
    name: label.name("downloads-5xx", 255),
    description:
      "Downloads fail with 5xx: look at the metrics 502, 503 and 504ErrorRate, then at the origin behind the distribution.",
    metricName: "5xxErrorRate",
    statistic: "Average",
    threshold: config.alarmErrorRatePercent ?? 1,
  });
  new Alarm(scope, "forbidden-alarm", {
    ...metric,
    name: label.name("downloads-403", 255),
    description:
      "Downloads are refused with 403: look whether the load balancer's listener knows the secret that CloudFront sends, then at " +
      "what the firewall blocks and whether signed URLs have expired.",
    metricName: "403ErrorRate",
    statistic: "Average",
    threshold: config.alarmForbiddenRatePercent ?? 5,
  });
  new Alarm(scope, "origin-latency-alarm", {
    ...metric,
    name: label.name("downloads-origin-latency", 255),
    description:
      "The origin answers slowly what the cache lacks: look at its load, then at what is asked of it.",
    metricName: "OriginLatency",
    statistic: "p90",
    threshold: config.alarmOriginLatencyMilliseconds ?? 3000,
  });
  addOriginRequestsAlarm(scope, config, distributionId);
  // What is passed on is never a hit: its share of the requests would decide, not the cache.
  const defaultHitRate = config.otherPaths === "refuse" ? 80 : undefined;
  const hitRate = config.alarmCacheHitRatePercent ?? defaultHitRate;
  if (hitRate !== undefined) addHitRateAlarm(scope, config, hitRate, distributionId);
}

function addOriginRequestsAlarm(scope: Construct, config: CdnDownloadsConfig, distributionId: string): void {
  new CloudwatchMetricAlarm(scope, "origin-requests-alarm", {
    ...notified(config),
    alarmName: config.label.name("downloads-origin-requests", 255),
    alarmDescription:
      "More requests reach the origin than it is sized for: look at the hit rate, then at paths without a version, " +
      "parameters that split the cache, and short times to live.",
    comparisonOperator: "GreaterThanThreshold",
    threshold: config.alarmOriginRequestsPerMinute ?? 6000,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    metricQuery: [
      // CloudFront has no metric of its own for this.
      {
        id: "origin",
        label: "Requests to the origin",
        expression: "requests * (100 - hits) / 100",
        returnData: true,
      },
      query("requests", "Requests", "Sum", 60, distributionId),
      query("hits", "CacheHitRate", "Average", 60, distributionId),
    ],
  });
}

function addHitRateAlarm(
  scope: Construct,
  config: CdnDownloadsConfig,
  threshold: number,
  distributionId: string,
): void {
  new CloudwatchMetricAlarm(scope, "hit-rate-alarm", {
    ...notified(config),
    alarmName: config.label.name("downloads-hit-rate", 255),
    alarmDescription:
      "The cache answers too few of many requests: look at the access logs, field x-edge-detailed-result-type, for the paths " +
      "that miss.",
    comparisonOperator: "LessThanThreshold",
    threshold,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    metricQuery: [
      {
        id: "busy",
        label: "Hit rate in busy times",
        expression: `IF(requests > ${BUSY_REQUESTS}, hits, 100)`,
        returnData: true,
      },
      query("requests", "Requests", "Sum", 300, distributionId),
      query("hits", "CacheHitRate", "Average", 300, distributionId),
    ],
  });
}

function notified({ globalAlarmTopicArn, globalProvider }: CdnDownloadsConfig) {
  return {
    treatMissingData: "notBreaching",
    alarmActions: [globalAlarmTopicArn],
    okActions: [globalAlarmTopicArn],
    ...(globalProvider !== undefined && { provider: globalProvider }),
  };
}

function query(
  id: string,
  metricName: string,
  stat: string,
  period: number,
  distributionId: string,
): CloudwatchMetricAlarmMetricQuery {
  return {
    id,
    metric: {
      namespace: "AWS/CloudFront",
      metricName,
      dimensions: { DistributionId: distributionId, Region: "Global" },
      stat,
      period,
    },
  };
}
