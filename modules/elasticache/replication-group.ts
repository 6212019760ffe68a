import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { Construct } from "constructs";
import { FinalSnapshotName } from "../internal/final-snapshot";
import type { Cache, CacheParts } from "./cache";
import type { Settings } from "./config";
import { addParameterGroup } from "./parameter-group";

/** Logs that Valkey and Redis write. */
const LOGS = ["slow-log", "engine-log"];

/** Nodes of Valkey or Redis: primaries and their replicas. */
export class ReplicationGroup extends Construct implements Cache {
  readonly cacheName: string;
  readonly arn: string;
  readonly address: string;
  readonly port: number;
  readonly readerAddress?: string;
  readonly readerPort?: number;
  /** Names of the nodes, which their metrics have. */
  readonly nodeNames: readonly string[];

  constructor(scope: Construct, id: string, settings: Settings, parts: CacheParts) {
    super(scope, id);
    const { label, mode, name, replicas, shards, tls } = settings;
    const subnets = new ElasticacheSubnetGroup(this, "subnets", {
      name: label.name(name, 255),
      description: `Subnets of cache ${name}`,
      subnetIds: [...settings.subnetIds],
    });
    const group = new ElasticacheReplicationGroup(this, "group", {
      replicationGroupId: label.name(name, 40),
      description: `Cache ${name}`,
      engine: settings.engine,
      engineVersion: settings.engineVersion,
      nodeType: settings.nodeType as string,
      ...(mode === "cluster"
        ? { numNodeGroups: shards, replicasPerNodeGroup: replicas }
        : { numCacheClusters: replicas + 1 }),
      // Cluster mode wants it with and without replicas.
      automaticFailoverEnabled: mode === "cluster" || replicas > 0,
      multiAzEnabled: settings.multiAz,
      port: settings.port,
      parameterGroupName: addParameterGroup(this, settings).name,
      subnetGroupName: subnets.name,
      securityGroupIds: [parts.securityGroupId],
      atRestEncryptionEnabled: "true",
      kmsKeyId: settings.kmsKeyArn,
      transitEncryptionEnabled: tls,
      ...(tls && { transitEncryptionMode: "required" }),
      ...(parts.userGroupId !== undefined && { userGroupIds: [parts.userGroupId] }),
      ...this.snapshots(settings),
      maintenanceWindow: settings.maintenanceWindow,
      autoMinorVersionUpgrade: String(settings.autoMinorVersionUpgrade),
      applyImmediately: settings.applyImmediately,
      logDeliveryConfiguration: LOGS.map((log) => ({
        logType: log,
        logFormat: "json",
        destinationType: "cloudwatch-logs",
        destination: this.addLogGroup(log, settings),
      })),
      lifecycle: { preventDestroy: settings.deletionProtection },
    });
    this.cacheName = group.replicationGroupId;
    this.arn = group.arn;
    this.address = mode === "cluster" ? group.configurationEndpointAddress : group.primaryEndpointAddress;
    this.port = group.port;
    if (mode !== "cluster") {
      this.readerAddress = group.readerEndpointAddress;
      this.readerPort = group.port;
    }
    this.nodeNames = nodesOf(settings).map((node) => `${group.replicationGroupId}-${node}`);
  }

  private snapshots(settings: Settings) {
    const { engine, kmsKeyArn, label, mode, name, port, snapshotName, snapshotRetentionDays } = settings;
    return {
      snapshotRetentionLimit: snapshotRetentionDays,
      snapshotWindow: settings.snapshotWindow,
      ...(snapshotName !== undefined && { snapshotName }),
      ...(!settings.skipFinalSnapshot && {
        finalSnapshotIdentifier: new FinalSnapshotName(this, "final-snapshot", {
          label,
          name,
          replacedBy: {
            engine,
            mode,
            kmsKeyArn,
            port: String(port),
            ...(snapshotName !== undefined && { snapshotName }),
          },
        }).value,
      }),
    };
  }

  /** @returns name of the group */
  private addLogGroup(log: string, settings: Settings): string {
    const { label, logKmsKeyArn, logRetentionDays, name } = settings;
    return new CloudwatchLogGroup(this, log, {
      name: `/aws/elasticache/${label.name(name, 255)}/${log}`,
      retentionInDays: logRetentionDays,
      kmsKeyId: logKmsKeyArn,
    }).name;
  }
}

/** What ElastiCache adds to the group's name for each node: `001`, or `0001-001` of the first shard. */
function nodesOf({ mode, replicas, shards }: Settings): string[] {
  const digits = (value: number, length: number) => String(value).padStart(length, "0");
  const nodes = Array.from({ length: replicas + 1 }, (_, index) => digits(index + 1, 3));
  if (mode !== "cluster") return nodes;
  return Array.from({ length: shards }, (_, index) => digits(index + 1, 4)).flatMap((shard) =>
    nodes.map((node) => `${shard}-${node}`),
  );
}
