import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias";
import { LambdaFunction as AwsLambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import type { FunctionArtifact } from "../function-bundle";
import { type PolicyStatement, Role } from "../iam";
import type { Label } from "../label";
import { addFunctionAlarms } from "./alarms";
import { runtimeStatements } from "./runtime-statements";
import { AliasShift, type TrafficShift } from "./traffic-shift";

/** Name of the alias that every caller uses; moving it back is a rollback. */
const LIVE_ALIAS = "live";

/** Retries of a failed asynchronous invocation, Lambda's own maximum. */
const MAX_RETRIES = 2;

/** A Lambda function on Node.js. */
export interface LambdaFunctionConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** The function as built from `functions/<name>`. */
  readonly artifact: FunctionArtifact;
  /** Short name of what is deployed, so that one artifact can be deployed twice, e.g. `todos-v2`. @default the artifact's */
  readonly name?: string;
  /** Bucket that holds the artifacts. */
  readonly artifactBucket: string;
  /** Values of the environment variables that the function's manifest names. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the function may do, besides writing its logs and traces. */
  readonly statements: readonly PolicyStatement[];
  /** ARN of the KMS key for environment variables and the artifact. */
  readonly kmsKeyArn: string;
  /** ARN of the KMS key for logs. @default `kmsKeyArn` */
  readonly logKmsKeyArn?: string;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
  /** Most invocations at once: bounds what a flood can cost and keeps the account's pool for others. */
  readonly reservedConcurrency: number;
  /** Memory in MiB. @default the manifest's */
  readonly memoryMegabytes?: number;
  /** Milliseconds that the slowest hundredth of invocations may take before the alarm. @default half the timeout */
  readonly p99AlarmMilliseconds?: number;
  /** Runs the function in these subnets. @default outside any VPC */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
  /**
   * ARN of the SQS queue, encrypted with `kmsKeyArn`, for events whose asynchronous invocation failed for good.
   * @default none: for functions that are invoked synchronously alone
   */
  readonly onFailureQueueArn?: string;
  /** Seconds that an asynchronous event may wait and be retried, 60 to 21600. @default 3600 */
  readonly maxEventAgeSeconds?: number;
  /**
   * New versions take over by and by, and the one before comes back when an alarm of the function goes off. Terraform then makes
   * the version and leaves the alias to CodeDeploy: `scripts/shift` begins it. @default the deployment moves the alias at once
   */
  readonly trafficShift?: TrafficShift;
}

/**
 * Lambda function with a role, logs, alias and alarms of its own.
 *
 * @throws Error naming the function and the variable when `environment` lacks one that the manifest requires, or sets one
 * that it does not know; with one line for each number of `trafficShift` that is out of range
 */
export class LambdaFunction extends Construct {
  /** Name of the function. */
  readonly functionName: string;
  /** ARN of the alias `live`. */
  readonly aliasArn: string;
  /** ARN by which API Gateway invokes the alias. */
  readonly aliasInvokeArn: string;
  /** Name of the alias, `live`. */
  readonly aliasName = LIVE_ALIAS;
  /** Name of the function's role. */
  readonly roleName: string;
  /** ARN of the function's role. */
  readonly roleArn: string;
  /** Seconds after which Lambda ends an invocation. */
  readonly timeoutSeconds: number;

