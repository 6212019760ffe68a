import type { ServiceArtifact } from "../internal/service-bundle";
import type { EcsServiceConfig } from "./config";

/** The user `nonroot` of distroless images. */
const NON_ROOT_USER = "65532:65532";

/** Node.js in distroless images, which have no shell. */
const NODE = "/nodejs/bin/node";

/** Seconds that ECS waits beyond what the service needs to stop, before it kills. */
const STOP_RESERVE_SECONDS = 5;

/** Most open files: one for each connection. */
const OPEN_FILES = 65_536;

/** Memory in MiB that the collector may take. */
export const COLLECTOR_MEGABYTES = 256;

/** Seconds that a migration may take unless configured. */
export const MIGRATION_SECONDS = 120;

/** Name of the port, for Service Connect. */
export const PORT_NAME = "http";

const MIGRATION = "migrate";
const COLLECTOR = "telemetry";

/** What the containers of one task are made from. */
export interface ContainersConfig {
  readonly service: EcsServiceConfig;
  /** Short name of what is deployed. */
  readonly name: string;
  /** Name of the log group. */
  readonly logGroupName: string;
}

/** Renders the containers of one task: the service, and where configured its migration and the collector. */
export function containerDefinitions(config: ContainersConfig): string {
  const { service } = config;
  return JSON.stringify([
    serviceContainer(config),
    ...(service.migration ? [migrationContainer(config)] : []),
    ...(service.telemetryImage === undefined ? [] : [collectorContainer(service.telemetryImage, config)]),
  ]);
}

/** Name of the service's own container. */
export function containerName({ artifact }: EcsServiceConfig): string {
  return artifact.name;
}

/** Seconds after which ECS kills a container that does not stop. */
export function stopTimeoutSeconds({
  gracefulStopSeconds,
}: Pick<ServiceArtifact, "gracefulStopSeconds">): number {
  return gracefulStopSeconds + STOP_RESERVE_SECONDS;
}

function serviceContainer(config: ContainersConfig) {
  const { service } = config;
  const { artifact } = service;
  return {
    ...ownContainer(config),
    name: containerName(service),
    essential: true,
    ...(service.command !== undefined && { command: [service.command] }),
    portMappings: [
      {
        name: PORT_NAME,
        containerPort: artifact.port,
        hostPort: artifact.port,
        protocol: "tcp",
        ...(service.serviceConnectNamespaceArn !== undefined && {
          appProtocol: (service.protocolVersion ?? "HTTP1") === "HTTP1" ? "http" : "http2",
        }),
      },
    ],
    environment: environmentOf({
      ...commonEnvironment(config),
      ...(service.telemetryImage !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" }),
      ...service.environment,
    }),
    secrets: secretsOf(service.secrets),
    healthCheck: {
      command: service.healthCheckCommand ?? liveCheck(artifact.port),
      interval: 30,
      timeout: 5,
      retries: 3,
      startPeriod: 30,
    },
    stopTimeout: stopTimeoutSeconds(artifact),
    ...(service.migration && { dependsOn: [{ containerName: MIGRATION, condition: "SUCCESS" }] }),
  };
}

/** Ends before the service begins; the task ends with it when it fails. */
function migrationContainer(config: ContainersConfig) {
  const { environment, migration } = config.service;
  return {
    ...ownContainer(config),
    name: MIGRATION,
    essential: false,
    command: [MIGRATION],
    environment: environmentOf({ ...commonEnvironment(config), ...environment, ...migration?.environment }),
    secrets: secretsOf(migration?.secrets),
    startTimeout: migration?.timeoutSeconds ?? MIGRATION_SECONDS,
  };
}

/** What the containers of the service's image have in common. */
function ownContainer({ service, logGroupName }: ContainersConfig) {
  return {
    image: service.image,
    user: NON_ROOT_USER,
    readonlyRootFilesystem: service.executeCommandLogGroupArn === undefined,
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
    ulimits: [{ name: "nofile", softLimit: OPEN_FILES, hardLimit: OPEN_FILES }],
    logConfiguration: logConfiguration(service, logGroupName),
  };
}

/** Traces are lost rather than requests: the service goes on without it. */
function collectorContainer(image: string, { service, logGroupName }: ContainersConfig) {
  const pipeline = {
    receivers: {
      otlp: {
        protocols: { grpc: { endpoint: "127.0.0.1:4317" }, http: { endpoint: "127.0.0.1:4318" } },
      },
    },
    processors: { batch: {} },
    exporters: { awsxray: { region: service.label.region } },
    service: {
      pipelines: { traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["awsxray"] } },
    },
  };
  return {
    name: COLLECTOR,
    image,
    essential: false,
    memory: COLLECTOR_MEGABYTES,
    readonlyRootFilesystem: true,
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
    environment: environmentOf({ AOT_CONFIG_CONTENT: JSON.stringify(pipeline) }),
    logConfiguration: logConfiguration(service, logGroupName),
  };
}

function logConfiguration({ label }: EcsServiceConfig, logGroupName: string) {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": logGroupName,
      "awslogs-region": label.region,
      "awslogs-stream-prefix": "task",
      // When CloudWatch does not answer, lines are lost rather than requests.
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };
}

function commonEnvironment({ service, name }: ContainersConfig): Record<string, string> {
  return { PORT: String(service.artifact.port), SERVICE_NAME: name, AWS_REGION: service.label.region };
}

/** By http, not by fetch: of a connection that is hung up, that of Node.js 20 tells nothing, and the process ends with 0. */
function liveCheck(port: number): string[] {
  const ask =
    `require("node:http").get("http://127.0.0.1:${port}/health/live", ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))` +
    '.on("error", () => process.exit(1))';
  return ["CMD", NODE, "-e", ask];
}

/** In alphabetical order: another order in the source is no other task definition. */
function environmentOf(values: Readonly<Record<string, string>>) {
  return Object.entries(values)
    .sort(byName)
    .map(([name, value]) => ({ name, value }));
}

function secretsOf(values: Readonly<Record<string, string>> = {}) {
  return Object.entries(values)
    .sort(byName)
    .map(([name, valueFrom]) => ({ name, valueFrom }));
}

function byName([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : 1;
}
