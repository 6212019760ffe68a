import type { Construct } from "constructs";
import { Alarm, type AlarmConfig } from "../internal/alarm";
import type { Settings } from "./config";

type Metric = Pick<AlarmConfig, "metricName" | "statistic" | "threshold" | "description"> &
  Pick<Partial<AlarmConfig>, "comparison">;
type Metrics = Readonly<Record<string, Metric>>;

/** Bytes in a GB, as ElastiCache counts limits. */
const GIGABYTE = 1_000_000_000;

/**
 * Alarms of each node of Valkey or Redis.
 *
 * Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
 */
export function addNodeAlarms(scope: Construct, settings: Settings, nodeNames: readonly string[]): void {
  nodeNames.forEach((nodeName, index) => {
    const title = `Node ${index + 1} of cache ${settings.name}`;
    addAlarms(scope, settings, `node-${index + 1}-`, nodeMetrics(settings, title), {
      CacheClusterId: nodeName,
    });
  });
}

/** Alarms of all nodes of Memcached together. */
export function addMemcachedAlarms(scope: Construct, settings: Settings, cacheName: string): void {
  const title = `Cache ${settings.name}`;
  const metrics: Metrics = {
    cpu: {
      metricName: "CPUUtilization",
      statistic: "Maximum",
      threshold: 80,
      description: `${title}: a node is over 80 % busy: add nodes, or take larger ones.`,
    },
    ...sharedMetrics(settings, title),
  };
  addAlarms(scope, settings, "", metrics, { CacheClusterId: cacheName });
}

/**
 * Alarms of a serverless cache near its limits. Its metrics have a dimension of their own.
 *
 * Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless-metrics-events-redis.html
 */
export function addServerlessAlarms(scope: Construct, settings: Settings, cacheName: string): void {
  const title = `Cache ${settings.name}`;
  const { maximumGigabytes = 0, maximumUnitsPerSecond = 0 } = settings;
  const metrics: Metrics = {
    memory: {
      metricName: "BytesUsedForCache",
      statistic: "Maximum",
      threshold: maximumGigabytes * GIGABYTE * 0.8,
      description: `${title} is over 80 % full: raise maximumGigabytes, or give keys shorter TTLs.`,
    },
    units: {
      metricName: "ElastiCacheProcessingUnits",
      statistic: "Sum",
      threshold: maximumUnitsPerSecond * 60 * 0.8,
      description: `${title} is over 80 % of its maximumUnitsPerSecond: raise them, or look for large values.`,
    },
    throttles: {
      metricName: "ThrottledCmds",
      statistic: "Sum",
      threshold: 0,
      description: `${title} refuses commands: raise maximumUnitsPerSecond, or spread hot keys.`,
    },
    ...sharedMetrics(settings, title),
    ...signInMetrics(settings, title),
  };
  addAlarms(scope, settings, "", metrics, { clusterId: cacheName });
}

function nodeMetrics(settings: Settings, title: string): Metrics {
  return {
    cpu: {
      metricName: "EngineCPUUtilization",
      statistic: "Maximum",
      threshold: 80,
      description: `${title}: its one thread is over 80 % busy: look at the slow log, then add shards or replicas.`,
    },
    memory: {
      metricName: "DatabaseMemoryUsagePercentage",
      statistic: "Maximum",
      threshold: 80,
      description: `${title} is over 80 % full: take larger nodes, or give keys shorter TTLs.`,
    },
    ...sharedMetrics(settings, title),
    ...(settings.replicas > 0 && {
      lag: {
        metricName: "ReplicationLag",
        statistic: "Maximum",
        threshold: settings.alarmReplicationLagSeconds,
        description: `${title} lags behind its primary: writes would be lost if it took over now.`,
      },
    }),
    ...signInMetrics(settings, title),
  };
}

function sharedMetrics(settings: Settings, title: string): Metrics {
  return {
    evictions: {
      metricName: "Evictions",
      statistic: "Sum",
      threshold: settings.alarmEvictionsPerMinute,
      description: `${title} throws out keys to make room: take more memory, or give keys shorter TTLs.`,
    },
    connections: {
      metricName: "CurrConnections",
      statistic: "Maximum",
      threshold: settings.alarmConnections,
      description: `${title} has over ${settings.alarmConnections} connections: look for clients that leave theirs open.`,
    },
  };
}

function signInMetrics({ authentication }: Settings, title: string): Metrics {
  if (authentication === "none") return {};
  return {
    failures: {
      metricName: "AuthenticationFailures",
      statistic: "Sum",
      threshold: 0,
      description: `${title} refuses who signs in: a client has an old password or lacks a right, or it is none of ours.`,
    },
  };
}

function addAlarms(
  scope: Construct,
  settings: Settings,
  prefix: string,
  metrics: Metrics,
  dimensions: Readonly<Record<string, string>>,
): void {
  const { alarmTopicArn, label, name } = settings;
  for (const [id, metric] of Object.entries(metrics)) {
    new Alarm(scope, `${prefix}${id}-alarm`, {
      ...metric,
      name: label.name(`${name}-cache-${prefix}${id}`, 255),
      namespace: "AWS/ElastiCache",
      dimensions,
      topicArn: alarmTopicArn,
    });
  }
}
