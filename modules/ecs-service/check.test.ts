import { Fn, Token } from "cdktf";
import type { EcsServiceConfig } from ".";
import { artifact, config, ec2, metricAlarm, synth } from "./fixture";

const { DATABASE_HOST: _, ...withoutHost } = config.environment;
const fargate = (cpu: number, memoryMegabytes: number) => ({ cpu, memoryMegabytes });

const cases: { name: string; changes: Partial<EcsServiceConfig>; message: string }[] = [
  {
    name: "control 35: an image by a tag that changes",
    changes: { image: "111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme-test-orders:latest" },
    message:
      "image must be pinned by a tag other than latest or by a digest, got " +
      '"111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme-test-orders:latest"',
  },
  {
    name: "control 35: a collector without a tag",
    changes: { telemetryImage: "public.ecr.aws/aws-observability/aws-otel-collector" },
    message:
      "telemetryImage must be pinned by a tag other than latest or by a digest, got " +
      '"public.ecr.aws/aws-observability/aws-otel-collector"',
  },
  {
    name: "an image of somewhere else",
    changes: { image: "docker.io/library/node:22" },
    message:
      "image must be of a private repository, <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>, " +
      'got "docker.io/library/node:22"',
  },
  {
    name: "instances without a capacity provider",
    changes: { compute: "ec2" },
    message: 'capacityProviderName must be set with compute "ec2", got undefined',
  },
  {
    name: "spot tasks on instances",
    changes: { ...ec2, spotPercent: 50 },
    message: 'spotPercent must not be set with compute "ec2": the instances decide, got 50',
  },
  {
    name: "a CPU that Fargate has not",
    changes: fargate(768, 2048),
    message: "cpu must be one of 256, 512, 1024, 2048, 4096, 8192, 16384 on Fargate, got 768",
  },
  {
    name: "a memory that Fargate has not with the smallest CPU",
    changes: fargate(256, 4096),
    message: "memoryMegabytes must be one of 512, 1024, 2048 with cpu 256 on Fargate, got 4096",
  },
  {
    name: "a memory that Fargate has not with a CPU",
    changes: fargate(1024, 9216),
    message: "memoryMegabytes must be from 2048 to 8192 in steps of 1024 with cpu 1024 on Fargate, got 9216",
  },
  {
    name: "a memory between the steps",
    changes: fargate(8192, 17_408),
    message:
      "memoryMegabytes must be from 16384 to 61440 in steps of 4096 with cpu 8192 on Fargate, got 17408",
  },
  {
    name: "a stop longer than Fargate allows",
    changes: { artifact: { ...artifact, gracefulStopSeconds: 116 } },
    message: "service orders: gracefulStopSeconds must be at most 115 on Fargate, got 116",
  },
  {
    name: "a migration longer than Fargate allows",
    changes: { migration: { timeoutSeconds: 121 } },
    message: "migration.timeoutSeconds must be a whole number from 2 to 120, got 121",
  },
  {
    name: "a task that the collector fills",
    changes: { ...ec2, ...fargate(256, 256), telemetryImage: "public.ecr.aws/collector:v1" },
    message: "memoryMegabytes must be above the 256 of the collector, got 256",
  },
  {
    name: "a variable that the manifest requires",
    changes: { environment: withoutHost },
    message: "service orders: services/orders/service.json requires DATABASE_HOST; set it in environment",
  },
  {
    name: "a variable that the manifest does not know",
    changes: { environment: { ...config.environment, DATABASE_HOTS: "?" } },
    message:
      "service orders: services/orders/service.json does not know DATABASE_HOTS; remove it from environment or name it there",
  },
  {
    name: "a variable that is set anyway",
    changes: { environment: { ...config.environment, PORT: "80" } },
    message: "service orders: PORT is set for every service; remove it from environment",
  },
  {
    name: "a secret that the manifest does not know",
    changes: { secrets: { CACHE_PASSWORD: "arn:aws:secretsmanager:1" } },
    message:
      "service orders: services/orders/service.json does not know CACHE_PASSWORD; remove it from secrets or name it there",
  },
  {
    name: "a variable that another command reads",
    changes: {
      command: "relay",
      artifact: {
        ...artifact,
        commands: { relay: "Relays." },
        environment: {
          ...artifact.environment,
          APPLICATION_USER: { required: true, description: "?", commands: ["serve"] },
        },
      },
      environment: { ...config.environment, APPLICATION_USER: "app" },
    },
    message:
      "service orders: services/orders/service.json does not know APPLICATION_USER; remove it from environment or name it there",
  },
  {
    name: "a command that the service has not",
    changes: { command: "relay" },
    message: "service orders has no command relay; leave out command, or name it in its manifest",
  },
  {
    name: "a migration of a service that has none",
    changes: { migration: {}, artifact: { ...artifact, commands: {} } },
    message: "service orders has no command migrate; leave out migration, or name it in its manifest",
  },
  {
    name: "more groups than a network interface takes",
    changes: { clientSecurityGroupIds: ["sg-1", "sg-2", "sg-3", "sg-4", "sg-5"] },
    message: "clientSecurityGroupIds must hold at most 4 groups, got 5",
  },
  {
    name: "a target that nothing can hold",
    changes: { targetCpuPercent: 50 },
    message: "tasks.maximum must be above tasks.minimum with targetCpuPercent, got 2",
  },
  {
    name: "requests of a service that is not called",
    changes: { targets: [], tasks: { minimum: 2, maximum: 4 }, targetRequestsPerTask: 100 },
    message:
      "targets must be set with targetRequestsPerTask: requests are counted by load balancers, got none",
  },
  ...[
    { field: "healthCheckPath", value: "/ok", shown: '"/ok"' },
    { field: "healthCheckGraceSeconds", value: 90, shown: "90" },
    { field: "deregistrationDelaySeconds", value: 0, shown: "0" },
    { field: "slowStartSeconds", value: 30, shown: "30" },
    { field: "alarmErrorPercent", value: 2, shown: "2" },
    { field: "alarmP99Milliseconds", value: 500, shown: "500" },
  ].map(({ field, value, shown }) => ({
    name: `${field} of a service that is not called`,
    changes: { targets: [], [field]: value },
    message: `${field} must be left out without targets: it is for load balancers, got ${shown}`,
  })),
  {
    name: "a maximum below the minimum",
    changes: { tasks: { minimum: 3, maximum: 2 } },
    message: "tasks.maximum must be a whole number of at least 3, got 2",
  },
  {
    name: "two schedules of one name",
    changes: {
      schedules: [
        { name: "night", schedule: "cron(0 22 * * ? *)", minimum: 1, maximum: 2 },
        { name: "night", schedule: "cron(0 23 * * ? *)", minimum: 1, maximum: 2 },
      ],
    },
    message: 'schedules[1]: the name "night" comes twice; give each its own',
  },
  {
    name: "two alarms of one name",
    changes: { metricAlarms: [metricAlarm, metricAlarm] },
    message: 'metricAlarms[1]: the name "backlog-age" comes twice; give each its own',
  },
  {
    name: "a slow start out of range",
    changes: { slowStartSeconds: 10 },
    message: "slowStartSeconds must be a whole number from 30 to 900, got 10",
  },
  {
    name: "sessions without a key",
    changes: { executeCommandLogGroupArn: "arn:aws:logs:1" },
    message: "executeCommandLogGroupArn and executeCommandKmsKeyArn must be set together, got one of them",
  },
];

