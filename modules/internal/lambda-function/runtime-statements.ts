import type { PolicyStatement } from "../iam";

/** What decides on a function's rights, besides its own work. */
export interface RuntimeStatementsConfig {
  /** ARN of the function, without a version. */
  readonly functionArn: string;
  readonly region: string;
  readonly logGroupArn: string;
  /** ARN of the KMS key of the environment variables and of the queue for failures. */
  readonly kmsKeyArn: string;
  readonly inVpc: boolean;
  /** @default none */
  readonly onFailureQueueArn?: string;
}

/** What every function's role may do: write its logs and traces, read its environment, be attached to its VPC. */
export function runtimeStatements(config: RuntimeStatementsConfig): PolicyStatement[] {
  const { functionArn, kmsKeyArn } = config;
  return [
    {
      sid: "WriteOwnLogs",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [`${config.logGroupArn}:*`],
    },
    {
      // X-Ray knows no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
      sid: "WriteTraces",
      actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      resources: ["*"],
    },
    {
      // The key guards more than this function's variables: only what Lambda encrypted for it, or for a version of it.
      sid: "ReadOwnEnvironment",
      actions: ["kms:Decrypt"],
      resources: [kmsKeyArn],
      conditions: {
        ArnLike: { "kms:EncryptionContext:aws:lambda:FunctionArn": [functionArn, `${functionArn}:*`] },
      },
    },
    ...(config.onFailureQueueArn === undefined ? [] : onFailureStatements(config.onFailureQueueArn, config)),
    ...(config.inVpc ? vpcStatements(functionArn) : []),
  ];
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html, producers */
function onFailureStatements(
  queueArn: string,
  { kmsKeyArn, region }: RuntimeStatementsConfig,
): PolicyStatement[] {
  return [
    { sid: "SendFailures", actions: ["sqs:SendMessage"], resources: [queueArn] },
    {
      sid: "EncryptFailures",
      actions: ["kms:GenerateDataKey", "kms:Decrypt"],
      resources: [kmsKeyArn],
      conditions: { StringEquals: { "kms:ViaService": `sqs.${region}.amazonaws.com` } },
    },
  ];
}

/**
 * What Lambda needs to attach a function to a VPC, and that the function's own code may not do it.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function vpcStatements(functionArn: string): PolicyStatement[] {
  const actions = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ];
  // Lambda makes the interface before it has an ARN to name, and describing knows no resources.
  const resources = ["*"];
  return [
    { sid: "AttachToVpc", actions, resources },
    {
      sid: "OnlyLambdaAttachesToVpc",
      effect: "Deny",
      actions,
      resources,
      conditions: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
    },
  ];
}
