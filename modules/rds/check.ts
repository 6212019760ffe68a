import { Token } from "cdktf";
import { checkAll, checkKnown, checkWholeNumber } from "../internal/check";
import type { RdsEngine, Settings } from "./config";
import { ENGINES, isFullVersion } from "./engines";
import { ownParameters } from "./parameters";

/** Instances of a cluster besides its writer. */
const MAXIMUM_REPLICAS = 15;
/** GiB of the smallest gp3 volume, and of the smallest whose speed can be chosen, with these engines. */
const SMALLEST_VOLUME = 20;
const SMALLEST_FAST_VOLUME = 400;

/**
 * Checks what can be known before a deployment.
 *
 * @throws Error with one line for each thing that is wrong
 */
export function checkConfig(settings: Settings): void {
  checkKnown(settings, [
    "allocatedGigabytes",
    "maximumConnections",
    "replicas",
    "slowStatementMilliseconds",
    "alarmFreeMemoryMegabytes",
    "alarmReplicaLagSeconds",
  ]);
  checkAll(
    [checkNames, checkVersion, checkZones, checkReplicas, checkStorage, checkCapacity, checkBackups]
      .concat(checkRestore, checkObservation, checkParameters, checkNumbers)
      .map((check) => () => check(settings)),
  );
}

function checkNames({ engine, name, databaseName, masterUsername, instanceClass }: Settings): void {
  check(/^[a-z][a-z0-9-]*$/, "name", name, "of lower-case letters, digits and hyphens, a letter first");
  check(
    /^[A-Za-z]\w{0,62}$/,
    "databaseName",
    databaseName,
    "a letter, then at most 62 letters, digits and underscores",
  );
  check(
    /^[A-Za-z]\w{0,15}$/,
    "masterUsername",
    masterUsername,
    "a letter, then at most 15 letters, digits and underscores",
  );
  check(/^db\./, "instanceClass", instanceClass, "a class of RDS such as db.r7g.large");
  const reserved = ENGINES[engine].proxyFamily === "POSTGRESQL" ? ["rdsadmin", "admin"] : ["rdsadmin"];
  if (reserved.includes(masterUsername)) {
    throw new Error(`masterUsername must not be "${masterUsername}", which ${engine} keeps for itself`);
  }
}

function checkVersion(settings: Settings): void {
  const { autoMinorVersionUpgrade, engine, engineVersion } = settings;
  if (!isKnown(engineVersion)) return;
  const { versions, versionExamples } = ENGINES[engine];
  check(versions, "engineVersion", engineVersion, `a version of ${engine} such as ${versionExamples}`);
  if (autoMinorVersionUpgrade && isFullVersion(settings)) {
    // AWS goes on to the next minor version, and the next deployment would ask for the old one, which AWS refuses.
    throw new Error(
      `engineVersion must be a major version when autoMinorVersionUpgrade is true, got "${engineVersion}"`,
    );
  }
}

function checkZones({ availabilityZones, subnetIds, multiAz }: Settings): void {
  const zones = new Set(availabilityZones).size;
  if (zones < 2) {
    const why = multiAz ? "when multiAz is true" : "for the subnet group, even when multiAz is false";
    throw new Error(`availabilityZones must hold at least 2 zones ${why}, got ${zones}`);
  }
  // A list that is itself a token has no length yet.
  if (isKnown(subnetIds) && subnetIds.length !== availabilityZones.length) {
    throw new Error(
      `subnetIds must hold one subnet for each of the ${availabilityZones.length} availabilityZones, got ${subnetIds.length}`,
    );
  }
}

function checkReplicas({ engine, multiAz, replicas }: Settings): void {
  checkWholeNumber("replicas", replicas, 0, MAXIMUM_REPLICAS);
  const { aurora } = ENGINES[engine];
  if (!aurora && replicas > 0) {
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations
    throw new Error(
      `replicas must be 0 with ${engine}: RDS makes none of an instance whose password it keeps, and Aurora does, got ${replicas}`,
    );
  }
  if (aurora && multiAz && replicas === 0) {
    throw new Error(
      `replicas must be at least 1 with ${engine} when multiAz is true, as a replica takes over, got 0`,
    );
  }
}

