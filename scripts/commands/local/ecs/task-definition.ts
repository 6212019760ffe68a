import type { ContainerDefinition, TaskDefinition } from "@aws-sdk/client-ecs";

/** When a container starts after another one. */
export interface Dependency {
  /** Name of the other container. */
  readonly container: string;
  readonly condition: "START" | "SUCCESS" | "COMPLETE" | "HEALTHY";
}

/** What of a container definition the stand-in goes by. */
export interface Container {
  readonly name: string;
  /** Reference of its image, with the tag. */
  readonly image: string;
  /** Arguments after the image's entry point. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** References to secrets and parameters, by the variable's name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly dependsOn: readonly Dependency[];
  /** The task stops when it ends. */
  readonly essential: boolean;
  /** Seconds from SIGTERM to SIGKILL. */
  readonly stopTimeoutSeconds: number;
  /** Seconds that others wait for it. */
  readonly startTimeoutSeconds: number;
  /** Ports that it listens on, as the definition knows them. */
  readonly ports: readonly number[];
  readonly healthCheck?: ContainerHealthCheck;
  /** Where its output goes; absent without the driver awslogs. */
  readonly logs?: { readonly group: string; readonly streamPrefix?: string };
}

/** A command that tells whether a container is healthy. */
export interface ContainerHealthCheck {
  /** `["CMD", …]` or `["CMD-SHELL", "…"]`. */
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  /** Seconds in which failures do not count. */
  readonly startPeriodSeconds: number;
}

/** What of a task definition the stand-in goes by. */
export interface Task {
  readonly arn: string;
  /** `<family>:<revision>`, as people name it. */
  readonly name: string;
  /** Role of the containers' code. */
  readonly taskRoleArn?: string;
  /** Role that secrets are read and logs written with. */
  readonly executionRoleArn?: string;
  /** In the order of the definition. */
  readonly containers: readonly Container[];
}

/** ECS's own: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
const DEFAULTS = { stopTimeoutSeconds: 30, startTimeoutSeconds: 180 } as const;

/** Reads a task definition as DescribeTaskDefinition gives it. */
export function readTask({
  taskDefinitionArn = "",
  family,
  revision,
  taskRoleArn,
  executionRoleArn,
  containerDefinitions = [],
}: TaskDefinition): Task {
  return {
    arn: taskDefinitionArn,
    name: `${family}:${revision}`,
    ...(taskRoleArn && { taskRoleArn }),
    ...(executionRoleArn && { executionRoleArn }),
    containers: containerDefinitions.map(readContainer),
  };
}

function readContainer(definition: ContainerDefinition): Container {
  const { logConfiguration, healthCheck } = definition;
  const { "awslogs-group": group, "awslogs-stream-prefix": streamPrefix } = logConfiguration?.options ?? {};
  return {
    name: definition.name ?? "",
    image: definition.image ?? "",
    command: definition.command ?? [],
    environment: Object.fromEntries(
      (definition.environment ?? []).map(({ name = "", value = "" }) => [name, value]),
    ),
    secrets: Object.fromEntries(
      (definition.secrets ?? []).map(({ name = "", valueFrom = "" }) => [name, valueFrom]),
    ),
    dependsOn: (definition.dependsOn ?? []).map(({ containerName = "", condition = "START" }) => ({
      container: containerName,
      condition,
    })),
    essential: definition.essential ?? true,
    stopTimeoutSeconds: definition.stopTimeout ?? DEFAULTS.stopTimeoutSeconds,
    startTimeoutSeconds: definition.startTimeout ?? DEFAULTS.startTimeoutSeconds,
    ports: (definition.portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
    ...(healthCheck?.command?.length && {
      healthCheck: {
        command: healthCheck.command,
        intervalSeconds: healthCheck.interval ?? 30,
        timeoutSeconds: healthCheck.timeout ?? 5,
        retries: healthCheck.retries ?? 3,
        startPeriodSeconds: healthCheck.startPeriod ?? 0,
      },
    }),
    ...(logConfiguration?.logDriver === "awslogs" &&
      group !== undefined && { logs: { group, ...(streamPrefix !== undefined && { streamPrefix }) } }),
  };
}
