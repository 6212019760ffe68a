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

/** One instance outside Aurora, with its standby. */
export class Instance extends Construct implements Server {
  readonly identifier: string;
  readonly arn: string;
  readonly address: string;
  readonly port: number;
  readonly resourceId: string;
  readonly masterSecretArn: string;

  constructor(scope: Construct, id: string, settings: Settings, parts: ServerParts) {
    super(scope, id);
    const { label, name } = settings;
    const identifier = label.name(name, 63);
    const observation = addObservation(this, settings);
    const instance = new DbInstance(this, "primary", {
      ...observation.arguments,
      ...source(settings),
      identifier,
      engine: settings.engine,
      engineVersion: settings.engineVersion,
      allowMajorVersionUpgrade: settings.allowMajorVersionUpgrade,
      autoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
      instanceClass: settings.instanceClass,
      parameterGroupName: this.addParameters(settings).name,
      storageType: "gp3",
      allocatedStorage: settings.allocatedGigabytes as number,
      ...volume(settings),
      storageEncrypted: true,
      kmsKeyId: settings.kmsKeyArn,
      multiAz: settings.multiAz,
      dbSubnetGroupName: parts.subnetGroupName,
      vpcSecurityGroupIds: [parts.securityGroupId],
      publiclyAccessible: false,
      port: settings.port,
      iamDatabaseAuthenticationEnabled: true,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: settings.kmsKeyArn,
      enabledCloudwatchLogsExports: [...settings.logExports],
      backupRetentionPeriod: settings.backupRetentionDays,
      backupWindow: settings.backupWindow,
      copyTagsToSnapshot: true,
      maintenanceWindow: settings.maintenanceWindow,
      applyImmediately: settings.applyImmediately,
      deletionProtection: settings.deletionProtection,
      deleteAutomatedBackups: settings.skipFinalSnapshot,
      skipFinalSnapshot: settings.skipFinalSnapshot,
      ...(parts.finalSnapshotName !== undefined && { finalSnapshotIdentifier: parts.finalSnapshotName }),
      lifecycle: { preventDestroy: settings.deletionProtection },
      dependsOn: [...addLogGroups(this, "instance", identifier, settings), ...observation.dependsOn],
    });
    this.identifier = instance.identifier;
    this.arn = instance.arn;
    this.address = instance.address;
    this.port = instance.port;
    this.resourceId = instance.resourceId;
    this.masterSecretArn = instance.masterUserSecret.get(0).secretArn;
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
