import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsCluster as AwsEcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { Construct } from "constructs";
import { addCapacityAlarms } from "./alarms";
import { checkConfig } from "./check";
import type { EcsClusterConfig } from "./config";
import { Ec2Capacity } from "./ec2-capacity";
import { ServiceEvents } from "./service-events";

/** Days that Container Insights keeps what its metrics are made from: ECS's own choice, and much data. */
const PERFORMANCE_LOG_DAYS = 1;

/**
 * Cluster with its logs, capacity and alarms.
 *
 * @throws Error naming the field that is missing, out of range or at odds with another
 */
export class EcsCluster extends Construct {
  /** ARN of the cluster. */
  readonly clusterArn: string;
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Name of the capacity provider that starts instances. Undefined without `ec2`. */
  readonly capacityProviderName?: string;
  /** Log group that every session of ECS Exec is written to. */
  readonly executeCommandLogGroupArn: string;
  /** ARN of the KMS key of those sessions. */
  readonly executeCommandKmsKeyArn: string;
  /** Id of the namespace, for services that are found by DNS. Undefined without `namespaceName`. */
  readonly namespaceId?: string;
  /** ARN of the namespace, for Service Connect. Undefined without `namespaceName`. */
  readonly namespaceArn?: string;

  constructor(scope: Construct, id: string, config: EcsClusterConfig) {
    super(scope, id);
    checkConfig(config);
    const { label, ec2, vpcId, subnetIds } = config;
    const name = label.name(config.name);
    const sessions = this.addLogGroup("sessions", `/aws/ecs/${name}/sessions`, config);
    const containerInsights = config.containerInsights ?? "enhanced";
    const performance =
      containerInsights === "disabled"
        ? undefined
        : // ECS would make it, unencrypted, with the first measurement.
          this.addLogGroup("performance", `/aws/ecs/containerinsights/${name}/performance`, {
            ...config,
            logRetentionDays: PERFORMANCE_LOG_DAYS,
          });
    const cluster = new AwsEcsCluster(this, "cluster", {
      name,
      setting: [{ name: "containerInsights", value: containerInsights }],
      configuration: {
        executeCommandConfiguration: {
          kmsKeyId: config.kmsKeyArn,
          logging: "OVERRIDE",
          logConfiguration: { cloudWatchEncryptionEnabled: true, cloudWatchLogGroupName: sessions.name },
        },
      },
      ...(performance !== undefined && { dependsOn: [performance] }),
    });
    const capacity =
      ec2 && vpcId !== undefined && subnetIds
        ? new Ec2Capacity(this, "ec2", {
            ...ec2,
            label,
            name: config.name,
            clusterName: name,
            cluster,
            vpcId,
            subnetIds,
          })
        : undefined;
    const providers = new EcsClusterCapacityProviders(this, "capacity", {
      clusterName: cluster.name,
      capacityProviders: [
        "FARGATE",
        "FARGATE_SPOT",
        ...(capacity === undefined ? [] : [capacity.capacityProviderName]),
      ],
    });
    if (capacity !== undefined && ec2) {
      addCapacityAlarms(this, {
        ...config,
        clusterName: name,
        capacityProviderName: capacity.capacityProviderName,
        autoScalingGroupName: capacity.autoScalingGroupName,
        // A group of one size is always at its maximum.
        ...(ec2.minInstances < ec2.maxInstances &&
          ec2.groupMetrics !== "DISABLED" && { maxInstances: ec2.maxInstances }),
      });
      this.capacityProviderName = capacity.capacityProviderName;
    }
    new ServiceEvents(this, "events", { ...config, clusterName: name });
    if (config.namespaceName !== undefined && vpcId !== undefined) {
      const namespace = new ServiceDiscoveryPrivateDnsNamespace(this, "namespace", {
        name: config.namespaceName,
        description: `Services of ${name}`,
        vpc: vpcId,
      });
      this.namespaceId = namespace.id;
      this.namespaceArn = namespace.arn;
    }
    // Both through the providers: a service may ask for any of them, and waits until the cluster has them.
    this.clusterName = providers.clusterName;
    this.clusterArn = `arn:aws:ecs:${label.region}:${label.accountId}:cluster/${providers.clusterName}`;
    this.executeCommandLogGroupArn = sessions.arn;
    this.executeCommandKmsKeyArn = config.kmsKeyArn;
  }

  private addLogGroup(id: string, name: string, config: EcsClusterConfig): CloudwatchLogGroup {
    return new CloudwatchLogGroup(this, id, {
      name,
      retentionInDays: config.logRetentionDays,
      kmsKeyId: config.logKmsKeyArn ?? config.kmsKeyArn,
    });
  }
}
