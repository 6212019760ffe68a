import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { ofEnvironment } from "./statements";

/** Folder of what the pipelines themselves run with: no name of an environment's resource is in it. */
export const CI_PATH = "/ci/";

/** What pipelines use and must not change, though its names and tags are the environment's. */
export interface Protected {
  /** Roles. @default none */
  readonly roleArns?: readonly string[];
  /** Buckets. @default none */
  readonly bucketArns?: readonly string[];
  /** Keys. @default none */
  readonly keyArns?: readonly string[];
}

/** Services that take a role of the stacks'. */
const SERVICES_WITH_ROLES = [
  "codedeploy.amazonaws.com",
  "cognito-identity.amazonaws.com",
  "dax.amazonaws.com",
  "ec2.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "events.amazonaws.com",
  "lambda.amazonaws.com",
  "monitoring.rds.amazonaws.com",
  "rds.amazonaws.com",
  "scheduler.amazonaws.com",
  "states.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

/** Services that make a role of their own when they are first used in an account. */
const SERVICES_WITH_LINKED_ROLES = [
  "autoscaling.amazonaws.com",
  "delivery.logs.amazonaws.com",
  "dynamodb.application-autoscaling.amazonaws.com",
  "ecs.amazonaws.com",
  "ecs.application-autoscaling.amazonaws.com",
  "elasticache.amazonaws.com",
  "elasticloadbalancing.amazonaws.com",
  "email.cognito-idp.amazonaws.com",
  "logger.cloudfront.amazonaws.com",
  "ops.apigateway.amazonaws.com",
  "rds.amazonaws.com",
  "spot.amazonaws.com",
  "wafv2.amazonaws.com",
];

/** ARN of the policy that bounds every role of the environment's stack. Known before it is made, in other stacks too. */
export function workloadBoundaryArn(label: Label): string {
  return `arn:aws:iam::${label.accountId}:policy${CI_PATH}${workloadBoundaryName(label)}`;
}

/** Name of that policy. */
export function workloadBoundaryName(label: Label): string {
  return label.name("workload-boundary", 128);
}

/** Roles are made and given rights only within the boundary, and given to known services alone. */
export function roleStatements(label: Label): PolicyStatement[] {
  const roles = ofEnvironment(label, "arn:aws:iam::{account}:role/{prefix}-*");
  return [
    {
      sid: "GiveRightsWithinBoundary",
      actions: [
        "iam:CreateRole",
        "iam:DeleteRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
      ],
      resources: [roles],
      conditions: { StringEquals: { "iam:PermissionsBoundary": workloadBoundaryArn(label) } },
    },
    {
      sid: "PassRoles",
      actions: ["iam:PassRole"],
      resources: [roles],
      conditions: { StringEquals: { "iam:PassedToService": SERVICES_WITH_ROLES } },
    },
    {
      sid: "LetServicesMakeTheirRoles",
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [`arn:aws:iam::${label.accountId}:role/aws-service-role/*`],
      conditions: { StringEquals: { "iam:AWSServiceName": SERVICES_WITH_LINKED_ROLES } },
    },
  ];
}

/** Everything by which rights could be widened. */
const RIGHTS = [
  "iam:AddClientIDToOpenIDConnectProvider",
  "iam:AttachRolePolicy",
  "iam:CreateOpenIDConnectProvider",
  "iam:CreatePolicy",
  "iam:CreatePolicyVersion",
  "iam:CreateRole",
  "iam:DeleteOpenIDConnectProvider",
  "iam:DeletePolicy",
  "iam:DeletePolicyVersion",
  "iam:DeleteRole",
  "iam:DeleteRolePolicy",
  "iam:DetachRolePolicy",
  "iam:PassRole",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
  "iam:SetDefaultPolicyVersion",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateOpenIDConnectProviderThumbprint",
  "iam:UpdateRole",
];

/** What holds even when something above, or another policy, allows more. */
export function denials({ accountId }: Label): PolicyStatement[] {
  return [
    {
      sid: "KeepPipelineRights",
      effect: "Deny",
      actions: RIGHTS,
      resources: [
        `arn:aws:iam::${accountId}:oidc-provider/*`,
        `arn:aws:iam::${accountId}:policy/*`,
        `arn:aws:iam::${accountId}:role${CI_PATH}*`,
      ],
    },
    {
      sid: "KeepBoundary",
      effect: "Deny",
      actions: ["iam:DeleteRolePermissionsBoundary"],
      resources: [`arn:aws:iam::${accountId}:role/*`],
    },
  ];
}

/** Denies a deployment to change what it stands on. */
export function protection({ roleArns = [], bucketArns = [], keyArns = [] }: Protected): PolicyStatement[] {
  const deny = (sid: string, actions: readonly string[], resources: readonly string[]): PolicyStatement[] =>
    resources.length === 0 ? [] : [{ sid, effect: "Deny", actions, resources }];
  return [
    ...deny("KeepRoles", RIGHTS, roleArns),
    ...deny(
      "KeepState",
      [
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketCORS",
        "s3:PutBucketLogging",
        "s3:PutBucketNotification",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:TagResource",
        "s3:UntagResource",
      ],
      bucketArns,
    ),
    ...deny(
      "KeepKeys",
      [
        "kms:CreateAlias",
        "kms:CreateGrant",
        "kms:DeleteAlias",
        "kms:DisableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateAlias",
      ],
      keyArns,
    ),
  ];
}
