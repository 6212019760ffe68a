import { synthesise, testLabel } from "../internal/synth-test";
import { type Ec2CapacityConfig, EcsCluster, type EcsClusterConfig } from ".";

/** A cluster without instances. */
export const config: EcsClusterConfig = {
  label: testLabel,
  name: "services",
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
  logKmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/telemetry",
  logRetentionDays: 90,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
};

/** Instances of two types. */
export const ec2: Ec2CapacityConfig = {
  instanceTypes: ["m7g.large", "m6g.large"],
  minInstances: 2,
  maxInstances: 10,
  spotPercent: 50,
  httpsCidrs: ["10.0.0.0/16"],
};

/** Synthesises a cluster. */
export const synth = (changes: Partial<EcsClusterConfig> = {}) =>
  synthesise((stack) => new EcsCluster(stack, "cluster", { ...config, ...changes }));

/** Synthesises a cluster with instances. */
export const synthEc2 = (
  capacity: Partial<Ec2CapacityConfig> = {},
  changes: Partial<EcsClusterConfig> = {},
) => synth({ vpcId: "vpc-1", subnetIds: ["subnet-a", "subnet-b"], ec2: { ...ec2, ...capacity }, ...changes });
