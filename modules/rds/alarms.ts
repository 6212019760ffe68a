import type { Construct } from "constructs";
import { Alarm, type AlarmConfig } from "../internal/alarm";
import type { Settings } from "./config";
import { ENGINES } from "./engines";

/** Bytes in a MiB and in a GiB. */
const MEBIBYTE = 1024 ** 2;
const GIBIBYTE = 1024 ** 3;

/** GiB of an Aurora instance's own disk, which holds temporary files, below which an alarm goes off. */
const LOCAL_STORAGE_GIGABYTES = 2;

type Metric = Pick<AlarmConfig, "metricName" | "statistic" | "threshold" | "description"> &
  Pick<Partial<AlarmConfig>, "comparison">;

/**
 * Alarms of an instance on processor, memory, storage and connections.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 */
export function addInstanceAlarms(scope: Construct, settings: Settings, identifier: string): void {
  const title = `Database ${settings.name}`;
  const metrics: Readonly<Record<string, Metric>> = {
    ...sharedMetrics(settings, title),
    storage: {
      metricName: "FreeStorageSpace",
      statistic: "Minimum",
      comparison: "LessThanThreshold",
      // Storage grows when a tenth of it is left; half of that is left only when it cannot grow.
      threshold: Math.round((settings.allocatedGigabytes as number) * GIBIBYTE * 0.05),
      description: `${title} runs out of storage: raise maximumGigabytes, and look for what fills it.`,
    },
  };
  addAlarms(scope, settings, metrics, { DBInstanceIdentifier: identifier });
}

/**
 * Alarms of a cluster, each on the worst of its instances.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
export function addClusterAlarms(scope: Construct, settings: Settings, identifier: string): void {
  const title = `Database ${settings.name}`;
  const metrics: Readonly<Record<string, Metric>> = {
    ...sharedMetrics(settings, title),
    storage: {
      metricName: "FreeLocalStorage",
      statistic: "Minimum",
      comparison: "LessThanThreshold",
      threshold: LOCAL_STORAGE_GIGABYTES * GIBIBYTE,
      description: `${title}: temporary files fill an instance's own disk: look for large sorts, or take larger instances.`,
    },
    deadlocks: {
      metricName: "Deadlocks",
      statistic: "Average",
      threshold: 0,
      description: `${title}: transactions wait for each other, and one of them fails: look at the order of their locks.`,
    },
    ...(settings.replicas > 0 && {
      lag: {
        metricName: "AuroraReplicaLagMaximum",
        statistic: "Maximum",
        // In milliseconds.
        threshold: settings.alarmReplicaLagSeconds * 1000,
        description: `${title}: a replica lags behind: look at its load, and for many writes at once.`,
      },
    }),
    ...(settings.maximumCapacityUnits !== undefined && {
      capacity: {
        metricName: "ACUUtilization",
        statistic: "Maximum",
        threshold: 90,
        description: `${title} has nearly reached its maximumCapacityUnits: raise them, or look for what needs so many.`,
      },
    }),
  };
  addAlarms(scope, settings, metrics, { DBClusterIdentifier: identifier });
}

function sharedMetrics(settings: Settings, title: string): Readonly<Record<string, Metric>> {
  const { maximumConnections, alarmFreeMemoryMegabytes } = settings;
  return {
    cpu: {
      metricName: "CPUUtilization",
      statistic: ENGINES[settings.engine].aurora ? "Maximum" : "Average",
      threshold: 80,
      description: `${title} is over 80 % busy: look at Performance Insights for the statements that take the time.`,
    },
    memory: {
      metricName: "FreeableMemory",
      statistic: "Minimum",
      comparison: "LessThanThreshold",
      threshold: alarmFreeMemoryMegabytes * MEBIBYTE,
      description: `${title} is short of memory: take a larger class, or fewer connections.`,
    },
    connections: {
      metricName: "DatabaseConnections",
      statistic: "Maximum",
      threshold: Math.floor(maximumConnections * 0.8),
      description: `${title} has over four fifths of its ${maximumConnections} connections: look at the clients' pools.`,
    },
  };
}

function addAlarms(
  scope: Construct,
  settings: Settings,
  metrics: Readonly<Record<string, Metric>>,
  dimensions: Readonly<Record<string, string>>,
): void {
  const { alarmTopicArn, label, name } = settings;
  for (const [id, metric] of Object.entries(metrics)) {
    new Alarm(scope, `${id}-alarm`, {
      ...metric,
      name: label.name(`${name}-rds-${id}`, 255),
      namespace: "AWS/RDS",
      dimensions,
      topicArn: alarmTopicArn,
    });
  }
}
