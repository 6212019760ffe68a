import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  paginateListClusters,
  paginateListServices,
  type Service,
} from "@aws-sdk/client-ecs";
import type { LoadBalancer } from "./service-host";
import { readTask, type Task } from "./task-definition";

/** What of a service the stand-in goes by. */
export interface DeployedService {
  readonly arn: string;
  readonly name: string;
  /** ARN of its cluster. */
  readonly clusterArn: string;
  /** ARN of the task definition that it should run. */
  readonly taskDefinition: string;
  readonly desired: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly circuitBreaker: { readonly enabled: boolean; readonly rollback: boolean };
  readonly healthCheckGraceSeconds: number;
  readonly loadBalancers: readonly LoadBalancer[];
}

/** Services in one call of DescribeServices, as AWS has it. */
const DESCRIBED_AT_ONCE = 10;

/** Reads all services of all clusters that are not deleted. */
export async function readServices(ecs: ECSClient): Promise<DeployedService[]> {
  const services: DeployedService[] = [];
  for await (const { clusterArns = [] } of paginateListClusters({ client: ecs }, {})) {
    for (const cluster of clusterArns) services.push(...(await readCluster(ecs, cluster)));
  }
  return services;
}

async function readCluster(ecs: ECSClient, cluster: string): Promise<DeployedService[]> {
  const arns: string[] = [];
  for await (const { serviceArns = [] } of paginateListServices({ client: ecs }, { cluster })) {
    arns.push(...serviceArns);
  }
  const services: Service[] = [];
  for (let index = 0; index < arns.length; index += DESCRIBED_AT_ONCE) {
    const command = new DescribeServicesCommand({
      cluster,
      services: arns.slice(index, index + DESCRIBED_AT_ONCE),
    });
    services.push(...((await ecs.send(command)).services ?? []));
  }
  return services.filter(({ status }) => status === "ACTIVE").map(readService);
}

function readService(service: Service): DeployedService {
  const { deploymentConfiguration } = service;
  const breaker = deploymentConfiguration?.deploymentCircuitBreaker;
  return {
    arn: service.serviceArn ?? "",
    name: service.serviceName ?? "",
    clusterArn: service.clusterArn ?? "",
    taskDefinition: service.taskDefinition ?? "",
    desired: service.desiredCount ?? 0,
    minimumHealthyPercent: deploymentConfiguration?.minimumHealthyPercent ?? 100,
    maximumPercent: deploymentConfiguration?.maximumPercent ?? 200,
    circuitBreaker: { enabled: breaker?.enable ?? false, rollback: breaker?.rollback ?? false },
    healthCheckGraceSeconds: service.healthCheckGracePeriodSeconds ?? 0,
    loadBalancers: (service.loadBalancers ?? []).flatMap(
      ({ targetGroupArn, containerName, containerPort }) =>
        targetGroupArn && containerName && containerPort
          ? [{ targetGroupArn, containerName, containerPort }]
          : [],
    ),
  };
}

/** Reads task definitions, each once: a revision never changes. */
export class TaskDefinitions {
  private readonly known = new Map<string, Promise<Task>>();

  constructor(private readonly ecs: ECSClient) {}

  /** @throws Error of the SDK when there is none */
  read(arn: string): Promise<Task> {
    const known = this.known.get(arn) ?? this.describe(arn);
    this.known.set(arn, known);
    known.catch(() => this.known.delete(arn));
    return known;
  }

  private async describe(arn: string): Promise<Task> {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition: arn });
    return readTask((await this.ecs.send(command)).taskDefinition ?? {});
  }
}
