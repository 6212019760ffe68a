import { Token } from "cdktf";
import { checkWholeNumber } from "../internal/check";
import type { Ec2CapacityConfig, EcsClusterConfig } from "./config";

/** Families with Graviton processors have a g after their generation: m7g, c6gn, t4g, im4gn. */
const GRAVITON = /^[a-z]+\d+g[a-z]*\./;

/** @throws Error naming the field that is missing, out of range or at odds with another */
export function checkConfig({ ec2, label, vpcId, subnetIds, namespaceName }: EcsClusterConfig): void {
  if (namespaceName !== undefined && vpcId === undefined) {
    throw new Error("vpcId must be set with namespaceName, got undefined");
  }
  if (ec2 === undefined) return;
  if (vpcId === undefined) throw new Error("vpcId must be set with ec2, got undefined");
  if (subnetIds === undefined) throw new Error("subnetIds must be set with ec2, got undefined");
  if (!Token.isUnresolved(subnetIds) && subnetIds.length < 2) {
    throw new Error(`subnetIds must hold subnets of at least 2 zones, got ${subnetIds.length}`);
  }
  checkPrefix(label.prefix);
  checkCapacity(ec2);
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html */
function checkPrefix(prefix: string): void {
  const reserved = ["aws", "ecs", "fargate"].find((start) => prefix.startsWith(start));
  if (reserved === undefined) return;
  throw new Error(
    `label: names must not begin with "${reserved}", which ECS keeps to itself in names of capacity providers, got "${prefix}"`,
  );
}

function checkCapacity(ec2: Ec2CapacityConfig): void {
  checkWholeNumber("ec2.minInstances", ec2.minInstances, 0);
  checkWholeNumber("ec2.maxInstances", ec2.maxInstances, Math.max(1, ec2.minInstances));
  checkWholeNumber("ec2.spotPercent", ec2.spotPercent ?? 0, 0, 100);
  checkWholeNumber("ec2.targetCapacityPercent", ec2.targetCapacityPercent ?? 100, 1, 100);
  checkWholeNumber("ec2.refreshDays", ec2.refreshDays ?? 14, 1, 365);
  // The image's own disk is that large.
  checkWholeNumber("ec2.rootVolumeGigabytes", ec2.rootVolumeGigabytes ?? 30, 30, 16_384);
  const { architecture = "arm64", instanceTypes } = ec2;
  if (instanceTypes.length === 0) throw new Error("ec2.instanceTypes must hold at least 1 type, got 0");
  for (const [index, type] of instanceTypes.entries()) {
    if (Token.isUnresolved(type) || GRAVITON.test(type) === (architecture === "arm64")) continue;
    throw new Error(`ec2.instanceTypes[${index}] must be a type of ${architecture}, got "${type}"`);
  }
}
