import type { RdsConfig, RdsEngine, Settings } from "./config";

/** What differs from engine to engine. */
export interface EngineFacts {
  /** Data is in a cluster's shared storage. */
  readonly aurora: boolean;
  /** Port of a server without another. */
  readonly port: number;
  /** Protocol, as RDS Proxy names it. */
  readonly proxyFamily: "POSTGRESQL" | "MYSQL";
  /** Versions that are taken; the first group is the major one, which names the parameter group's family. */
  readonly versions: RegExp;
  /** Versions for the reader of an error: a major one, and one in full. */
  readonly versionExamples: string;
  /** Logs sent to CloudWatch unless others are named. */
  readonly logExports: readonly string[];
}

const POSTGRES = {
  port: 5432,
  proxyFamily: "POSTGRESQL",
  // log_parameter_max_length, by which parameters stay out of the logs, is there from 13 on.
  versions: /^(1[3-9]|[2-9]\d)(\.\d+)?$/,
} as const;
const MYSQL = { port: 3306, proxyFamily: "MYSQL", logExports: ["error", "slowquery"] } as const;

/** Facts of every engine. */
export const ENGINES: Readonly<Record<RdsEngine, EngineFacts>> = {
  "aurora-postgresql": {
    ...POSTGRES,
    aurora: true,
    versionExamples: "16 or 16.8",
    logExports: ["postgresql"],
  },
  postgres: {
    ...POSTGRES,
    aurora: false,
    versionExamples: "16 or 16.8",
    logExports: ["postgresql", "upgrade"],
  },
  "aurora-mysql": {
    ...MYSQL,
    aurora: true,
    versions: /^(8\.0)(\.mysql_aurora\.3\.\d+\.\d+)?$/,
    versionExamples: "8.0 or 8.0.mysql_aurora.3.08.2",
  },
  mysql: {
    ...MYSQL,
    aurora: false,
    versions: /^(8\.0|8\.4)(\.\d+)?$/,
    versionExamples: "8.4 or 8.4.5",
  },
  mariadb: {
    ...MYSQL,
    aurora: false,
    // IAM authentication, and with it this module, begins with 10.6:
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
    versions: /^(10\.6|10\.11|11\.\d+)(\.\d+)?$/,
    versionExamples: "11.4 or 11.4.5",
  },
};

/**
 * Family of the parameter groups of a version, e.g. `postgres16`.
 *
 * @param config `engineVersion` is one of the engine's
 */
export function parameterFamily({ engine, engineVersion }: RdsConfig): string {
  return `${engine}${ENGINES[engine].versions.exec(engineVersion)?.[1] ?? engineVersion}`;
}

/** Whether a version is one in full, and not one of which AWS takes the latest minor. */
export function isFullVersion({ engine, engineVersion }: RdsConfig): boolean {
  return ENGINES[engine].versions.exec(engineVersion)?.[2] !== undefined;
}

/** MiB of memory that are little, of sizes of which the system takes most. */
const LITTLE_MEMORY: Readonly<Record<string, number>> = { micro: 64, small: 128 };

/** Puts every default in its place. */
export function withDefaults(config: RdsConfig): Settings {
  const facts = ENGINES[config.engine];
  const multiAz = config.multiAz ?? true;
  return {
    ...config,
    multiAz,
    masterUsername: config.masterUsername ?? "administrator",
    port: config.port ?? facts.port,
    replicas: config.replicas ?? (facts.aurora && multiAz ? 1 : 0),
    logExports: config.logExports ?? facts.logExports,
    slowStatementMilliseconds: config.slowStatementMilliseconds ?? 1000,
    parameters: config.parameters ?? {},
    backupRetentionDays: config.backupRetentionDays ?? 7,
    backupWindow: config.backupWindow ?? "03:00-04:00",
    maintenanceWindow: config.maintenanceWindow ?? "sun:04:30-sun:05:30",
    autoMinorVersionUpgrade: config.autoMinorVersionUpgrade ?? true,
    allowMajorVersionUpgrade: config.allowMajorVersionUpgrade ?? false,
    applyImmediately: config.applyImmediately ?? false,
    proxySecretArns: config.proxySecretArns ?? [],
    proxyConnectionsPercent: config.proxyConnectionsPercent ?? 80,
    performanceInsightsRetentionDays: config.performanceInsightsRetentionDays ?? 7,
    monitoringIntervalSeconds: config.monitoringIntervalSeconds ?? 60,
    alarmFreeMemoryMegabytes:
      config.alarmFreeMemoryMegabytes ?? LITTLE_MEMORY[config.instanceClass.split(".").at(-1) ?? ""] ?? 256,
    alarmReplicaLagSeconds: config.alarmReplicaLagSeconds ?? 1,
    skipFinalSnapshot: config.skipFinalSnapshot ?? false,
  };
}