function checkStorage(settings: Settings): void {
  const { allocatedGigabytes, engine, ioOptimized, maximumGigabytes } = settings;
  const ofInstances = [
    "allocatedGigabytes",
    "maximumGigabytes",
    "storageIops",
    "storageThroughputMegabytes",
  ] as const;
  if (ENGINES[engine].aurora) {
    const given = ofInstances.find((field) => settings[field] !== undefined);
    if (given === undefined) return;
    throw new Error(
      `${given} must be left out with ${engine}, whose storage takes what it needs, got ${settings[given]}`,
    );
  }
  if (ioOptimized !== undefined) {
    throw new Error(`ioOptimized must be left out with ${engine}, as it is Aurora's, got ${ioOptimized}`);
  }
  if (allocatedGigabytes === undefined) {
    throw new Error(`allocatedGigabytes must be set with ${engine}, got undefined`);
  }
  checkWholeNumber("allocatedGigabytes", allocatedGigabytes, SMALLEST_VOLUME, 65_536);
  if (maximumGigabytes !== undefined) {
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
    checkWholeNumber("maximumGigabytes", maximumGigabytes, Math.ceil(allocatedGigabytes * 1.1), 65_536);
  }
  const fast = (["storageIops", "storageThroughputMegabytes"] as const).find(
    (field) => settings[field] !== undefined,
  );
  if (fast !== undefined && allocatedGigabytes < SMALLEST_FAST_VOLUME) {
    throw new Error(
      `${fast} must be left out below ${SMALLEST_FAST_VOLUME} allocatedGigabytes, got ${settings[fast]} with ${allocatedGigabytes}`,
    );
  }
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
  if (settings.storageIops !== undefined)
    checkWholeNumber("storageIops", settings.storageIops, 12_000, 64_000);
  if (settings.storageThroughputMegabytes !== undefined) {
    checkWholeNumber("storageThroughputMegabytes", settings.storageThroughputMegabytes, 500, 4000);
  }
}

function checkCapacity({ engine, instanceClass, ...settings }: Settings): void {
  const { maximumCapacityUnits: most, minimumCapacityUnits: least, pauseAfterSeconds: pause } = settings;
  if (instanceClass !== "db.serverless") {
    const given = (["minimumCapacityUnits", "maximumCapacityUnits", "pauseAfterSeconds"] as const).find(
      (field) => settings[field] !== undefined,
    );
    if (given === undefined) return;
    throw new Error(
      `${given} must be left out with instanceClass "${instanceClass}", as it is db.serverless's, got ${settings[given]}`,
    );
  }
  if (!ENGINES[engine].aurora) {
    throw new Error(`instanceClass must not be "db.serverless" with ${engine}, as it is Aurora's`);
  }
  if (least === undefined || most === undefined) {
    throw new Error(
      `minimumCapacityUnits and maximumCapacityUnits must be set with "db.serverless", got ${least} and ${most}`,
    );
  }
  // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html
  checkHalves("minimumCapacityUnits", least, 0, 256);
  checkHalves("maximumCapacityUnits", most, 1, 256);
  if (least > most) {
    throw new Error(
      `minimumCapacityUnits must not be more than the ${most} maximumCapacityUnits, got ${least}`,
    );
  }
  if (pause === undefined) return;
  if (least > 0)
    throw new Error(`pauseAfterSeconds must be left out unless minimumCapacityUnits is 0, got ${pause}`);
  checkWholeNumber("pauseAfterSeconds", pause, 300, 86_400);
}

function checkBackups(settings: Settings): void {
  const { backupRetentionDays, backupWindow, engine, maintenanceWindow } = settings;
  checkWholeNumber("backupRetentionDays", backupRetentionDays, ENGINES[engine].aurora ? 1 : 0, 35);
  check(
    /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/,
    "backupWindow",
    backupWindow,
    "hh:mm-hh:mm in UTC",
  );
  const day = "(mon|tue|wed|thu|fri|sat|sun)";
  const time = "([01]\\d|2[0-3]):[0-5]\\d";
  check(
    new RegExp(`^${day}:${time}-${day}:${time}$`),
    "maintenanceWindow",
    maintenanceWindow,
    "ddd:hh:mm-ddd:hh:mm in UTC",
  );
}

