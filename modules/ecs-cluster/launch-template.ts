import { DataAwsDefaultTags } from "@cdktf/provider-aws/lib/data-aws-default-tags";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Fn, Token } from "cdktf";
import type { Construct } from "constructs";
import { allowHttps } from "../internal/security-groups";
import type { Ec2CapacityInCluster } from "./config";

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html */
const IMAGE_PARAMETERS = {
  arm64: "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
  x86_64: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
} as const;

/** Adds what instances are started from. */
export function addLaunchTemplate(
  scope: Construct,
  config: Ec2CapacityInCluster,
  instanceProfileArn: string,
): LaunchTemplate {
  const { architecture = "arm64", label, volumeKmsKeyArn } = config;
  const name = label.name(`${config.name}-ecs`, 128);
  // Instances and their disks are made by Auto Scaling, past Terraform, which would tag them.
  const tags = Token.asStringMap(Fn.merge([new DataAwsDefaultTags(scope, "tags").tags, { Name: name }]));
  return new LaunchTemplate(scope, "template", {
    name,
    updateDefaultVersion: true,
    imageId: config.imageId ?? `resolve:ssm:${IMAGE_PARAMETERS[architecture]}`,
    instanceType: config.instanceTypes[0] as string,
    iamInstanceProfile: { arn: instanceProfileArn },
    // One hop ends in the instance: a container that is not the agent, which shares its network, is a second one.
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    networkInterfaces: [
      {
        associatePublicIpAddress: "false",
        securityGroups: [addSecurityGroup(scope, config)],
      },
    ],
    blockDeviceMappings: [
      {
        deviceName: "/dev/xvda",
        ebs: {
          volumeType: "gp3",
          volumeSize: config.rootVolumeGigabytes ?? 30,
          encrypted: "true",
          deleteOnTermination: "true",
          ...(volumeKmsKeyArn !== undefined && { kmsKeyId: volumeKmsKeyArn }),
        },
      },
    ],
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
    lifecycle: { ignoreChanges: [...(config.ignoreTemplateChanges ?? [])] },
    userData: Buffer.from(userData(config.clusterName)).toString("base64"),
  });
}

/** Instances let nobody in: tasks have network interfaces of their own. */
function addSecurityGroup(scope: Construct, config: Ec2CapacityInCluster): string {
  const name = config.label.name(`${config.name}-instances`, 255);
  const group = new SecurityGroup(scope, "security-group", {
    name,
    description: `Instances of cluster ${config.name}`,
    vpcId: config.vpcId,
    tags: { Name: name },
  });
  allowHttps(scope, {
    groupId: group.id,
    cidrs: config.httpsCidrs,
    ...(config.httpsPrefixListIds !== undefined && { prefixListIds: config.httpsPrefixListIds }),
    description: "ECS, images and logs",
  });
  return group.id;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html */
function userData(clusterName: string): string {
  const settings = {
    ECS_CLUSTER: clusterName,
    // Tasks have their own role; that of the instance is not for them.
    ECS_AWSVPC_BLOCK_IMDS: "true",
    ECS_DISABLE_PRIVILEGED: "true",
    ECS_ENABLE_SPOT_INSTANCE_DRAINING: "true",
    // A tag never changes its image: what an instance has once it need not pull again.
    ECS_IMAGE_PULL_BEHAVIOR: "once",
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return ["#!/bin/bash", "cat >> /etc/ecs/ecs.config <<'EOF'", ...lines, "EOF", ""].join("\n");
}
