import { Construct } from "constructs";
import { type PolicyStatement, Role, type TrustStatement } from "../internal/iam";
import type { EcsServiceConfig } from "./config";

/** What the roles of one service need. */
export interface RolesConfig {
  readonly service: EcsServiceConfig;
  /** Short name of what is deployed. */
  readonly name: string;
  /** ARN of the log group. */
  readonly logGroupArn: string;
}

/** The role of the service itself, and the one by which ECS starts it. */
export class ServiceRoles extends Construct {
  /** What the service's code acts as. */
  readonly task: Role;
  /** What ECS acts as to start a task: it pulls the image, reads the secrets and writes the logs. */
  readonly execution: Role;

  constructor(scope: Construct, id: string, config: RolesConfig) {
    super(scope, id);
    const { service, name } = config;
    const { label } = service;
    this.task = new Role(this, "task", {
      name: label.name(`${name}-task`),
      trust: [trust(service, "StringEquals", "ArnLike")],
      statements: [
        ...service.statements,
        ...(service.telemetryImage === undefined ? [] : [writeTraces()]),
        ...sessionStatements(service),
      ],
    });
    this.execution = new Role(this, "execution", {
      name: label.name(`${name}-execution`),
      // IfExists: AWS tells of these keys for the role of a task alone.
      trust: [trust(service, "StringEqualsIfExists", "ArnLikeIfExists")],
      statements: executionStatements(config),
    });
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
function trust(
  { label: { accountId, region } }: EcsServiceConfig,
  equals: string,
  like: string,
): TrustStatement {
  return {
    principals: { Service: "ecs-tasks.amazonaws.com" },
    conditions: {
      [equals]: { "aws:SourceAccount": accountId },
      [like]: { "aws:SourceArn": `arn:aws:ecs:${region}:${accountId}:*` },
    },
  };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html, cut to this service */
function executionStatements({ service, logGroupArn }: RolesConfig): PolicyStatement[] {
  const { image, telemetryImage = "", kmsKeyArn, label } = service;
  const secretArns = [
    ...new Set(
      [...Object.values(service.secrets ?? {}), ...Object.values(service.migration?.secrets ?? {})].map(
        secretArn,
      ),
    ),
  ];
  return [
    {
      // The registry's password is one for the account, so AWS knows no other resource.
      sid: "LogInToRegistry",
      actions: ["ecr:GetAuthorizationToken"],
      resources: ["*"],
    },
    {
      sid: "PullImage",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [image, telemetryImage].flatMap(repositoryArn),
    },
    {
      sid: "WriteOwnLogs",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [`${logGroupArn}:*`],
    },
    ...(secretArns.length === 0
      ? []
      : [
          { sid: "ReadSecrets", actions: ["secretsmanager:GetSecretValue"], resources: secretArns },
          {
            // The key guards more than these secrets.
            sid: "DecryptSecrets",
            actions: ["kms:Decrypt"],
            resources: [kmsKeyArn],
            conditions: {
              StringEquals: {
                "kms:ViaService": `secretsmanager.${label.region}.amazonaws.com`,
                "kms:EncryptionContext:SecretARN": secretArns,
              },
            },
          },
        ]),
  ];
}

/** X-Ray knows no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
function writeTraces(): PolicyStatement {
  return {
    sid: "WriteTraces",
    actions: [
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ],
    resources: ["*"],
  };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html */
function sessionStatements({
  executeCommandLogGroupArn,
  executeCommandKmsKeyArn,
}: EcsServiceConfig): PolicyStatement[] {
  if (executeCommandLogGroupArn === undefined || executeCommandKmsKeyArn === undefined) return [];
  return [
    {
      // The channels know no resources.
      sid: "OpenSessions",
      actions: [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      resources: ["*"],
    },
    { sid: "DecryptSessions", actions: ["kms:Decrypt"], resources: [executeCommandKmsKeyArn] },
    // Groups can be listed only together.
    { sid: "FindSessionLog", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
    {
      sid: "LogSessions",
      actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      resources: [executeCommandLogGroupArn, `${executeCommandLogGroupArn}:*`],
    },
  ];
}

const ECR_IMAGE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)[:@]/;

/** ARN of the repository of an image; none for an image outside of ECR, which is public. */
export function repositoryArn(image: string): string[] {
  const [, account, region, repository] = ECR_IMAGE.exec(image) ?? [];
  return account === undefined ? [] : [`arn:aws:ecr:${region}:${account}:repository/${repository}`];
}

/** Cuts off what follows the ARN: `<ARN>:<key>:<stage>:<version>`. The ARN may be a reference, which has no colon. */
function secretArn(valueFrom: string): string {
  if (valueFrom.startsWith("arn:")) return valueFrom.split(":").slice(0, 7).join(":");
  return /^\$\{TfToken\[[^\]]+\]\}/.exec(valueFrom)?.[0] ?? valueFrom;
}