function checkRestore(settings: Settings): void {
  const { restoreSourceIdentifier, restoreTime, snapshotIdentifier } = settings;
  if (snapshotIdentifier !== undefined && restoreSourceIdentifier !== undefined) {
    throw new Error(
      `snapshotIdentifier must be left out with restoreSourceIdentifier, got "${snapshotIdentifier}"`,
    );
  }
  if (restoreTime === undefined) return;
  if (restoreSourceIdentifier === undefined) {
    throw new Error(`restoreTime must be left out without restoreSourceIdentifier, got "${restoreTime}"`);
  }
  check(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    "restoreTime",
    restoreTime,
    "a second in UTC such as 2030-01-31T12:00:00Z",
  );
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html */
const WITHOUT_INSIGHTS: Readonly<Partial<Record<RdsEngine, RegExp>>> = {
  mysql: /^db\.t(2|3|4g)\.(micro|small)$/,
  mariadb: /^db\.t(2|3|4g)\.(micro|small)$/,
  "aurora-mysql": /^db\.(t2|t3)\./,
};

function checkObservation({
  engine,
  instanceClass,
  performanceInsightsRetentionDays: kept,
  monitoringIntervalSeconds,
}: Settings): void {
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.cost.html
  const takes = kept === 0 || kept === 7 || kept === 731 || (kept > 0 && kept <= 713 && kept % 31 === 0);
  if (isKnown(kept) && !takes) {
    throw new Error(
      `performanceInsightsRetentionDays must be 0, 7, a multiple of 31 up to 713, or 731, got ${kept}`,
    );
  }
  if (isKnown(kept) && isKnown(instanceClass) && kept > 0 && WITHOUT_INSIGHTS[engine]?.test(instanceClass)) {
    throw new Error(
      `performanceInsightsRetentionDays must be 0 with ${engine} on ${instanceClass}, which Performance Insights does not take, got ${kept}`,
    );
  }
  if (isKnown(monitoringIntervalSeconds) && ![0, 1, 5, 10, 15, 30, 60].includes(monitoringIntervalSeconds)) {
    throw new Error(
      `monitoringIntervalSeconds must be 0, 1, 5, 10, 15, 30 or 60, got ${monitoringIntervalSeconds}`,
    );
  }
}

function checkParameters(settings: Settings): void {
  const own = ownParameters(settings);
  const taken = Object.keys(settings.parameters).find((name) => own.includes(name));
  if (taken !== undefined) throw new Error(`parameters must not hold "${taken}", which this module sets`);
}

function checkNumbers(settings: Settings): void {
  checkAll([
    () => checkWholeNumber("port", settings.port, 1150, 65_535),
    () => checkWholeNumber("maximumConnections", settings.maximumConnections, 10, 16_000),
    () => checkWholeNumber("slowStatementMilliseconds", settings.slowStatementMilliseconds, 1),
    () => checkWholeNumber("proxyConnectionsPercent", settings.proxyConnectionsPercent, 1, 100),
    () => checkWholeNumber("alarmFreeMemoryMegabytes", settings.alarmFreeMemoryMegabytes, 1),
    () => checkWholeNumber("alarmReplicaLagSeconds", settings.alarmReplicaLagSeconds, 1),
    () => {
      const days = settings.masterPasswordRotationDays;
      if (days !== undefined) checkWholeNumber("masterPasswordRotationDays", days, 1, 1000);
    },
  ]);
}

function checkHalves(field: string, value: number, least: number, most: number): void {
  if (!isKnown(value)) return;
  if (Number.isInteger(value * 2) && value >= least && value <= most) return;
  throw new Error(`${field} must be in halves from ${least} to ${most}, got ${value}`);
}

function check(pattern: RegExp, field: string, value: string, shape: string): void {
  if (isKnown(value) && !pattern.test(value)) throw new Error(`${field} must be ${shape}, got "${value}"`);
}

function isKnown(value: unknown): boolean {
  return !Token.isUnresolved(value);
}
