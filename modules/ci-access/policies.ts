import { type PolicyStatement, policyDocument } from "../internal/iam";
import type { Label } from "../internal/label";
import { ofEnvironment, resourceStatements, tagCondition } from "./statements";

/** What the policies are about, beside the environment's names. */
export interface PoliciesConfig {
  readonly label: Label;
  /** Names that records may be written for, with all below them. */
  readonly domainNames: readonly string[];
  /** Secrets that the configuration refers to, which a plan reads. */
  readonly clientSecretArns: readonly string[];
}

/** What pipelines use and must not change, though its names and tags are the environment's. */
export interface Protected {
  /** Roles. @default none */
  readonly roleArns?: readonly string[];
  /** Buckets. @default none */
  readonly bucketArns?: readonly string[];
  /** Keys. @default none */
  readonly keyArns?: readonly string[];
}

/** Folder of what the pipelines themselves run with: no name of an environment's resource is in it. */
export const CI_PATH = "/ci/";

/** Services that take a role of the stacks'. */
const SERVICES_WITH_ROLES = [
  "cognito-identity.amazonaws.com",
  "dax.amazonaws.com",
  "ec2.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "lambda.amazonaws.com",
  "monitoring.rds.amazonaws.com",
  "rds.amazonaws.com",
  "scheduler.amazonaws.com",
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

/** Actions of EC2 that tag what they make. */
const TAGGING = [
  "AllocateAddress",
  "AuthorizeSecurityGroupEgress",
  "AuthorizeSecurityGroupIngress",
  "CreateEgressOnlyInternetGateway",
  "CreateFlowLogs",
  "CreateInternetGateway",
  "CreateLaunchTemplate",
  "CreateNatGateway",
  "CreateRouteTable",
  "CreateSecurityGroup",
  "CreateSubnet",
  "CreateVpc",
  "CreateVpcEndpoint",
  "CreateVpcEndpointServiceConfiguration",
  "CreateVpcPeeringConnection",
  "RunInstances",
];

/** ARN of the policy that bounds every role of the environment's stack. Known before it is made, in other stacks too. */
export function workloadBoundaryArn(label: Label): string {
  return `arn:aws:iam::${label.accountId}:policy${CI_PATH}${workloadBoundaryName(label)}`;
}

/** Name of that policy. */
export function workloadBoundaryName(label: Label): string {
  return label.name("workload-boundary", 128);
}

/** What a plan may do: look at settings, and read the secrets that it compares. */
export function planStatements(config: PoliciesConfig): PolicyStatement[] {
  return [...resourceStatements(config.label, "read", "Read"), ...secretStatements(config)];
}

/** What a deployment may do, and what it may not whatever else is allowed. */
export function applyStatements(config: PoliciesConfig): PolicyStatement[] {
  const { label } = config;
  return [
    ...resourceStatements(label, "manage", "Manage"),
    ...secretStatements(config),
    ...roleStatements(label),
    ...networkTagStatements(label),
    ...keyStatements(label),
    ...recordStatements(config),
    {
      sid: "InvalidateCaches",
      actions: ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
      resources: [`arn:aws:cloudfront::${label.accountId}:distribution/*`],
      conditions: tagCondition(label, "resource"),
    },
    ...denials(label),
  ];
}

/** Secrets that Terraform reads, and their decryption, which Secrets Manager does in the reader's name. */
function secretStatements({ label, clientSecretArns }: PoliciesConfig): PolicyStatement[] {
  const written = ofEnvironment(
    label,
    "arn:aws:secretsmanager:*:{account}:secret:{prefix}-downloads-origin-*",
  );
  return [
    ...(clientSecretArns.length === 0
      ? []
      : [
          {
            sid: "ReadClientSecrets",
            actions: ["secretsmanager:GetSecretValue"],
            resources: clientSecretArns,
          },
        ]),
    {
      sid: "DecryptSecrets",
      actions: ["kms:Decrypt"],
      resources: [`arn:aws:kms:*:${label.accountId}:key/*`],
      conditions: { StringLike: { "kms:EncryptionContext:SecretARN": [written, ...clientSecretArns] } },
    },
  ];
}

/** Roles are made and given rights only within the boundary, and given to known services alone. */
function roleStatements(label: Label): PolicyStatement[] {
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

/** Tags decide what is the environment's: they are set on what is made, and changed on what carries them. */
function networkTagStatements(label: Label): PolicyStatement[] {
  const everything = `arn:aws:ec2:*:${label.accountId}:*/*`;
  return [
    {
      sid: "TagWhatIsMade",
      actions: ["ec2:CreateTags"],
      resources: [everything],
      conditions: { StringEquals: { "ec2:CreateAction": TAGGING } },
    },
    {
      sid: "ChangeTags",
      actions: ["ec2:CreateTags", "ec2:DeleteTags"],
      resources: [everything],
      conditions: tagCondition(label, "resource"),
    },
    {
      // A VPC comes with its default group, which no one has tagged.
      sid: "TagDefaultGroup",
      actions: ["ec2:CreateTags"],
      resources: [`arn:aws:ec2:*:${label.accountId}:security-group/*`],
      conditions: {
        ...tagCondition(label, "request"),
        Null: { "aws:ResourceTag/environment": "true", "aws:ResourceTag/project": "true" },
      },
    },
  ];
}

/** Services encrypt and decrypt in the name of whoever makes a resource, or keep a grant to do it later. */
function keyStatements(label: Label): PolicyStatement[] {
  const keys = [`arn:aws:kms:*:${label.accountId}:key/*`];
  return [
    {
      sid: "UseKeys",
      actions: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
      resources: keys,
      conditions: tagCondition(label, "resource"),
    },
    {
      sid: "LetServicesUseKeys",
      actions: ["kms:CreateGrant"],
      resources: keys,
      conditions: { ...tagCondition(label, "resource"), Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

/** Zones are shared: of their records, those below the environment's names. */
function recordStatements({ domainNames }: PoliciesConfig): PolicyStatement[] {
  if (domainNames.length === 0) return [];
  const names = [...new Set(domainNames)].sort().flatMap((name) => [name, `*.${name}`]);
  return [
    {
      sid: "WriteRecords",
      actions: ["route53:ChangeResourceRecordSets"],
      resources: ["arn:aws:route53:::hostedzone/*"],
      conditions: {
        "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": names },
        Null: { "route53:ChangeResourceRecordSetsNormalizedRecordNames": "false" },
      },
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
function denials({ accountId }: Label): PolicyStatement[] {
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
        "s3:PutBucketLogging",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ],
      bucketArns,
    ),
    ...deny(
      "KeepKeys",
      [
        "kms:CreateGrant",
        "kms:DisableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
      ],
      keyArns,
    ),
  ];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; none of ours has whitespace, which would not count. */
export const POLICY_CHARACTERS = 6144;

/**
 * Shares statements out over few policies that hold them: each into the first with room, the longest first.
 *
 * @throws Error naming the statement that no policy could hold
 */
export function shareOut(statements: readonly PolicyStatement[]): PolicyStatement[][] {
  const length = (shared: readonly PolicyStatement[]) => policyDocument(shared).length;
  const policies: PolicyStatement[][] = [];
  for (const statement of [...statements].sort((a, b) => length([b]) - length([a]))) {
    if (length([statement]) > POLICY_CHARACTERS) {
      throw new Error(`${statement.sid} is longer than a policy may be, ${POLICY_CHARACTERS} characters`);
    }
    const roomy = policies.find((shared) => length([...shared, statement]) <= POLICY_CHARACTERS);
    if (roomy) roomy.push(statement);
    else policies.push([statement]);
  }
  return policies;
}
