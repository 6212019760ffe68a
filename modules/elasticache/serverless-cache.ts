import { ElasticacheServerlessCache } from "@cdktf/provider-aws/lib/elasticache-serverless-cache";
import { Construct } from "constructs";
import type { Cache, CacheParts } from "./cache";
import type { Settings } from "./config";

/** A cache without nodes, within limits. AWS keeps it in every zone of its subnets, and always speaks TLS. */
export class ServerlessCache extends Construct implements Cache {
  readonly cacheName: string;
  readonly arn: string;
  readonly address: string;
  readonly port: number;
  readonly readerAddress: string;
  readonly readerPort: number;

  constructor(scope: Construct, id: string, settings: Settings, parts: CacheParts) {
    super(scope, id);
    const { label, name } = settings;
    const cache = new ElasticacheServerlessCache(this, "cache", {
      name: label.name(name, 40),
      description: `Cache ${name}`,
      engine: settings.engine,
      majorEngineVersion: settings.engineVersion,
      subnetIds: [...settings.subnetIds],
      securityGroupIds: [parts.securityGroupId],
      kmsKeyId: settings.kmsKeyArn,
      ...(parts.userGroupId !== undefined && { userGroupId: parts.userGroupId }),
      cacheUsageLimits: [
        {
          dataStorage: [
            { ...limits(settings.minimumGigabytes, settings.maximumGigabytes as number), unit: "GB" },
          ],
          ecpuPerSecond: [limits(settings.minimumUnitsPerSecond, settings.maximumUnitsPerSecond as number)],
        },
      ],
      snapshotRetentionLimit: settings.snapshotRetentionDays,
      // The beginning of the window.
      dailySnapshotTime: settings.snapshotWindow.slice(0, 5),
      ...(settings.snapshotName !== undefined && { snapshotArnsToRestore: [settings.snapshotName] }),
      lifecycle: { preventDestroy: settings.deletionProtection },
    });
    this.cacheName = cache.name;
    this.arn = cache.arn;
    this.address = cache.endpoint.get(0).address;
    this.port = cache.endpoint.get(0).port;
    this.readerAddress = cache.readerEndpoint.get(0).address;
    this.readerPort = cache.readerEndpoint.get(0).port;
  }
}

function limits(minimum: number | undefined, maximum: number) {
  return { ...(minimum !== undefined && { minimum }), maximum };
}
