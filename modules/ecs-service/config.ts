import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import type { ListenerTarget } from "../internal/listener-rule";
import type { ServiceArtifact } from "../internal/service-bundle";

/** What prepares the service's data before a task serves, such as migrations of a database. */
export interface MigrationConfig {
  /** Environment variables besides those of the service, or in their place. @default those of the service alone */
  readonly environment?: Readonly<Record<string, string>>;
  /** Secrets, by variable, as those of the service. The service's container does not get them, nor the migration the service's. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Seconds that it may take, 2 to 120 on Fargate. @default 120 */
  readonly timeoutSeconds?: number;
}

/** A metric that scaling holds at a value. */
export interface TargetMetricConfig {
  /** Metric namespace, e.g. `Orders`. */
  readonly namespace: string;
  /** Metric name: one that falls when tasks are added, such as a backlog per task. */
  readonly metricName: string;
  /** Metric dimensions. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** How data points of a minute become one. */
  readonly statistic: "Average" | "Maximum" | "Minimum" | "SampleCount" | "Sum";
  /** Value that is held. */
  readonly target: number;
}

/** Another least and most number of tasks from a time on. */
export interface ScheduleConfig {
  /** Name, unique among the service's schedules, e.g. `morning`. */
  readonly name: string;
  /** When, as a rule of Application Auto Scaling, e.g. `cron(0 7 ? * MON-FRI *)`. */
  readonly schedule: string;
  /** Time zone of the schedule, e.g. `Europe/Berlin`. @default "UTC" */
  readonly timeZone?: string;
  /** Tasks at least from then on. */
  readonly minimum: number;
  /** Tasks at most from then on. */
  readonly maximum: number;
}

/** An alarm on a metric that the service writes itself, with the dimension `service`: its short name. */
export interface MetricAlarmConfig {
  /** Short name, unique among these, e.g. `outbox-age`. */
  readonly name: string;
  /** What has happened and where to look first: the person woken by it reads this. */
  readonly description: string;
  /** Metric namespace, e.g. `acme-prod`. */
  readonly namespace: string;
  /** Metric name, e.g. `OutboxAge`. */
  readonly metricName: string;
  /** `Maximum`, `Average`, `Sum`, or a percentile such as `p99`. @default "Maximum" */
  readonly statistic?: string;
  /** Alarms above this, in three of five minutes, in the metric's unit. */
  readonly threshold: number;
  /** Whether it alarms, too, when the service does not write it. @default false */
  readonly alarmsWithoutData?: boolean;
}