test.each(cases)("refused: $name", ({ changes, message }) => {
  expect(() => synth(changes)).toThrow(new Error(message));
});

test.each([
  { cpu: 256, memory: 512 },
  { cpu: 512, memory: 4096 },
  { cpu: 4096, memory: 30_720 },
  { cpu: 16_384, memory: 122_880 },
])("Fargate takes $cpu units with $memory MiB", ({ cpu, memory }) => {
  expect(synth(fargate(cpu, memory)).one("aws_ecs_task_definition")).toMatchObject({
    cpu: String(cpu),
    memory: String(memory),
  });
});

test("instances take sizes that Fargate does not, and longer stops and migrations", () => {
  const changes = {
    ...ec2,
    ...fargate(768, 900),
    artifact: { ...artifact, gracefulStopSeconds: 300 },
    migration: { timeoutSeconds: 600 },
  };
  expect(synth(changes).one("aws_ecs_task_definition")).toMatchObject({ cpu: "768", memory: "900" });
});

test("variables that every service reads need no manifest", () => {
  expect(() => synth({ environment: { ...config.environment, LOG_LEVEL: "DEBUG" } })).not.toThrow();
});

test("an image by its digest is pinned", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const image = `111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme-test-orders@${digest}`;
  expect(() => synth({ image })).not.toThrow();
});

test("values known only at deployment are not checked", () => {
  const unknown = Token.asNumber(Fn.lookup({ cpu: 768 }, "cpu"));
  expect(synth({ cpu: unknown }).one("aws_ecs_task_definition")["cpu"]).toMatch(/^\$\{.+\.cpu\}$/);
});
