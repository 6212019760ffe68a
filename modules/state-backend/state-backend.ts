import { Construct } from "constructs";
import { accessLogDelivery, Bucket, ownEncryptionOnly } from "../internal/bucket";
import { EncryptionKey } from "../internal/encryption-key";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";

/** Days that a state can be brought back after a later one has replaced it. */
const OLD_STATE_DAYS = 90;

/** Days that the record of who read or wrote a state is kept. */
const ACCESS_LOG_DAYS = 365;

/** Where Terraform keeps its state. */
export interface StateBackendConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Globally unique name of the bucket, 3 to 63 characters. @default label.globalName("tfstate") */
  readonly stateBucketName?: string;
}

/** Bucket for Terraform state, its key, and the bucket of its access logs. */
export class StateBackend extends Construct {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** ARN of the key that encrypts the state. */
  readonly kmsKeyArn: string;
  /** ARNs of the bucket, and of that of its access logs. */
  readonly bucketArns: readonly string[];

  private readonly bucketArn: string;
  private readonly region: string;

  constructor(scope: Construct, id: string, config: StateBackendConfig) {
    super(scope, id);
    const { label } = config;
    const key = new EncryptionKey(this, "key", {
      name: label.name("tfstate"),
      description: "Terraform state",
      accountId: label.accountId,
      deletionWindowDays: 30,
      deletionProtection: true,
    });
    const logs = new Bucket(this, "access-logs", {
      name: label.globalName("tfstate-logs"),
      noncurrentVersionDays: 7,
      expiry: [{ id: "logs", prefix: "", days: ACCESS_LOG_DAYS }],
      deletionProtection: true,
      policy: (bucketArn) => [accessLogDelivery(bucketArn, label.accountId)],
    });
    const state = new Bucket(this, "bucket", {
      name: config.stateBucketName ?? label.globalName("tfstate"),
      kmsKeyArn: key.arn,
      accessLogBucket: logs.name,
      noncurrentVersionDays: OLD_STATE_DAYS,
      // Always: a state lost is every resource of the environment orphaned.
      deletionProtection: true,
      policy: (bucketArn) => ownEncryptionOnly(bucketArn, key.arn),
    });
    this.bucketName = state.name;
    this.kmsKeyArn = key.arn;
    this.bucketArn = state.arn;
    this.bucketArns = [state.arn, logs.arn];
    this.region = label.region;
  }

  /**
   * What a role needs to plan one stack without taking its lock (`-lock=false`), and no right to any other stack's state.
   *
   * @param key key of the state in the bucket, e.g. `envs/prod.tfstate`
   */
  grantReadState(key: string): PolicyStatement[] {
    return [
      this.findState(key),
      { sid: "ReadState", actions: ["s3:GetObject"], resources: [`${this.bucketArn}/${key}`] },
      this.useKey(["kms:Decrypt"]),
    ];
  }

  /**
   * What a role needs to plan and apply one stack, and no right to any other stack's state.
   *
   * @param key key of the state in the bucket, e.g. `envs/prod.tfstate`
   */
  grantState(key: string): PolicyStatement[] {
    const state = `${this.bucketArn}/${key}`;
    return [
      this.findState(key),
      { sid: "ReadAndWriteState", actions: ["s3:GetObject", "s3:PutObject"], resources: [state] },
      {
        // Terraform deletes its lock; the state itself it only empties.
        sid: "LockState",
        actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        resources: [`${state}.tflock`],
      },
      this.useKey(["kms:Decrypt", "kms:GenerateDataKey"]),
    ];
  }

  private findState(key: string): PolicyStatement {
    return {
      // `terraform init` lists the workspaces, under env:/, though there are none.
      sid: "FindState",
      actions: ["s3:ListBucket"],
      resources: [this.bucketArn],
      conditions: { StringEquals: { "s3:prefix": [key, `${key}.tflock`, "env:/"] } },
    };
  }

  private useKey(actions: readonly string[]): PolicyStatement {
    return {
      sid: "UseStateKey",
      actions,
      resources: [this.kmsKeyArn],
      conditions: { StringEquals: { "kms:ViaService": `s3.${this.region}.amazonaws.com` } },
    };
  }
}
