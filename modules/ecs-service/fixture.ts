import type { ListenerTarget } from "../internal/listener-rule";
import type { ServiceArtifact } from "../internal/service-bundle";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { EcsService, type EcsServiceConfig, type MetricAlarmConfig } from ".";

const variable = (required: boolean) => ({ required, description: "?" });

/** A service as built. */
export const artifact: ServiceArtifact = {
  name: "orders",
  description: "Takes orders.",
  port: 8080,
  cpu: 512,
  memoryMegabytes: 1024,
  environment: {
    DATABASE_HOST: variable(true),
    DATABASE_USER: variable(true),
    APPLICATION_USER: variable(false),
  },
  secrets: { DATABASE_PASSWORD: variable(false) },
  commands: { migrate: "Brings the database up to date." },
  contracts: ["orders/v1"],
  events: [],
  gracefulStopSeconds: 25,
  sha256: "0123456789abcdef".repeat(4),
  folder: "/nowhere",
  bundleBytes: 1,
};

/** A place on a load balancer. */
export const target: ListenerTarget = {
  loadBalancerName: "internal",
  loadBalancerArnSuffix: "app/internal/1",
  listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/internal/1/2",
  loadBalancerSecurityGroupId: "sg-internal",
  priority: 20,
  pathPatterns: ["/v1/orders*"],
};

/** A place on another load balancer. */
export const publicTarget: ListenerTarget = {
  ...target,
  loadBalancerName: "public",
  loadBalancerArnSuffix: "app/public/3",
  listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/public/3/4",
  loadBalancerSecurityGroupId: "sg-public",
  priority: 50_000,
  pathPatterns: ["/*"],
};

/** A service on Fargate behind one load balancer. */
export const config: EcsServiceConfig = {
  label: testLabel,
  artifact,
  image: "111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme-test-orders:0123456789abcdef",
  clusterArn: "arn:aws:ecs:eu-west-1:111111111111:cluster/acme-test-services",
  clusterName: "acme-test-services",
  compute: "fargate",
  environment: { DATABASE_USER: "orders", DATABASE_HOST: "db.internal" },
  statements: [{ sid: "ConnectToDatabase", actions: ["rds-db:connect"], resources: ["arn:aws:rds-db:1"] }],
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  httpsCidrs: ["10.0.0.0/16"],
  targets: [target],
  tasks: { minimum: 2, maximum: 2 },
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
  logKmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/telemetry",
  logRetentionDays: 90,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
};

/** An alarm on what a service says of itself. */
export const metricAlarm: MetricAlarmConfig = {
  name: "backlog-age",
  description: "Work waits: read the log.",
  namespace: "acme-test",
  metricName: "BacklogAge",
  threshold: 60,
};

/** What a service on instances has besides. */
export const ec2 = { compute: "ec2", capacityProviderName: "acme-test-services-ec2" } as const;

/** Synthesises one service, and hands it to `use` before. */
export const synth = (
  changes: Partial<EcsServiceConfig> = {},
  use: (service: EcsService) => void = () => undefined,
) => synthesise((stack) => use(new EcsService(stack, "orders", { ...config, ...changes })));

/** The containers of the synthesised task, by name. */
export function containers(changes: Partial<EcsServiceConfig> = {}): Record<string, Resource> {
  const task = synth(changes).one("aws_ecs_task_definition");
  const definitions = JSON.parse(task["container_definitions"]) as Resource[];
  return Object.fromEntries(definitions.map((container) => [container["name"], container]));
}
