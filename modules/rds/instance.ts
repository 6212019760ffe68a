import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { Construct } from "constructs";
import type { Settings } from "./config";
import { parameterFamily } from "./engines";
import { addLogGroups } from "./logs";
import { addObservation } from "./observation";
import { furtherParameters, serverParameters, tlsParameters } from "./parameters";
import type { Server, ServerParts } from "./server";

/** GiB of the largest volume. */
const MAXIMUM_GIGABYTES = 65_536;

/** One instance outside Aurora, with its standby and its replicas. */
export class Instance extends Construct implements Server {
  readonly identifier: string;
  readonly arn: string;
  readonly address: string;
  readonly port: number;
  readonly replicaAddresses: readonly string[];
  /** Names that RDS knows the replicas by. */
  readonly replicaIdentifiers: readonly string[];
  readonly resourceId: string;
  readonly masterSecretArn: string;

  constructor(scope: Construct, id: string, settings: Settings, parts: ServerParts) {
    super(scope, id);
    const { label, name } = settings;
    const identifier = label.name(name, 63);
    const observation = addObservation(this, settings);
    const shared = {
      ...observation.arguments,
      instanceClass: settings.instanceClass,
      storageType: "gp3",
      ...volume(settings),
      port: settings.port,
      publiclyAccessible: false,
      vpcSecurityGroupIds: [parts.securityGroupId],
      parameterGroupName: this.addParameters(settings).name,
      iamDatabaseAuthenticationEnabled: true,
      enabledCloudwatchLogsExports: [...settings.logExports],
      autoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
      maintenanceWindow: settings.maintenanceWindow,
      copyTagsToSnapshot: true,
      applyImmediately: settings.applyImmediately,
      storageEncrypted: true,
    };
    const primary = new DbInstance(this, "primary", {
      ...shared,
      ...source(settings),
      identifier,
      engine: settings.engine,
      engineVersion: settings.engineVersion,
      allowMajorVersionUpgrade: settings.allowMajorVersionUpgrade,
      allocatedStorage: settings.allocatedGigabytes as number,
      // A replica in the same region has its source's key, and may not name one.
      kmsKeyId: settings.kmsKeyArn,
      dbSubnetGroupName: parts.subnetGroupName,
      multiAz: settings.multiAz,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: settings.kmsKeyArn,
      backupRetentionPeriod: settings.backupRetentionDays,
      backupWindow: settings.backupWindow,
      deletionProtection: settings.deletionProtection,
      deleteAutomatedBackups: settings.skipFinalSnapshot,
      skipFinalSnapshot: settings.skipFinalSnapshot,
      ...(parts.finalSnapshotName !== undefined && { finalSnapshotIdentifier: parts.finalSnapshotName }),
      ...(settings.blueGreenUpdates && { blueGreenUpdate: { enabled: true } }),
      lifecycle: { preventDestroy: settings.deletionProtection },
      dependsOn: [...addLogGroups(this, "instance", identifier, settings), ...observation.dependsOn],
    });
    const replicas = Array.from({ length: settings.replicas }, (_, index) => {
      const replica = label.name(`${name}-replica-${index + 1}`, 63);
      const within = new Construct(this, `replica-${index + 1}`);
      const logs: CloudwatchLogGroup[] = addLogGroups(within, "instance", replica, settings);
      return new DbInstance(within, "instance", {
        ...shared,
        identifier: replica,
        replicateSourceDb: primary.identifier,
        availabilityZone: zoneOf(settings, index),
        multiAz: false,
        skipFinalSnapshot: true,
        dependsOn: [...logs, ...observation.dependsOn],
      });
    });
    this.identifier = primary.identifier;
    this.arn = primary.arn;
    this.address = primary.address;
    this.port = primary.port;
    this.replicaAddresses = replicas.map(({ address }) => address);
    this.replicaIdentifiers = replicas.map((replica) => replica.identifier);
    this.resourceId = primary.resourceId;
    this.masterSecretArn = primary.masterUserSecret.get(0).secretArn;
  }

  private addParameters(settings: Settings): DbParameterGroup {
    const { engine, label, name } = settings;
    const family = parameterFamily(settings);
    return new DbParameterGroup(this, "parameters", {
      // Another family is another group, made before the old one goes.
      name: label.name(`${name}-${family.replaceAll(".", "-")}`, 255),
      description: `Parameters of database ${name}`,
      family,
      parameter: [
        ...tlsParameters(engine),
        ...serverParameters(settings),
        ...furtherParameters(settings.parameters),
      ],
      lifecycle: { createBeforeDestroy: true },
    });
  }
}

/** Zones in turn, so that one after the other takes part. */
function zoneOf({ availabilityZones }: Settings, index: number): string {
  return availabilityZones[index % availabilityZones.length] as string;
}

/** Speed of the volume, and how far it grows. */
function volume({ allocatedGigabytes, maximumGigabytes, storageIops, storageThroughputMegabytes }: Settings) {
  return {
    maxAllocatedStorage: maximumGigabytes ?? Math.min((allocatedGigabytes as number) * 2, MAXIMUM_GIGABYTES),
    ...(storageIops !== undefined && { iops: storageIops }),
    ...(storageThroughputMegabytes !== undefined && { storageThroughput: storageThroughputMegabytes }),
  };
}

/** A new database with its names, or one made of another, which has its names already. */
function source(settings: Settings) {
  const { restoreSourceIdentifier, restoreTime, snapshotIdentifier } = settings;
  if (snapshotIdentifier !== undefined) return { snapshotIdentifier };
  if (restoreSourceIdentifier !== undefined) {
    return {
      restoreToPointInTime: {
        sourceDbInstanceIdentifier: restoreSourceIdentifier,
        ...(restoreTime === undefined ? { useLatestRestorableTime: true } : { restoreTime }),
      },
    };
  }
  return { dbName: settings.databaseName, username: settings.masterUsername };
}
