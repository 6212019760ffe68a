import { type Access, type AccessTable, ANYWHERE } from "./access";

const ROLES = ["arn:aws:iam::{account}:role/{prefix}-*"];
const PROFILES = ["arn:aws:iam::{account}:instance-profile/{prefix}-*"];
const KEYS = ["arn:aws:kms:*:{account}:key/*"];
const ALIASES = ["arn:aws:kms:*:{account}:alias/{prefix}-*"];
const SECRETS = ["arn:aws:secretsmanager:*:{account}:secret:{prefix}-*"];
const USER_POOLS = ["arn:aws:cognito-idp:*:{account}:userpool/*"];
const IDENTITY_POOLS = ["arn:aws:cognito-identity:*:{account}:identitypool/*"];

const partOfUserPool = (read: string, ...manage: readonly string[]): readonly Access[] => [
  { on: USER_POOLS, read: [read] },
  { on: USER_POOLS, tags: "resource", manage },
];

/** Roles, keys, secrets and users. What could widen rights is in `policies.ts`, with its conditions. */
export const IDENTITY: AccessTable = {
  aws_iam_role: [
    {
      on: ROLES,
      read: [
        "iam:GetRole",
        // Of roles with inline policies the provider reads them too.
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
      ],
      manage: [
        "iam:DeleteRole",
        "iam:ListInstanceProfilesForRole",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
    },
  ],
  aws_iam_role_policy: [{ on: ROLES, read: ["iam:GetRolePolicy"] }],
  aws_iam_instance_profile: [
    {
      on: PROFILES,
      read: ["iam:GetInstanceProfile"],
      manage: [
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
        "iam:UntagInstanceProfile",
      ],
    },
    { on: ROLES, read: ["iam:GetRole"] },
  ],
  aws_kms_key: [
    {
      on: KEYS,
      read: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
    },
    { on: ANYWHERE, tags: "request", manage: ["kms:CreateKey"] },
    // Asked for along with kms:CreateKey, when the key has no tags yet.
    { on: KEYS, tags: "new", manage: ["kms:TagResource"] },
    {
      on: KEYS,
      tags: "resource",
      manage: [
        "kms:CancelKeyDeletion",
        "kms:DisableKeyRotation",
        "kms:EnableKey",
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateKeyDescription",
      ],
    },
  ],
  aws_kms_alias: [
    { on: ANYWHERE, read: ["kms:ListAliases"] },
    { on: ALIASES, manage: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"] },
    { on: KEYS, tags: "resource", manage: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"] },
  ],
  aws_secretsmanager_secret: [
    {
      on: SECRETS,
      read: ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
      manage: [
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "secretsmanager:RestoreSecret",
        "secretsmanager:TagResource",
        "secretsmanager:UntagResource",
        "secretsmanager:UpdateSecret",
      ],
    },
  ],
  // The header that a distribution proves itself by: no other secret has a version that Terraform writes.
  aws_secretsmanager_secret_version: [
    {
      on: ["arn:aws:secretsmanager:*:{account}:secret:{prefix}-downloads-origin-*"],
      // The provider reads a secret to see whether it is the one that it wrote.
      read: ["secretsmanager:GetSecretValue"],
      manage: [
        "secretsmanager:ListSecretVersionIds",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
    },
  ],
  aws_secretsmanager_secret_rotation: [
    {
      on: [...SECRETS, "arn:aws:secretsmanager:*:{account}:secret:rds!*"],
      read: ["secretsmanager:DescribeSecret"],
      manage: ["secretsmanager:CancelRotateSecret", "secretsmanager:RotateSecret"],
    },
  ],
  "ephemeral.aws_secretsmanager_random_password": [
    { on: ANYWHERE, read: ["secretsmanager:GetRandomPassword"] },
  ],
  // That header, as it was written; and the secrets of the configuration, in policies.ts.
  "data.aws_secretsmanager_secret_version": [
    {
      on: ["arn:aws:secretsmanager:*:{account}:secret:{prefix}-downloads-origin-*"],
      read: ["secretsmanager:GetSecretValue"],
    },
  ],
  // A user of a cache and its password: CloudFormation makes both in the name of whoever makes the stack, and names the secret itself.
  aws_cloudformation_stack: [
    {
      on: ["arn:aws:cloudformation:*:{account}:stack/{prefix}-*/*"],
      read: ["cloudformation:DescribeStacks", "cloudformation:GetTemplate"],
      manage: [
        "cloudformation:CreateStack",
        "cloudformation:DeleteStack",
        "cloudformation:DescribeStackEvents",
        "cloudformation:TagResource",
        "cloudformation:UntagResource",
        "cloudformation:UpdateStack",
      ],
    },
    { on: ANYWHERE, manage: ["secretsmanager:GetRandomPassword"] },
    {
      on: ["arn:aws:secretsmanager:*:{account}:secret:Password*"],
      tags: "request",
      manage: ["secretsmanager:CreateSecret"],
    },
    {
      on: ["arn:aws:secretsmanager:*:{account}:secret:Password*"],
      tags: "new",
      manage: ["secretsmanager:TagResource"],
    },
    {
      on: ["arn:aws:secretsmanager:*:{account}:secret:Password*"],
      tags: "resource",
      manage: [
        "secretsmanager:DeleteSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:TagResource",
        "secretsmanager:UntagResource",
        "secretsmanager:UpdateSecret",
      ],
    },
    {
      on: ["arn:aws:elasticache:*:{account}:user:{prefix40}*"],
      manage: [
        "elasticache:AddTagsToResource",
        "elasticache:CreateUser",
        "elasticache:DeleteUser",
        "elasticache:DescribeUsers",
        "elasticache:ListTagsForResource",
        "elasticache:ModifyUser",
      ],
    },
  ],
  aws_cognito_user_pool: [
    { on: USER_POOLS, read: ["cognito-idp:DescribeUserPool", "cognito-idp:GetUserPoolMfaConfig"] },
    { on: ANYWHERE, tags: "request", manage: ["cognito-idp:CreateUserPool"] },
    { on: USER_POOLS, tags: "new", manage: ["cognito-idp:TagResource"] },
    {
      on: USER_POOLS,
      tags: "resource",
      manage: [
        "cognito-idp:AddCustomAttributes",
        "cognito-idp:DeleteUserPool",
        "cognito-idp:SetUserPoolMfaConfig",
        "cognito-idp:TagResource",
        "cognito-idp:UntagResource",
        "cognito-idp:UpdateUserPool",
      ],
    },
  ],
  aws_cognito_user_pool_client: partOfUserPool(
    "cognito-idp:DescribeUserPoolClient",
    "cognito-idp:CreateUserPoolClient",
    "cognito-idp:DeleteUserPoolClient",
    "cognito-idp:UpdateUserPoolClient",
  ),
  aws_cognito_user_pool_domain: [
    { on: ANYWHERE, read: ["cognito-idp:DescribeUserPoolDomain"] },
    {
      on: USER_POOLS,
      tags: "resource",
      manage: [
        "cognito-idp:CreateUserPoolDomain",
        "cognito-idp:DeleteUserPoolDomain",
        "cognito-idp:UpdateUserPoolDomain",
      ],
    },
  ],
  aws_cognito_user_group: partOfUserPool(
    "cognito-idp:GetGroup",
    "cognito-idp:CreateGroup",
    "cognito-idp:DeleteGroup",
    "cognito-idp:UpdateGroup",
  ),
  aws_cognito_identity_provider: partOfUserPool(
    "cognito-idp:DescribeIdentityProvider",
    "cognito-idp:CreateIdentityProvider",
    "cognito-idp:DeleteIdentityProvider",
    "cognito-idp:UpdateIdentityProvider",
  ),
  aws_cognito_resource_server: partOfUserPool(
    "cognito-idp:DescribeResourceServer",
    "cognito-idp:CreateResourceServer",
    "cognito-idp:DeleteResourceServer",
    "cognito-idp:UpdateResourceServer",
  ),
  aws_cognito_risk_configuration: partOfUserPool(
    "cognito-idp:DescribeRiskConfiguration",
    "cognito-idp:SetRiskConfiguration",
  ),
  "data.aws_cognito_user_pool": [{ on: USER_POOLS, read: ["cognito-idp:DescribeUserPool"] }],
  aws_cognito_identity_pool: [
    {
      on: IDENTITY_POOLS,
      read: ["cognito-identity:DescribeIdentityPool", "cognito-identity:ListTagsForResource"],
    },
    { on: ANYWHERE, tags: "request", manage: ["cognito-identity:CreateIdentityPool"] },
    { on: IDENTITY_POOLS, tags: "new", manage: ["cognito-identity:TagResource"] },
    {
      on: IDENTITY_POOLS,
      tags: "resource",
      manage: [
        "cognito-identity:DeleteIdentityPool",
        "cognito-identity:TagResource",
        "cognito-identity:UntagResource",
        "cognito-identity:UpdateIdentityPool",
      ],
    },
  ],
  aws_cognito_identity_pool_roles_attachment: [
    { on: IDENTITY_POOLS, read: ["cognito-identity:GetIdentityPoolRoles"] },
    // AWS knows no resource for it; which roles can be set is iam:PassRole's.
    { on: ANYWHERE, manage: ["cognito-identity:SetIdentityPoolRoles"] },
  ],
};
