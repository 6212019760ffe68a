import { Token } from "cdktf";
import { checkWholeNumber } from "../internal/check";
import { SERVE, type ServiceVariable } from "../internal/service-bundle";
import type { EcsServiceConfig } from "./config";
import { COLLECTOR_MEGABYTES, stopTimeoutSeconds } from "./containers";
import { checkFargateSize } from "./fargate-sizes";
import { repositoryArn } from "./roles";
import { hasRoom } from "./scaling";

/** Security groups that a network interface may have, without asking for more. One is the service's own. */
const MOST_GROUPS = 5;

/** What a container on Fargate may take at most to start or to stop. */
const FARGATE_MOST_SECONDS = 120;

/** What load balancers go by. */
const OF_TARGETS = [
  "alarmErrorPercent",
  "alarmP99Milliseconds",
  "deregistrationDelaySeconds",
  "healthCheckGraceSeconds",
  "healthCheckPath",
  "slowStartSeconds",
] as const;

/** Variables that are set for every service. */
const OWN_VARIABLES = ["PORT", "SERVICE_NAME", "AWS_REGION"];

/** Variables that every service reads, and that no manifest names. */
const COMMON_VARIABLES = ["HOST", "LOG_LEVEL"];

/** @throws Error naming the field, or the variable of the manifest, that is missing, out of range or at odds with another */
export function checkConfig(config: EcsServiceConfig): void {
  checkImages(config);
  checkCompute(config);
  checkVariables(config);
  checkScaling(config);
  checkWithoutTargets(config);
  checkUnique("metricAlarms", config.metricAlarms ?? []);
  const { subnetIds, clientSecurityGroupIds: groups = [], slowStartSeconds } = config;
  if (!Token.isUnresolved(subnetIds) && subnetIds.length < 2) {
    throw new Error(`subnetIds must hold subnets of at least 2 zones, got ${subnetIds.length}`);
  }
  if (groups.length >= MOST_GROUPS) {
    throw new Error(
      `clientSecurityGroupIds must hold at most ${MOST_GROUPS - 1} groups, got ${groups.length}`,
    );
  }
  checkWholeNumber("deregistrationDelaySeconds", config.deregistrationDelaySeconds ?? 30, 0, 3600);
  if (slowStartSeconds !== undefined) checkWholeNumber("slowStartSeconds", slowStartSeconds, 30, 900);
  checkWholeNumber("healthCheckGraceSeconds", config.healthCheckGraceSeconds ?? 60, 0);
  for (const field of ["alarmCpuPercent", "alarmMemoryPercent", "alarmErrorPercent"] as const) {
    checkWholeNumber(field, config[field] ?? 1, 0, 100);
  }
  checkWholeNumber("alarmP99Milliseconds", config.alarmP99Milliseconds ?? 1, 1);
  if ((config.executeCommandLogGroupArn === undefined) !== (config.executeCommandKmsKeyArn === undefined)) {
    throw new Error(
      "executeCommandLogGroupArn and executeCommandKmsKeyArn must be set together, got one of them",
    );
  }
}

