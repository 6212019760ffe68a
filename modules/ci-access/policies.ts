import { type PolicyStatement, policyDocument } from "../internal/iam";
import type { Label } from "../internal/label";
import { denials, roleStatements } from "./escalation";
import { ofEnvironment, resourceStatements, tagCondition } from "./statements";

/** What the policies are about, beside the environment's names. */
export interface PoliciesConfig {
  readonly label: Label;
  /** Names that records may be written for, with all below them. */
  readonly domainNames: readonly string[];
  /** Secrets that the configuration refers to, which a plan reads. */
  readonly clientSecretArns: readonly string[];
}

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

/** What a plan may do: look at settings, and read the secrets that it compares. */
export function planStatements(config: PoliciesConfig): PolicyStatement[] {
  return [
    ...resourceStatements(config.label, "read", "Read"),
    ...secretStatements(config),
    definitionStatement(config.label),
  ];
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
    ...shiftStatements(label),
    {
      sid: "InvalidateCaches",
      actions: ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
      resources: [`arn:aws:cloudfront::${label.accountId}:distribution/*`],
      conditions: tagCondition(label, "resource"),
    },
    ...denials(label),
  ];
}

/** What `scripts/shift` asks of CodeDeploy. */
function shiftStatements(label: Label): PolicyStatement[] {
  const codedeploy = (...resources: readonly string[]) =>
    resources.map((resource) => ofEnvironment(label, `arn:aws:codedeploy:*:{account}:${resource}`));
  return [
    {
      sid: "ShiftTraffic",
      actions: [
        "codedeploy:CreateDeployment",
        "codedeploy:GetApplicationRevision",
        "codedeploy:GetDeployment",
        "codedeploy:GetDeploymentConfig",
        "codedeploy:RegisterApplicationRevision",
      ],
      resources: codedeploy(
        "application:{prefix}-*",
        "deploymentconfig:CodeDeployDefault.*",
        "deploymentconfig:{prefix}-*",
        "deploymentgroup:{prefix}-*/{prefix}-*",
      ),
    },
    // Which deployment is meant, AWS cannot limit.
    { sid: "StopShift", actions: ["codedeploy:StopDeployment"], resources: ["*"] },
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

/**
 * Definitions of workflows, which Step Functions decrypts in the name of who describes them:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
 */
function definitionStatement(label: Label): PolicyStatement {
  return {
    sid: "DecryptDefinitions",
    actions: ["kms:Decrypt"],
    resources: [`arn:aws:kms:*:${label.accountId}:key/*`],
    conditions: {
      StringLike: {
        "kms:EncryptionContext:aws:states:stateMachineArn": ofEnvironment(
          label,
          "arn:aws:states:*:{account}:stateMachine:{prefix}-*",
        ),
        "kms:ViaService": "states.*.amazonaws.com",
      },
    },
  };
}

/** Tags decide what is the environment's: they are set on what is made, and changed on what carries them. */
function networkTagStatements(label: Label): PolicyStatement[] {
  const everything = `arn:aws:ec2:*:${label.accountId}:*`;
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
