import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { Construct } from "constructs";
import { Bucket, ownEncryptionOnly } from "../internal/bucket";
import { DeadLetterQueue } from "../internal/dead-letter-queue";
import type { FunctionArtifact } from "../internal/function-bundle";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { LambdaFunction, type TrafficShift } from "../internal/lambda-function";
import { ownFolder } from "./policy";

const BYTES_PER_MEGABYTE = 1024 * 1024;

/** S3's largest object, 5 TiB. */
const LARGEST_OBJECT_MEGABYTES = 5 * 1024 * 1024;

/** Invocations of the function at once; events above that wait. Each takes milliseconds, and Lambda keeps what waits for an hour. */
const GUARD_CONCURRENCY = 5;

/** A bucket with a folder per user. */
export interface UserFilesConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** The function `upload-guard`, as built. It takes `MAX_OBJECT_BYTES` and Powertools' names from its environment. */
  readonly artifact: FunctionArtifact;
  /** Bucket that holds the artifacts. */
  readonly artifactBucket: string;
  /** ARN of the KMS key for the files, for the function and for its queue of failures. */
  readonly kmsKeyArn: string;
  /** ARN of the KMS key for the function's logs. @default `kmsKeyArn` */
  readonly logKmsKeyArn?: string;
  /** Bucket that receives the access logs. @default no access logs */
  readonly accessLogBucket?: string;
  /** Origins of web pages that may use the bucket, e.g. `https://app.example.com`. Empty: native clients alone. */
  readonly corsOrigins: readonly string[];
  /** Days that overwritten and deleted versions stay. */
  readonly noncurrentVersionDays: number;
  /** Largest file in MiB, 1 to 5242880; a larger one is removed right after its upload. */
  readonly maxObjectMegabytes: number;
  /** How new versions of the function take over, see `LambdaFunctionConfig`. @default all calls at once */
  readonly trafficShift?: TrafficShift;
  /** Days that the function's logs are kept. */
  readonly logRetentionDays: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
  /** Terraform refuses to destroy or replace the bucket; without it, destroying empties it first. */
  readonly deletionProtection: boolean;
}

/**
 * Bucket of the users' files, and the function that holds their size limit.
 *
 * @throws Error naming the field that is out of range
 */
export class UserFiles extends Construct {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** ARN of the bucket. */
  readonly bucketArn: string;
  /** Name of the function that holds the size limit. */
  readonly guardFunctionName: string;

  private readonly label: Label;
  private readonly kmsKeyArn: string;

  constructor(scope: Construct, id: string, config: UserFilesConfig) {
    super(scope, id);
    checkConfig(config);
    this.label = config.label;
    this.kmsKeyArn = config.kmsKeyArn;
    const bucket = new Bucket(this, "files", {
      name: config.label.globalName("files"),
      kmsKeyArn: config.kmsKeyArn,
      ...(config.accessLogBucket !== undefined && { accessLogBucket: config.accessLogBucket }),
      noncurrentVersionDays: config.noncurrentVersionDays,
      cors:
        config.corsOrigins.length === 0
          ? []
          : [
              {
                allowedOrigins: config.corsOrigins,
                // POST and DELETE: multipart uploads begin with the one and are aborted with the other.
                allowedMethods: ["GET", "HEAD", "PUT", "POST", "DELETE"],
              },
            ],
      deletionProtection: config.deletionProtection,
      policy: (bucketArn) => ownEncryptionOnly(bucketArn, config.kmsKeyArn),
    });
    this.bucketName = bucket.name;
    this.bucketArn = bucket.arn;
    this.guardFunctionName = this.addUploadGuard(config).functionName;
  }

  /**
   * Statements that let whoever holds an identity of an identity pool use the folder of that identity, and nothing else:
   * get, put and delete files, abort uploads, list below the folder.
   *
   * They mean something only in roles that an identity pool hands out; elsewhere the policy variable has no value, and
   * nothing is allowed.
   */
  grantOwnFolder(): PolicyStatement[] {
    return ownFolder(this.bucketArn, this.kmsKeyArn, this.label.region);
  }

  private addUploadGuard(config: UserFilesConfig): LambdaFunction {
    const failures = new DeadLetterQueue(this, "failures", {
      label: config.label,
      name: config.artifact.name,
      kmsKeyArn: config.kmsKeyArn,
      alarmTopicArn: config.alarmTopicArn,
    });
    const guard = new LambdaFunction(this, "upload-guard", {
      label: config.label,
      artifact: config.artifact,
      artifactBucket: config.artifactBucket,
      environment: {
        MAX_OBJECT_BYTES: String(config.maxObjectMegabytes * BYTES_PER_MEGABYTE),
        POWERTOOLS_SERVICE_NAME: config.artifact.name,
        // The function's own default would be shared by all environments of the account.
        POWERTOOLS_METRICS_NAMESPACE: config.label.prefix,
      },
      statements: [
        {
          sid: "DeleteTooLarge",
          actions: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
          resources: [`${this.bucketArn}/*`],
        },
      ],
      kmsKeyArn: config.kmsKeyArn,
      ...(config.logKmsKeyArn !== undefined && { logKmsKeyArn: config.logKmsKeyArn }),
      logRetentionDays: config.logRetentionDays,
      alarmTopicArn: config.alarmTopicArn,
      reservedConcurrency: GUARD_CONCURRENCY,
      ...(config.trafficShift && { trafficShift: config.trafficShift }),
      onFailureQueueArn: failures.arn,
    });
    const permission = guard.allowInvocation(
      "invoked-by-files",
      "s3.amazonaws.com",
      this.bucketArn,
      // A bucket's ARN holds no account, and its name could be another's after it was deleted.
      config.label.accountId,
    );
    new S3BucketNotification(this, "notification", {
      bucket: this.bucketName,
      lambdaFunction: [
        { id: "upload-guard", lambdaFunctionArn: guard.aliasArn, events: ["s3:ObjectCreated:*"] },
      ],
      dependsOn: [permission],
    });
    return guard;
  }
}

function checkConfig({ maxObjectMegabytes, noncurrentVersionDays }: UserFilesConfig): void {
  const bounded: readonly [string, number, number][] = [
    ["maxObjectMegabytes", maxObjectMegabytes, LARGEST_OBJECT_MEGABYTES],
    ["noncurrentVersionDays", noncurrentVersionDays, 36_500],
  ];
  for (const [field, value, maximum] of bounded) {
    if (!Number.isInteger(value) || value < 1 || value > maximum) {
      throw new Error(`${field} must be a whole number from 1 to ${maximum}, got ${value}`);
    }
  }
}
