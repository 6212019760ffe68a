import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsService as AwsEcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Construct } from "constructs";
import { addMetricAlarms, addTargetAlarms, addTaskAlarms } from "./alarms";
import { checkConfig } from "./check";
import type { EcsServiceConfig } from "./config";
import { containerDefinitions, containerName, MIGRATION_SECONDS } from "./containers";
import { addDiscovery, serviceConnect } from "./discovery";
import { placement } from "./placement";
import { ServiceRoles } from "./roles";
import { Scaling, scales } from "./scaling";
import { ServiceSecurityGroup } from "./security-group";
import { TargetGroups } from "./target-groups";

/** Seconds in which a new task need not be healthy. */
const GRACE_SECONDS = 60;

/**
 * Container service with its task definition, roles, security group, target groups, scaling, log and alarms.
 *
 * @throws Error naming the field, or the variable of the manifest, that is missing, out of range or at odds with another
 */
export class EcsService extends Construct {
  /** Name of the service in the cluster. */
  readonly serviceName: string;
  /** ARN of the role that the service's code acts as. */
  readonly taskRoleArn: string;
  /** Name of that role. */
  readonly taskRoleName: string;
  /** Security group of the tasks. */
  readonly securityGroupId: string;
  /** ARNs of the target groups, one for each load balancer, in the order of `targets`. */
  readonly targetGroupArns: readonly string[];
  /** Name of the log group. */
  readonly logGroupName: string;

  private readonly group: ServiceSecurityGroup;

  constructor(scope: Construct, id: string, config: EcsServiceConfig) {
    super(scope, id);
    checkConfig(config);
    const { artifact, label } = config;
    const name = config.name ?? artifact.name;
    const serviceName = label.name(name, 255);
    const log = new CloudwatchLogGroup(this, "logs", {
      name: `/ecs/${serviceName}`,
      retentionInDays: config.logRetentionDays,
      kmsKeyId: config.logKmsKeyArn ?? config.kmsKeyArn,
    });
    const roles = new ServiceRoles(this, "roles", { service: config, name, logGroupArn: log.arn });
    const task = new EcsTaskDefinition(this, "task", {
      family: serviceName,
      requiresCompatibilities: [config.compute === "fargate" ? "FARGATE" : "EC2"],
      networkMode: "awsvpc",
      cpu: String(config.cpu ?? artifact.cpu),
      memory: String(config.memoryMegabytes ?? artifact.memoryMegabytes),
      runtimePlatform: {
        operatingSystemFamily: "LINUX",
        cpuArchitecture: (config.architecture ?? "arm64").toUpperCase(),
      },
      taskRoleArn: roles.task.arn,
      executionRoleArn: roles.execution.arn,
      containerDefinitions: containerDefinitions({ service: config, name, logGroupName: log.name }),
      // ECS starts no task of a revision that is deregistered, be it to go back to: the old one goes when the service runs the new.
      lifecycle: { createBeforeDestroy: true },
    });
    const { groups, rules } = new TargetGroups(this, "targets", name, config);
    this.group = new ServiceSecurityGroup(this, "security-group", name, config, groups);
    const alarms = { service: config, name, serviceName, targetGroups: groups };
    addTaskAlarms(this, alarms);
    addMetricAlarms(this, alarms);
    const deploymentAlarms = addTargetAlarms(this, alarms);
    const service = new AwsEcsService(this, "service", {
      name: serviceName,
      cluster: config.clusterArn,
      taskDefinition: task.arn,
      desiredCount: config.tasks.minimum,
      ...placement(config),
      networkConfiguration: {
        subnets: [...config.subnetIds],
        securityGroups: [this.group.groupId, ...(config.clientSecurityGroupIds ?? [])],
        assignPublicIp: false,
      },
      loadBalancer: groups.map(({ arn }) => ({
        targetGroupArn: arn,
        containerName: containerName(config),
        containerPort: artifact.port,
      })),
      ...(groups.length > 0 && { healthCheckGracePeriodSeconds: graceSeconds(config) }),
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      ...(deploymentAlarms.length > 0 && {
        alarms: { enable: true, rollback: true, alarmNames: deploymentAlarms },
      }),
      // Other capacity is taken up by a deployment; without this Terraform would replace the service.
      forceNewDeployment: true,
      waitForSteadyState: config.waitForSteadyState ?? false,
      enableExecuteCommand: config.executeCommandLogGroupArn !== undefined,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      ...(config.discoveryNamespaceId !== undefined && {
        serviceRegistries: { registryArn: addDiscovery(this, name, config.discoveryNamespaceId) },
      }),
      ...(config.serviceConnectNamespaceArn !== undefined && {
        serviceConnectConfiguration: serviceConnect(
          name,
          config.serviceConnectNamespaceArn,
          config,
          log.name,
        ),
      }),
      lifecycle: {
        ignoreChanges: [...(scales(config) ? ["desired_count"] : []), ...(config.ignoreChanges ?? [])],
      },
      // ECS takes a target group only once a rule leads to it, and starts tasks at once.
      dependsOn: [...rules, roles.task.policy, roles.execution.policy],
    });
    if (scales(config)) {
      new Scaling(this, "scaling", {
        service: config,
        name,
        serviceName: service.name,
        targetGroups: groups,
      });
    }
    this.serviceName = service.name;
    this.taskRoleArn = roles.task.arn;
    this.taskRoleName = roles.task.name;
    this.securityGroupId = this.group.groupId;
    this.targetGroupArns = groups.map(({ arn }) => arn);
    this.logGroupName = log.name;
  }

  /**
   * Lets the service connect to what is in another security group, and that let it in. For what has no clients' security group of its
   * own to wear.
   *
   * @param port TCP port
   * @param description what is reached: shown in the console
   */
  allowTo(id: string, securityGroupId: string, port: number, description: string): void {
    this.group.allowTo(id, securityGroupId, port, description);
  }

  /**
   * Lets what is in another security group call the tasks without a load balancer, as by DNS or Service Connect.
   *
   * @param description who calls: shown in the console
   */
  allowFrom(id: string, securityGroupId: string, description: string): void {
    this.group.allowFrom(id, securityGroupId, description);
  }
}

function graceSeconds({ healthCheckGraceSeconds, migration }: EcsServiceConfig): number {
  const migrationSeconds = migration ? (migration.timeoutSeconds ?? MIGRATION_SECONDS) : 0;
  return healthCheckGraceSeconds ?? GRACE_SECONDS + migrationSeconds;
}