/** A container service. */
export interface EcsServiceConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of what is deployed, so that one artifact can be deployed twice. @default the artifact's */
  readonly name?: string;
  /** The service as built from `services/<name>`. */
  readonly artifact: ServiceArtifact;
  /**
   * Command of the image that the service runs instead of serving: one of the manifest's, so that one image is several services, each
   * with its `name`. @default none: it serves
   */
  readonly command?: string;
  /** Image in a private ECR repository, by a tag that never changes: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`. */
  readonly image: string;
  /** Processors that the image is for. @default "arm64" */
  readonly architecture?: "arm64" | "x86_64";
  /** ARN of the cluster. */
  readonly clusterArn: string;
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Where tasks run: `fargate`, where AWS finds the host, or `ec2`, on the instances of the cluster. */
  readonly compute: "fargate" | "ec2";
  /** Capacity provider of the instances. Required with `ec2`. */
  readonly capacityProviderName?: string;
  /** Percentage of the Fargate tasks above `tasks.minimum` on spot capacity: cheaper, and taken away with two minutes' notice. @default 0 */
  readonly spotPercent?: number;
  /** CPU units of a task, 1024 to a core. @default the manifest's */
  readonly cpu?: number;
  /** Memory of a task in MiB. @default the manifest's */
  readonly memoryMegabytes?: number;

  /** Values of the environment variables that the manifest names. `PORT`, `SERVICE_NAME` and `AWS_REGION` are set besides. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Where the secrets are that the manifest names, by variable: the ARN of a secret of Secrets Manager, encrypted with `kmsKeyArn`, or
   * `<ARN>:<key>::` for one key of a JSON secret. @default none
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Runs the image with the command `migrate` before each task serves. @default no */
  readonly migration?: MigrationConfig;
  /** What the service may do. */
  readonly statements: readonly PolicyStatement[];

  /** Id of the VPC. */
  readonly vpcId: string;
  /** Subnets of the tasks, private or isolated, of two zones at least. */
  readonly subnetIds: readonly string[];
  /** Security groups that make the tasks clients of what they call, such as a database: four at most. @default none */
  readonly clientSecurityGroupIds?: readonly string[];
  /** IPv4 and IPv6 ranges that tasks reach by HTTPS: for AWS's services, that of the VPC where there are endpoints, or all. */
  readonly httpsCidrs: readonly string[];
  /** Prefix lists that tasks reach by HTTPS, as those of S3 and DynamoDB. Add at the end. @default none */
  readonly httpsPrefixListIds?: readonly string[];
  /** Places on load balancers from which the service gets requests. @default none: it is not called, and healthy as its containers are */
  readonly targets?: readonly ListenerTarget[];
  /** What is spoken between load balancer and tasks. @default "HTTP1" */
  readonly protocolVersion?: "HTTP1" | "HTTP2" | "GRPC";
  /** Path by which load balancers ask whether a task can take requests. @default "/health/ready" */
  readonly healthCheckPath?: string;
  /** Seconds in which a new task need not be healthy. @default 60, and with a migration what that may take */
  readonly healthCheckGraceSeconds?: number;
  /** Seconds that requests under way have when a task is taken out, 0 to 3600. @default 30 */
  readonly deregistrationDelaySeconds?: number;
  /** Seconds in which a new task gets ever more requests, 30 to 900. @default its share at once */
  readonly slowStartSeconds?: number;
  /** How ECS asks whether a container is alive. @default Node.js asks `/health/live` */
  readonly healthCheckCommand?: readonly string[];

  /**
   * Tasks at least and at most; with `schedules` until the first of them comes. The same number for both, and no schedule: it does not
   * scale.
   */
  readonly tasks: { readonly minimum: number; readonly maximum: number };
  /** CPU utilisation in percent that scaling holds. @default 60, where neither memory, requests nor a metric are given */
  readonly targetCpuPercent?: number;
  /** Memory utilisation in percent that scaling holds. @default none */
  readonly targetMemoryPercent?: number;
  /** Requests of a task in a minute that scaling holds, on each load balancer. @default none */
  readonly targetRequestsPerTask?: number;
  /** Another metric that scaling holds. @default none */
  readonly targetMetric?: TargetMetricConfig;
  /** Other numbers of tasks at some times. @default none */
  readonly schedules?: readonly ScheduleConfig[];

  /** Namespace of Cloud Map in which other services find the tasks by DNS, under the service's name. @default none */
  readonly discoveryNamespaceId?: string;
  /** Namespace of Cloud Map in which other services reach it by Service Connect, under its name. @default none */
  readonly serviceConnectNamespaceArn?: string;
  /**
   * Image of the AWS Distro for OpenTelemetry, pinned: a collector beside the service that takes OTLP on 127.0.0.1:4317 and :4318 and
   * sends traces to X-Ray. @default none
   */
  readonly telemetryImage?: string;
  /**
   * ARN of the log group of sessions. With it operators can run commands in a task by ECS Exec, which needs a root file system that can be
   * written. What they type is logged where the image has `script` and `cat`; images without a shell have neither, and of them
   * CloudTrail alone tells who ran what: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html @default no sessions
   */
  readonly executeCommandLogGroupArn?: string;
  /** ARN of the KMS key of sessions. Required with `executeCommandLogGroupArn`. */
  readonly executeCommandKmsKeyArn?: string;
  /** Whether a deployment of Terraform waits until the tasks run. @default false */
  readonly waitForSteadyState?: boolean;
  /** Arguments of `aws_ecs_service` whose differences Terraform leaves alone, e.g. `availability_zone_rebalancing`: for emulators that do not report them. @default none */
  readonly ignoreChanges?: readonly string[];

  /** ARN of the KMS key of the secrets. */
  readonly kmsKeyArn: string;
  /** ARN of the KMS key for logs. @default `kmsKeyArn` */
  readonly logKmsKeyArn?: string;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
  /** Average CPU utilisation in percent. @default 85 */
  readonly alarmCpuPercent?: number;
  /** Average memory utilisation in percent. @default 85 */
  readonly alarmMemoryPercent?: number;
  /** Requests in percent that the service answers with 5xx. It also ends a deployment. @default 1 */
  readonly alarmErrorPercent?: number;
  /** Milliseconds that the slowest hundredth of the answers may take. @default 1000 */
  readonly alarmP99Milliseconds?: number;
  /** Alarms on metrics of its own. @default none */
  readonly metricAlarms?: readonly MetricAlarmConfig[];
}