function checkImages({ image, telemetryImage }: EcsServiceConfig): void {
  if (Token.isUnresolved(image) || repositoryArn(image).length === 0) {
    throw new Error(
      `image must be of a private repository, <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>, got "${image}"`,
    );
  }
  for (const [field, value] of Object.entries({ image, telemetryImage })) {
    if (value === undefined || /(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$/.test(value)) continue;
    throw new Error(`${field} must be pinned by a tag other than latest or by a digest, got "${value}"`);
  }
}

function checkCompute(config: EcsServiceConfig): void {
  const { artifact, compute, capacityProviderName, spotPercent = 0, migration } = config;
  const cpu = config.cpu ?? artifact.cpu;
  const memory = config.memoryMegabytes ?? artifact.memoryMegabytes;
  checkWholeNumber("cpu", cpu, 128);
  checkWholeNumber("memoryMegabytes", memory, 128);
  checkWholeNumber("spotPercent", spotPercent, 0, 100);
  if (config.telemetryImage !== undefined && memory <= COLLECTOR_MEGABYTES) {
    throw new Error(
      `memoryMegabytes must be above the ${COLLECTOR_MEGABYTES} of the collector, got ${memory}`,
    );
  }
  const migrationSeconds = migration?.timeoutSeconds ?? 2;
  if (compute === "ec2") {
    if (capacityProviderName === undefined) {
      throw new Error('capacityProviderName must be set with compute "ec2", got undefined');
    }
    if (spotPercent > 0) {
      throw new Error(
        `spotPercent must not be set with compute "ec2": the instances decide, got ${spotPercent}`,
      );
    }
    checkWholeNumber("migration.timeoutSeconds", migrationSeconds, 2);
    return;
  }
  checkFargateSize(cpu, memory);
  checkWholeNumber("migration.timeoutSeconds", migrationSeconds, 2, FARGATE_MOST_SECONDS);
  if (stopTimeoutSeconds(artifact) > FARGATE_MOST_SECONDS) {
    throw new Error(
      `service ${artifact.name}: gracefulStopSeconds must be at most 115 on Fargate, got ${artifact.gracefulStopSeconds}`,
    );
  }
}

function checkVariables({ artifact, command, environment, secrets = {}, migration }: EcsServiceConfig): void {
  if (command !== undefined && !(command in artifact.commands)) {
    throw new Error(
      `service ${artifact.name} has no command ${command}; leave out command, or name it in its manifest`,
    );
  }
  const readBy = (variables: Readonly<Record<string, ServiceVariable>>) =>
    Object.fromEntries(
      Object.entries(variables).filter(
        ([, { commands }]) => commands === undefined || commands.includes(command ?? SERVE),
      ),
    );
  const check = (
    field: string,
    given: object,
    known: Readonly<Record<string, ServiceVariable>>,
    needed: boolean,
  ) => {
    const names = Object.keys(given);
    const own = names.filter((name) => OWN_VARIABLES.includes(name));
    const missing = Object.keys(known).filter(
      (name) => needed && known[name]?.required && !names.includes(name),
    );
    const unknown = names.filter((name) => !(name in known) && !COMMON_VARIABLES.includes(name));
    const where = `service ${artifact.name}: services/${artifact.name}/service.json`;
    if (own.length > 0) {
      throw new Error(
        `service ${artifact.name}: ${own.join(", ")} is set for every service; remove it from ${field}`,
      );
    }
    if (missing.length > 0) throw new Error(`${where} requires ${missing.join(", ")}; set it in ${field}`);
    if (unknown.length > 0) {
      throw new Error(
        `${where} does not know ${unknown.join(", ")}; remove it from ${field} or name it there`,
      );
    }
  };
  check("environment", environment, readBy(artifact.environment), true);
  check("secrets", secrets, readBy(artifact.secrets), true);
  if (migration === undefined) return;
  if (!("migrate" in artifact.commands)) {
    throw new Error(
      `service ${artifact.name} has no command migrate; leave out migration, or name it in its manifest`,
    );
  }
  check("migration.environment", migration.environment ?? {}, artifact.environment, false);
  check("migration.secrets", migration.secrets ?? {}, artifact.secrets, false);
}

function checkScaling(config: EcsServiceConfig): void {
  const { tasks, targetMetric, targets = [], targetRequestsPerTask, schedules = [] } = config;
  checkWholeNumber("tasks.minimum", tasks.minimum, 0);
  checkWholeNumber("tasks.maximum", tasks.maximum, Math.max(1, tasks.minimum));
  checkWholeNumber("targetCpuPercent", config.targetCpuPercent ?? 1, 1, 100);
  checkWholeNumber("targetMemoryPercent", config.targetMemoryPercent ?? 1, 1, 100);
  checkWholeNumber("targetRequestsPerTask", targetRequestsPerTask ?? 1, 1);
  const held = ["targetCpuPercent", "targetMemoryPercent", "targetRequestsPerTask"] as const;
  const given = [
    ...held.filter((field) => config[field] !== undefined),
    ...(targetMetric ? ["targetMetric"] : []),
  ];
  if (given.length > 0 && !hasRoom(config)) {
    throw new Error(
      `tasks.maximum must be above tasks.minimum with ${given.join(", ")}, got ${tasks.maximum}`,
    );
  }
  if (targetRequestsPerTask !== undefined && targets.length === 0) {
    throw new Error(
      "targets must be set with targetRequestsPerTask: requests are counted by load balancers, got none",
    );
  }
  for (const [index, { minimum, maximum }] of schedules.entries()) {
    checkWholeNumber(`schedules[${index}].minimum`, minimum, 0);
    checkWholeNumber(`schedules[${index}].maximum`, maximum, minimum);
  }
  checkUnique("schedules", schedules);
}

function checkWithoutTargets(config: EcsServiceConfig): void {
  if ((config.targets ?? []).length > 0) return;
  const given = OF_TARGETS.find((field) => config[field] !== undefined);
  if (given === undefined) return;
  throw new Error(
    `${given} must be left out without targets: it is for load balancers, got ${JSON.stringify(config[given])}`,
  );
}

function checkUnique(field: string, entries: readonly { readonly name: string }[]): void {
  for (const [index, { name }] of entries.entries()) {
    if (entries.findIndex((other) => other.name === name) === index) continue;
    throw new Error(`${field}[${index}]: the name "${name}" comes twice; give each its own`);
  }
}
