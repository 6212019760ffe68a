import type { ITerraformDependable } from "cdktf";
import type { Label } from "../internal/label";

/** Instances that a cluster runs tasks on, besides Fargate. */
export interface Ec2CapacityConfig {
  /** Instance types that will do, in order of preference, all of one architecture, e.g. `["m7g.large", "m6g.large"]`. */
  readonly instanceTypes: readonly string[];
  /** What the types are, and the images must be built for. @default "arm64" */
  readonly architecture?: "arm64" | "x86_64";
  /** Instances at least. These are on-demand. */
  readonly minInstances: number;
  /** Instances at most. */
  readonly maxInstances: number;
  /** Percentage of the instances above `minInstances` that are spot: cheaper, and taken away with two minutes' notice. @default 0 */
  readonly spotPercent?: number;
  /**
   * How full ECS lets the instances become, in percent: with 100 a task that finds no room waits for a new instance, with less some
   * room is kept free. @default 100
   */
  readonly targetCapacityPercent?: number;
  /** Days from one replacement of all instances, by which they get the current image, to the next, 1 to 365. @default 14 */
  readonly refreshDays?: number;
  /** Size of an instance's disk in GiB, 30 at least. @default 30 */
  readonly rootVolumeGigabytes?: number;
  /**
   * ARN of the KMS key for the disks. Its policy must let the role AWSServiceRoleForAutoScaling use it and make grants:
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
   *
   * @default the account's own of EBS: the disks hold images, no data
   */
  readonly volumeKmsKeyArn?: string;
  /** Image of the instances. @default the current ECS-optimised Amazon Linux 2023, looked up whenever an instance starts */
  readonly imageId?: string;
  /** IPv4 and IPv6 ranges that the instances reach by HTTPS: for AWS's services, that of the VPC where there are endpoints, or all. */
  readonly httpsCidrs: readonly string[];
  /** Prefix lists that they reach by HTTPS, as that of S3, which has the layers of images. Add at the end. @default none */
  readonly httpsPrefixListIds?: readonly string[];
  /** Lets operators open a session on an instance by Systems Manager. @default false */
  readonly sessionManager?: boolean;
  /** Whether ECS moves tasks away before an instance ends. `DISABLED` is for emulators that do not know of it. @default "ENABLED" */
  readonly managedDraining?: "ENABLED" | "DISABLED";
  /** Whether the group is measured. `DISABLED` is for emulators that do not know of it, and leaves out the alarm on its size. @default "ENABLED" */
  readonly groupMetrics?: "ENABLED" | "DISABLED";
  /**
   * Arguments of `aws_autoscaling_group` whose differences Terraform leaves alone, e.g. `default_instance_warmup`: for emulators that
   * do not report them. @default none
   */
  readonly ignoreGroupChanges?: readonly string[];
  /** The same of `aws_launch_template`, e.g. `network_interfaces`. @default none */
  readonly ignoreTemplateChanges?: readonly string[];
}

/** What the instances of one cluster need. */
export interface Ec2CapacityInCluster extends Ec2CapacityConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the cluster. */
  readonly name: string;
  /** Name of the deployed cluster. */
  readonly clusterName: string;
  /** The cluster, to depend on. */
  readonly cluster: ITerraformDependable;
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Subnets of the instances. */
  readonly subnetIds: readonly string[];
}

/** A cluster for container services. */
export interface EcsClusterConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name, e.g. `services`. */
  readonly name: string;
  /** Id of the VPC. Required with `ec2` and `namespaceName`. */
  readonly vpcId?: string;
  /** Subnets of the instances, private or isolated, of two zones at least. Required with `ec2`. */
  readonly subnetIds?: readonly string[];
  /** Instances of its own. @default none: Fargate alone */
  readonly ec2?: Ec2CapacityConfig;
  /** What is measured: with `enhanced` every task and container, with `enabled` every service. @default "enhanced" */
  readonly containerInsights?: "enhanced" | "enabled" | "disabled";
  /** Domain under which services find each other by DNS or Service Connect, e.g. `acme-prod.internal`. @default none */
  readonly namespaceName?: string;
  /** ARN of the KMS key for sessions of ECS Exec. */
  readonly kmsKeyArn: string;
  /** ARN of the KMS key for logs. @default `kmsKeyArn` */
  readonly logKmsKeyArn?: string;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
}
