import * as z from "zod";
import { certificateArn, domainName, hostedZoneId, slug, wholeNumber } from "./fields";

const percent = wholeNumber(1, 100);

/** How many tasks of a container service run, and where. modules/ecs-service says more of each field. */
export const containerService = z.strictObject({
  /** `fargate`: AWS finds the hosts. `ec2`: on the instances of `cluster`. */
  compute: z.enum(["fargate", "ec2"]),
  /** Tasks at least; two and more survive the loss of a zone. */
  minimumTasks: wholeNumber(1, 1000),
  /** Tasks at most. With as many as `minimumTasks` nothing scales. */
  maximumTasks: wholeNumber(1, 1000),
  /** CPU units of a task, 1024 to a core. @default those of the service's manifest */
  cpu: wholeNumber(128, 16_384).exactOptional(),
  /** Memory of a task in MiB. @default that of the service's manifest */
  memoryMegabytes: wholeNumber(128, 122_880).exactOptional(),
  /** Percentage of the tasks above `minimumTasks` that run on spot capacity; only with `fargate`. @default 0 */
  spotPercent: wholeNumber(0, 100).default(0),
  /** CPU utilisation in percent that scaling holds. @default 60 */
  targetCpuPercent: percent.default(60),
  /** Requests of a task in a minute that scaling holds. @default CPU alone decides */
  targetRequestsPerMinute: wholeNumber(1, 1_000_000).exactOptional(),
  /**
   * Lets operators run commands in a task by ECS Exec, such as `/nodejs/bin/node`: the images have no shell. CloudTrail tells who ran what.
   * @default false
   */
  executeCommand: z.boolean().default(false),
  /** Other numbers of tasks from a time on, each until the next comes. @default none */
  schedules: z
    .array(
      z.strictObject({
        /** Name, unique among the service's, e.g. `morning`. */
        name: slug(24),
        /** When, e.g. `cron(0 7 ? * MON-FRI *)`. */
        schedule: z.string().regex(/^(cron|rate|at)\(.+\)$/, {
          error: "must be cron(…), rate(…) or at(…), like cron(0 7 ? * MON-FRI *)",
        }),
        /** Time zone of the schedule, e.g. `Europe/Berlin`. @default "UTC" */
        timeZone: z.string().min(1).default("UTC"),
        /** Tasks at least from then on. */
        minimumTasks: wholeNumber(0, 1000),
        /** Tasks at most from then on. */
        maximumTasks: wholeNumber(1, 1000),
      }),
    )
    .default([]),
});

/** What container services run on. */
export const cluster = z.strictObject({
  /** Instances for services with `compute` "ec2". @default none: Fargate alone */
  instances: z
    .strictObject({
      /** Types that will do, in order of preference, all of one architecture, e.g. `["m7g.large", "m6g.large"]`. */
      types: z
        .array(
          z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, { error: "must be an instance type, like m7g.large" }),
        )
        .min(1),
      /** Instances at least, on demand. */
      minimum: wholeNumber(0, 1000),
      /** Instances at most. */
      maximum: wholeNumber(1, 1000),
      /** Percentage of the instances above `minimum` that are spot. @default 0 */
      spotPercent: wholeNumber(0, 100).default(0),
    })
    .optional(),
  /** What the images are built for, and all services run on. @default "arm64" */
  architecture: z.enum(["arm64", "x86_64"]).default("arm64"),
  /**
   * What is measured: with `enhanced` every task and container, which costs by their number, with `enabled` every service.
   * @default "enhanced"
   */
  containerInsights: z.enum(["enhanced", "enabled"]).default("enhanced"),
  /**
   * A deployment ends when the tasks of all services run, and fails when they do not in 20 minutes; the images must be there before.
   * @default false: it ends at once, and alarms tell of tasks that do not run
   */
  waitForSteadyState: z.boolean().default(false),
  /**
   * Leaves out, or alone in plans, what emulators do not know: measures and draining of instances, tasks that move when zones have
   * become uneven. @default false
   */
  emulated: z.boolean().default(false),
  /** Image of an OpenTelemetry collector beside each service, by tag or digest, which sends its traces to X-Ray. @default none */
  collectorImage: z.string().min(1).exactOptional(),
});

/** Names of services, and the certificate by which they are reached over HTTPS. */
export const serviceDomain = z.strictObject({
  /** What the services' names end in: `<service>.<name>`. */
  name: domainName,
  /** Public Route 53 zone in which they are registered. */
  hostedZoneId,
  /** Certificate of `*.<name>` in the environment's region. @default one is made here, and validated in the zone */
  certificateArn: certificateArn.exactOptional(),
});
