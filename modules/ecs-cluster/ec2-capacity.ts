import { AutoscalingGroup, type AutoscalingGroupConfig } from "@cdktf/provider-aws/lib/autoscaling-group";
import { EcsCapacityProvider } from "@cdktf/provider-aws/lib/ecs-capacity-provider";
import type { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Token } from "cdktf";
import { Construct } from "constructs";
import type { Ec2CapacityInCluster } from "./config";
import { InstanceRefresh, REFRESH_PREFERENCES, WARMUP_SECONDS } from "./instance-refresh";
import { InstanceRole } from "./instance-role";
import { addLaunchTemplate } from "./launch-template";

/** Metrics of the group that alarms, or who is woken by them, look at. They cost nothing. */
const GROUP_METRICS = [
  "GroupDesiredCapacity",
  "GroupInServiceInstances",
  "GroupMaxSize",
  "GroupMinSize",
  "GroupPendingInstances",
  "GroupTerminatingInstances",
];

/** Auto Scaling group whose size ECS sets by what its tasks need, and the capacity provider by which it does. */
export class Ec2Capacity extends Construct {
  /** Name of the capacity provider. */
  readonly capacityProviderName: string;
  /** Name of the Auto Scaling group. */
  readonly autoScalingGroupName: string;

  constructor(scope: Construct, id: string, config: Ec2CapacityInCluster) {
    super(scope, id);
    const { label } = config;
    const role = new InstanceRole(this, "instance-role", config);
    const template = addLaunchTemplate(this, config, role.instanceProfileArn);
    const group = new AutoscalingGroup(this, "group", {
      name: label.name(`${config.name}-ecs`, 255),
      minSize: config.minInstances,
      maxSize: config.maxInstances,
      vpcZoneIdentifier: [...config.subnetIds],
      ...launches(config, template),
      healthCheckType: "EC2",
      defaultInstanceWarmup: WARMUP_SECONDS,
      // ECS ends those that it has emptied, no others.
      protectFromScaleIn: true,
      capacityRebalance: (config.spotPercent ?? 0) > 0,
      ...(config.groupMetrics !== "DISABLED" && { enabledMetrics: GROUP_METRICS }),
      // A new version of the template replaces the instances. No automatic rollback: it is not to be had with an image that is looked up.
      instanceRefresh: { strategy: "Rolling", preferences: REFRESH_PREFERENCES },
      // ECS sets it by itself; without it in the configuration each plan would take it away.
      tag: [{ key: "AmazonECSManaged", value: "true", propagateAtLaunch: true }],
      // Protected instances would never leave a group that is being destroyed.
      forceDelete: true,
      lifecycle: { ignoreChanges: [...(config.ignoreGroupChanges ?? [])] },
      // An instance that finds no cluster never looks again, and a cluster that has instances cannot be deleted.
      dependsOn: [role.policy, config.cluster],
    });
    new InstanceRefresh(this, "refresh", {
      label,
      name: config.name,
      groupName: group.name,
      groupArn: group.arn,
      everyDays: config.refreshDays ?? 14,
    });
    const provider = new EcsCapacityProvider(this, "capacity-provider", {
      name: label.name(`${config.name}-ec2`),
      autoScalingGroupProvider: {
        autoScalingGroupArn: group.arn,
        managedTerminationProtection: "ENABLED",
        ...(config.managedDraining !== "DISABLED" && { managedDraining: "ENABLED" }),
        managedScaling: {
          status: "ENABLED",
          targetCapacity: config.targetCapacityPercent ?? 100,
          minimumScalingStepSize: 1,
          maximumScalingStepSize: config.maxInstances,
          instanceWarmupPeriod: WARMUP_SECONDS,
        },
      },
    });
    this.capacityProviderName = provider.name;
    this.autoScalingGroupName = group.name;
  }
}

/** Several types, or spot, need a policy that mixes them; one type on demand does not. */
function launches(
  { instanceTypes, minInstances, spotPercent = 0 }: Ec2CapacityInCluster,
  template: LaunchTemplate,
): Pick<AutoscalingGroupConfig, "launchTemplate" | "mixedInstancesPolicy"> {
  const version = Token.asString(template.latestVersion);
  if (instanceTypes.length === 1 && spotPercent === 0)
    return { launchTemplate: { id: template.id, version } };
  return {
    mixedInstancesPolicy: {
      instancesDistribution: {
        onDemandAllocationStrategy: "prioritized",
        onDemandBaseCapacity: minInstances,
        onDemandPercentageAboveBaseCapacity: 100 - spotPercent,
        spotAllocationStrategy: "price-capacity-optimized",
      },
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: template.id, version },
        override: instanceTypes.map((instanceType) => ({ instanceType })),
      },
    },
  };
}
