import type { EcsServiceConfig as AwsEcsServiceConfig } from "@cdktf/provider-aws/lib/ecs-service";
import type { EcsServiceConfig } from "./config";

/** Where the tasks of a service run, and how they are spread. */
export function placement(
  config: EcsServiceConfig,
): Pick<
  AwsEcsServiceConfig,
  "availabilityZoneRebalancing" | "capacityProviderStrategy" | "orderedPlacementStrategy" | "platformVersion"
> {
  // When a zone has come back, tasks go back to it.
  const availabilityZoneRebalancing = "ENABLED";
  if (config.compute === "ec2") {
    return {
      availabilityZoneRebalancing,
      capacityProviderStrategy: [
        { capacityProvider: config.capacityProviderName as string, base: 0, weight: 1 },
      ],
      // Even over the zones; within one the fullest instance that has room, so that others become empty and end.
      orderedPlacementStrategy: [
        { type: "spread", field: "attribute:ecs.availability-zone" },
        { type: "binpack", field: "memory" },
      ],
    };
  }
  const { spotPercent = 0, tasks } = config;
  const onDemand = { capacityProvider: "FARGATE", base: tasks.minimum, weight: 100 - spotPercent };
  return {
    availabilityZoneRebalancing,
    platformVersion: "LATEST",
    capacityProviderStrategy:
      spotPercent === 0
        ? [{ capacityProvider: "FARGATE", base: 0, weight: 1 }]
        : [onDemand, { capacityProvider: "FARGATE_SPOT", base: 0, weight: spotPercent }],
  };
}
