import type { Construct } from "constructs";
import { Alarm, ShareAlarm } from "../internal/alarm";
import type { LoadBalancerConfig } from "./config";

/** Requests in a minute, below which the share of errors says nothing. */
const BUSY_REQUESTS = 20;

/**
 * Alarms on errors of the load balancer and of what is behind it, on latency and on refused connections. Unhealthy targets are
 * alarmed on by each service.
 *
 * Source of names: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function addAlarms(scope: Construct, config: LoadBalancerConfig, arnSuffix: string): void {
  const { label, name } = config;
  const common = {
    namespace: "AWS/ApplicationELB",
    dimensions: { LoadBalancer: arnSuffix },
    topicArn: config.alarmTopicArn,
  };
  new Alarm(scope, "errors-alarm", {
    ...common,
    name: label.name(`${name}-load-balancer-5xx`, 255),
    description:
      `Load balancer ${name} answers with 5xx by itself: look for services without a healthy target, then at the ` +
      "field elb_status_code of its access log.",
    metricName: "HTTPCode_ELB_5XX_Count",
    // Not a share: requests that find no target are not counted as requests.
    statistic: "Sum",
    threshold: config.alarmErrorsPerMinute ?? 10,
  });
  new ShareAlarm(scope, "target-errors-alarm", {
    ...common,
    name: label.name(`${name}-load-balancer-target-5xx`, 255),
    description: `Services behind load balancer ${name} fail requests: look at their logs, filter on level ERROR.`,
    partMetricName: "HTTPCode_Target_5XX_Count",
    wholeMetricName: "RequestCount",
    leastWhole: BUSY_REQUESTS,
    thresholdPercent: config.alarmTargetErrorPercent ?? 1,
  });
  const p99Milliseconds = config.alarmP99Milliseconds ?? 1000;
  new Alarm(scope, "latency-alarm", {
    ...common,
    name: label.name(`${name}-load-balancer-p99`, 255),
    description:
      `The slowest hundredth of the answers behind load balancer ${name} take over ${p99Milliseconds} ms: look at the ` +
      "traces of its services.",
    metricName: "TargetResponseTime",
    statistic: "p99",
    // The metric is in seconds.
    threshold: p99Milliseconds / 1000,
  });
  new Alarm(scope, "rejected-alarm", {
    ...common,
    name: label.name(`${name}-load-balancer-rejected`, 255),
    description: `Load balancer ${name} is at its limit of connections and refuses more: look for a flood of calls.`,
    metricName: "RejectedConnectionCount",
    statistic: "Sum",
    threshold: 0,
  });
}
