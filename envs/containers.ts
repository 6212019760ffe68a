import type { TerraformStack } from "cdktf";
import type * as z from "zod";
import { EcsCluster } from "../modules/ecs-cluster";
import { EcsService, type EcsServiceConfig } from "../modules/ecs-service";
import { repositoryUrl } from "../modules/image-repositories";
import type { Label } from "../modules/internal/label";
import { imageTag } from "../modules/internal/service-bundle";
import type { Network } from "../modules/network";
import { taskRanges } from "./container-services";
import type { cluster as clusterSpec, containerService } from "./container-spec";
import { everywhere } from "./internet";
import { type Project, serviceArtifact } from "./project";

/** What container services stand on. */
export interface ContainersFoundation extends Pick<Project, "services"> {
  readonly label: Label;
  readonly network: Network;
  /** ARN of the key of what users own. */
  readonly dataKeyArn: string;
  /** ARN of the key of logs and alarms. */
  readonly telemetryKeyArn: string;
  readonly logRetentionDays: number;
  readonly alarmTopicArn: string;
}

/** What each service says for itself. */
export type ServiceParts = Pick<
  EcsServiceConfig,
  | "command"
  | "environment"
  | "secrets"
  | "migration"
  | "statements"
  | "clientSecurityGroupIds"
  | "targets"
  | "metricAlarms"
> & {
  /** Name of its folder below `services/`. @default the service's own */
  readonly image?: string;
};

/** Arguments that an emulator takes and does not report. */
const UNKNOWN_TO_EMULATORS = {
  autoScalingGroup: ["default_instance_warmup"],
  launchTemplate: ["network_interfaces"],
  service: ["availability_zone_rebalancing", "ordered_placement_strategy"],
};

/** The cluster of an environment, and the services on it. */
export class Containers {
  private readonly cluster: EcsCluster;

  constructor(
    private readonly stack: TerraformStack,
    private readonly spec: z.output<typeof clusterSpec>,
    private readonly foundation: ContainersFoundation,
  ) {
    const { label, network, alarmTopicArn, logRetentionDays } = foundation;
    const { instances, architecture, containerInsights, emulated } = spec;
    this.cluster = new EcsCluster(stack, "cluster", {
      label,
      name: "services",
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      ...(instances && {
        ec2: {
          instanceTypes: instances.types,
          architecture,
          minInstances: instances.minimum,
          maxInstances: instances.maximum,
          spotPercent: instances.spotPercent,
          httpsCidrs: everywhere(network),
          ...(emulated && {
            managedDraining: "DISABLED" as const,
            groupMetrics: "DISABLED" as const,
            ignoreGroupChanges: UNKNOWN_TO_EMULATORS.autoScalingGroup,
            ignoreTemplateChanges: UNKNOWN_TO_EMULATORS.launchTemplate,
          }),
        },
      }),
      containerInsights,
      kmsKeyArn: foundation.dataKeyArn,
      logKmsKeyArn: foundation.telemetryKeyArn,
      logRetentionDays,
      alarmTopicArn,
    });
  }

  /** Adds a service. @throws Error naming the file that it lacks */
  addService(
    name: string,
    service: z.output<typeof containerService>,
    { image = name, ...parts }: ServiceParts,
  ): EcsService {
    const { label, network, alarmTopicArn, logRetentionDays } = this.foundation;
    const artifact = serviceArtifact(this.foundation, image);
    const { capacityProviderName } = this.cluster;
    return new EcsService(this.stack, name, {
      ...parts,
      label,
      name,
      artifact,
      image: `${repositoryUrl(label, image)}:${imageTag(artifact)}`,
      architecture: this.spec.architecture,
      clusterArn: this.cluster.clusterArn,
      clusterName: this.cluster.clusterName,
      compute: service.compute,
      ...(service.compute === "ec2" && capacityProviderName !== undefined && { capacityProviderName }),
      ...(service.compute === "fargate" && { spotPercent: service.spotPercent }),
      ...(service.cpu !== undefined && { cpu: service.cpu }),
      ...(service.memoryMegabytes !== undefined && { memoryMegabytes: service.memoryMegabytes }),
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      // AWS's services, and Cognito's keys, have public addresses.
      httpsCidrs: everywhere(network),
      tasks: { minimum: service.minimumTasks, maximum: service.maximumTasks },
      schedules: service.schedules.map(({ minimumTasks, maximumTasks, ...schedule }) => ({
        ...schedule,
        minimum: minimumTasks,
        maximum: maximumTasks,
      })),
      ...(taskRanges(service).some(({ minimumTasks, maximumTasks }) => minimumTasks < maximumTasks) && {
        targetCpuPercent: service.targetCpuPercent,
        ...(service.targetRequestsPerMinute !== undefined && {
          targetRequestsPerTask: service.targetRequestsPerMinute,
        }),
      }),
      waitForSteadyState: this.spec.waitForSteadyState,
      ...(this.spec.collectorImage !== undefined && { telemetryImage: this.spec.collectorImage }),
      ...(service.executeCommand && {
        executeCommandLogGroupArn: this.cluster.executeCommandLogGroupArn,
        executeCommandKmsKeyArn: this.cluster.executeCommandKmsKeyArn,
      }),
      ...(this.spec.emulated && {
        availabilityZoneRebalancing: "DISABLED" as const,
        ignoreChanges: UNKNOWN_TO_EMULATORS.service,
      }),
      kmsKeyArn: this.foundation.dataKeyArn,
      logKmsKeyArn: this.foundation.telemetryKeyArn,
      logRetentionDays,
      alarmTopicArn,
    });
  }
}
