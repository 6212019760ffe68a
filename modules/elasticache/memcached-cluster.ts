import { ElasticacheCluster } from "@cdktf/provider-aws/lib/elasticache-cluster";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { Construct } from "constructs";
import type { Cache, CacheParts } from "./cache";
import type { Settings } from "./config";
import { addParameterGroup } from "./parameter-group";

/** Nodes of Memcached. A node that fails comes back empty. */
export class MemcachedCluster extends Construct implements Cache {
  readonly cacheName: string;
  readonly arn: string;
  readonly address: string;
  readonly port: number;

  constructor(scope: Construct, id: string, settings: Settings, parts: CacheParts) {
    super(scope, id);
    const { availabilityZones, label, multiAz, name, nodes } = settings;
    const zones = multiAz ? availabilityZones : availabilityZones.slice(0, 1);
    const subnets = new ElasticacheSubnetGroup(this, "subnets", {
      name: label.name(name, 255),
      description: `Subnets of cache ${name}`,
      subnetIds: [...settings.subnetIds],
    });
    const cluster = new ElasticacheCluster(this, "cluster", {
      clusterId: label.name(name, 50),
      engine: "memcached",
      engineVersion: settings.engineVersion,
      nodeType: settings.nodeType as string,
      numCacheNodes: nodes,
      azMode: multiAz ? "cross-az" : "single-az",
      preferredAvailabilityZones: Array.from(
        { length: nodes },
        (_, index) => zones[index % zones.length] as string,
      ),
      port: settings.port,
      parameterGroupName: addParameterGroup(this, settings).name,
      subnetGroupName: subnets.name,
      securityGroupIds: [parts.securityGroupId],
      transitEncryptionEnabled: settings.tls,
      maintenanceWindow: settings.maintenanceWindow,
      autoMinorVersionUpgrade: String(settings.autoMinorVersionUpgrade),
      applyImmediately: settings.applyImmediately,
      lifecycle: { preventDestroy: settings.deletionProtection },
    });
    this.cacheName = cluster.clusterId;
    this.arn = cluster.arn;
    this.address = cluster.clusterAddress;
    this.port = cluster.port;
  }
}
