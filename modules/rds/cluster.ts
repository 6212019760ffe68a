import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { RdsCluster } from "@cdktf/provider-aws/lib/rds-cluster";
import { RdsClusterInstance } from "@cdktf/provider-aws/lib/rds-cluster-instance";
import { RdsClusterParameterGroup } from "@cdktf/provider-aws/lib/rds-cluster-parameter-group";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "./config";
import { parameterFamily } from "./engines";
import { addLogGroups } from "./logs";
import { addObservation } from "./observation";
import { furtherParameters, serverParameters, tlsParameters } from "./parameters";
import type { Server, ServerParts } from "./server";

/** An Aurora cluster: one writer and its replicas, over storage that three zones keep. */
export class Cluster extends Construct implements Server {
  readonly identifier: string;
  readonly arn: string;
  readonly address: string;
  readonly port: number;
  readonly readerAddress: string;
  readonly resourceId: string;
  readonly masterSecretArn: string;

  constructor(scope: Construct, id: string, settings: Settings, parts: ServerParts) {
    super(scope, id);
    const { label, name } = settings;
    const identifier = label.name(name, 63);
    const instanceParameters = this.addInstanceParameters(settings);
    const cluster = new RdsCluster(this, "cluster", {
      clusterIdentifier: identifier,
      engine: settings.engine,
      engineVersion: settings.engineVersion,
      allowMajorVersionUpgrade: settings.allowMajorVersionUpgrade,
      // An upgrade takes the instances along, and with them their parameters.
      ...(settings.allowMajorVersionUpgrade && { dbInstanceParameterGroupName: instanceParameters.name }),
      ...source(settings),
      ...capacity(settings),
      ...(settings.ioOptimized && { storageType: "aurora-iopt1" }),
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: settings.kmsKeyArn,
      port: settings.port,
      dbSubnetGroupName: parts.subnetGroupName,
      vpcSecurityGroupIds: [parts.securityGroupId],
      dbClusterParameterGroupName: this.addParameters(settings).name,
      iamDatabaseAuthenticationEnabled: true,
      storageEncrypted: true,
      kmsKeyId: settings.kmsKeyArn,
      enabledCloudwatchLogsExports: [...settings.logExports],
      backupRetentionPeriod: settings.backupRetentionDays,
      preferredBackupWindow: settings.backupWindow,
      preferredMaintenanceWindow: settings.maintenanceWindow,
      copyTagsToSnapshot: true,
      applyImmediately: settings.applyImmediately,
      deletionProtection: settings.deletionProtection,
      deleteAutomatedBackups: settings.skipFinalSnapshot,
      skipFinalSnapshot: settings.skipFinalSnapshot,
      ...(parts.finalSnapshotName !== undefined && { finalSnapshotIdentifier: parts.finalSnapshotName }),
      lifecycle: { preventDestroy: settings.deletionProtection },
      dependsOn: addLogGroups(this, "cluster", identifier, settings),
    });
    const observation = addObservation(this, settings);
    const [writer, ...replicas] = Array.from({ length: settings.replicas + 1 }, (_, index) => {
      return new RdsClusterInstance(this, `instance-${index + 1}`, {
        ...observation.arguments,
        identifier: label.name(`${name}-${index + 1}`, 63),
        clusterIdentifier: cluster.id,
        engine: settings.engine,
        instanceClass: settings.instanceClass,
        availabilityZone: settings.availabilityZones[index % settings.availabilityZones.length] as string,
        dbSubnetGroupName: parts.subnetGroupName,
        dbParameterGroupName: instanceParameters.name,
        publiclyAccessible: false,
        // The first two take over from one another before others do, so that Serverless v2 keeps them at one size.
        promotionTier: Math.min(index, 2),
        autoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
        preferredMaintenanceWindow: settings.maintenanceWindow,
        copyTagsToSnapshot: true,
        applyImmediately: settings.applyImmediately,
        dependsOn: [...observation.dependsOn],
      });
    }) as [RdsClusterInstance, ...RdsClusterInstance[]];
    // As the writer has it, and so once there is one.
    this.identifier = writer.clusterIdentifier;
    this.arn = cluster.arn;
    this.address = onceThere(cluster.endpoint, [writer]);
    this.port = cluster.port;
    this.readerAddress = onceThere(cluster.readerEndpoint, [writer, ...replicas]);
    this.resourceId = cluster.clusterResourceId;
    this.masterSecretArn = cluster.masterUserSecret.get(0).secretArn;
  }

  private addParameters(settings: Settings): RdsClusterParameterGroup {
    const { name } = settings;
    return new RdsClusterParameterGroup(this, "parameters", {
      ...groupNames(settings),
      description: `Parameters of database cluster ${name}`,
      parameter: [...tlsParameters(settings.engine), ...furtherParameters(settings.parameters)],
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private addInstanceParameters(settings: Settings): DbParameterGroup {
    return new DbParameterGroup(this, "instance-parameters", {
      ...groupNames(settings),
      description: `Parameters of the instances of database cluster ${settings.name}`,
      parameter: serverParameters(settings),
      lifecycle: { createBeforeDestroy: true },
    });
  }
}

/** A cluster has its addresses minutes before it has an instance that answers there: what is given one waits for that. */
function onceThere(address: string, instances: readonly RdsClusterInstance[]): string {
  return Token.asString(Fn.element([address, ...instances.map(({ id }) => id)], 0));
}

/** Another family is another group, made before the old one goes. */
function groupNames(settings: Settings) {
  const family = parameterFamily(settings);
  return { name: settings.label.name(`${settings.name}-${family.replaceAll(".", "-")}`, 255), family };
}

/** Limits of Serverless v2. */
function capacity({ minimumCapacityUnits, maximumCapacityUnits, pauseAfterSeconds }: Settings) {
  if (minimumCapacityUnits === undefined || maximumCapacityUnits === undefined) return {};
  return {
    serverlessv2ScalingConfiguration: {
      minCapacity: minimumCapacityUnits,
      maxCapacity: maximumCapacityUnits,
      ...(minimumCapacityUnits === 0 && { secondsUntilAutoPause: pauseAfterSeconds ?? 300 }),
    },
  };
}

/** A new database with its names, or one made of another, which has its names already. */
function source(settings: Settings) {
  const { restoreSourceIdentifier, restoreTime, snapshotIdentifier } = settings;
  if (snapshotIdentifier !== undefined) return { snapshotIdentifier };
  if (restoreSourceIdentifier !== undefined) {
    return {
      restoreToPointInTime: {
        sourceClusterIdentifier: restoreSourceIdentifier,
        restoreType: "full-copy",
        ...(restoreTime === undefined ? { useLatestRestorableTime: true } : { restoreToTime: restoreTime }),
      },
    };
  }
  return { databaseName: settings.databaseName, masterUsername: settings.masterUsername };
}