  constructor(scope: Construct, id: string, config: LambdaFunctionConfig) {
    super(scope, id);
    const { artifact, label } = config;
    checkEnvironment(config);
    const name = config.name ?? artifact.name;
    this.functionName = label.name(name);
    this.timeoutSeconds = artifact.timeoutSeconds;

    const logGroup = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/lambda/${this.functionName}`,
      retentionInDays: config.logRetentionDays,
      kmsKeyId: config.logKmsKeyArn ?? config.kmsKeyArn,
    });
    const role = new Role(this, "role", {
      name: this.functionName,
      trust: [{ principals: { Service: "lambda.amazonaws.com" } }],
      statements: [
        ...runtimeStatements({
          functionArn: `arn:aws:lambda:${label.region}:${label.accountId}:function:${this.functionName}`,
          region: label.region,
          logGroupArn: logGroup.arn,
          kmsKeyArn: config.kmsKeyArn,
          inVpc: config.vpc !== undefined,
          ...(config.onFailureQueueArn !== undefined && { onFailureQueueArn: config.onFailureQueueArn }),
        }),
        ...config.statements,
      ],
    });
    const object = this.uploadArtifact(name, config);
    const lambda = new AwsLambdaFunction(this, "function", {
      functionName: this.functionName,
      role: role.arn,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: artifact.handler,
      s3Bucket: config.artifactBucket,
      s3Key: object.key,
      sourceCodeHash: Buffer.from(artifact.sha256, "hex").toString("base64"),
      publish: true,
      timeout: artifact.timeoutSeconds,
      memorySize: config.memoryMegabytes ?? artifact.memoryMegabytes,
      reservedConcurrentExecutions: config.reservedConcurrency,
      kmsKeyArn: config.kmsKeyArn,
      environment: { variables: { ...config.environment } },
      tracingConfig: { mode: "Active" },
      loggingConfig: {
        logFormat: "JSON",
        logGroup: logGroup.name,
        applicationLogLevel: "INFO",
        systemLogLevel: "WARN",
      },
      ...(config.vpc && {
        vpcConfig: {
          subnetIds: [...config.vpc.subnetIds],
          securityGroupIds: [...config.vpc.securityGroupIds],
        },
      }),
      dependsOn: [role.policy],
    });
    const alias = new LambdaAlias(this, "live", {
      name: LIVE_ALIAS,
      description: "What callers use. Moved by a deployment; moved back by a rollback.",
      functionName: lambda.functionName,
      functionVersion: lambda.version,
      ...(config.trafficShift && { lifecycle: { ignoreChanges: ["function_version", "routing_config"] } }),
    });
    const maxEventAgeSeconds = config.maxEventAgeSeconds ?? 3600;
    if (config.onFailureQueueArn !== undefined) {
      new LambdaFunctionEventInvokeConfig(this, "asynchronous", {
        functionName: lambda.functionName,
        qualifier: alias.name,
        maximumRetryAttempts: MAX_RETRIES,
        maximumEventAgeInSeconds: maxEventAgeSeconds,
        destinationConfig: { onFailure: { destination: config.onFailureQueueArn } },
      });
    }
    this.aliasArn = alias.arn;
    this.aliasInvokeArn = alias.invokeArn;
    this.roleName = role.name;
    this.roleArn = role.arn;
    const alarmNames = addFunctionAlarms(this, {
      label,
      functionName: lambda.functionName,
      name,
      p99Milliseconds: config.p99AlarmMilliseconds ?? artifact.timeoutSeconds * 500,
      ...(config.onFailureQueueArn !== undefined && { maxEventAgeSeconds }),
      topicArn: config.alarmTopicArn,
    });
    if (config.trafficShift) {
      const shift = config.trafficShift;
      new AliasShift(this, "shift", { label, name, functionName: this.functionName, shift, alarmNames });
    }
  }

  /**
   * Lets an AWS service invoke the alias on behalf of one source.
   *
   * @param service e.g. `apigateway.amazonaws.com`
   * @param sourceArn ARN of the one resource that may cause the call; may end in wildcards where the service needs them
   * @param sourceAccount account of that resource, for ARNs that do not hold it, as S3's do not. @default any
   */
  allowInvocation(id: string, service: string, sourceArn: string, sourceAccount?: string): LambdaPermission {
    return new LambdaPermission(this, id, {
      action: "lambda:InvokeFunction",
      functionName: this.functionName,
      qualifier: LIVE_ALIAS,
      principal: service,
      sourceArn,
      ...(sourceAccount !== undefined && { sourceAccount }),
      dependsOn: [this.node.findChild("live") as LambdaAlias],
    });
  }

  private uploadArtifact(name: string, config: LambdaFunctionConfig): S3Object {
    const { artifact } = config;
    const asset = new TerraformAsset(this, "artifact", {
      path: artifact.zipPath,
      type: AssetType.FILE,
      assetHash: artifact.sha256.slice(0, 16),
    });
    return new S3Object(this, "object", {
      bucket: config.artifactBucket,
      // Under the deployed name: one artifact deployed twice is two objects, and removing one leaves the other.
      key: `functions/${name}/${artifact.sha256}.zip`,
      source: asset.path,
      sourceHash: artifact.sha256,
      contentType: "application/zip",
      kmsKeyId: config.kmsKeyArn,
      serverSideEncryption: "aws:kms",
      // The old artifact stays until the function has the new one.
      lifecycle: { createBeforeDestroy: true },
    });
  }
}

function checkEnvironment({ artifact, environment }: LambdaFunctionConfig): void {
  const { required, optional } = artifact.environment;
  const given = Object.keys(environment);
  const missing = required.filter((name) => !given.includes(name));
  const unknown = given.filter((name) => !required.includes(name) && !optional.includes(name));
  const manifest = `functions/${artifact.name}/function.json`;
  if (missing.length > 0) {
    throw new Error(
      `function ${artifact.name}: ${manifest} requires ${missing.join(", ")}; set it in environment`,
    );
  }
  if (unknown.length > 0) {
    throw new Error(
      `function ${artifact.name}: ${manifest} does not know ${unknown.join(", ")}; remove it or name it there`,
    );
  }
}
