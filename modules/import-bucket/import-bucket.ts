import { Construct } from "constructs";
import { Bucket, ownEncryptionOnly } from "../internal/bucket";
import { checkWholeNumber } from "../internal/check";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";

/** Where files are put, and where their results are: part of the contract with functions/catalog-import. */
const PREFIXES = { incoming: "incoming/", results: "results/" } as const;

/** A bucket of files to import. */
export interface ImportBucketConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the bucket, e.g. `catalog-import`. */
  readonly name: string;
  /** ARN of the KMS key for the files. */
  readonly kmsKeyArn: string;
  /** Bucket that receives the access logs. @default no access logs */
  readonly accessLogBucket?: string;
  /** Days after which files and results are removed, 1 to 3650. */
  readonly retentionDays: number;
  /** Terraform refuses to destroy or replace the bucket; without it, destroying empties it first. */
  readonly deletionProtection: boolean;
}

/**
 * Bucket of files to import, private as all are: those that are put are below `incoming/`, their results below `results/`.
 *
 * @throws Error when `retentionDays` is out of range
 */
export class ImportBucket extends Construct {
  /** Name of the bucket. */
  readonly name: string;
  /** ARN of the bucket. */
  readonly arn: string;
  /** What the keys of files that are put begin with. */
  readonly incomingPrefix = PREFIXES.incoming;

  private readonly config: ImportBucketConfig;

  constructor(scope: Construct, id: string, config: ImportBucketConfig) {
    super(scope, id);
    checkWholeNumber(`import bucket ${config.name}: retentionDays`, config.retentionDays, 1, 3650);
    this.config = config;
    const bucket = new Bucket(this, "bucket", {
      name: config.label.globalName(config.name),
      kmsKeyArn: config.kmsKeyArn,
      ...(config.accessLogBucket !== undefined && { accessLogBucket: config.accessLogBucket }),
      // A file that is put again is another version: those before are imported, too.
      noncurrentVersionDays: config.retentionDays,
      expiry: Object.entries(PREFIXES).map(([id, prefix]) => ({ id, prefix, days: config.retentionDays })),
      deletionProtection: config.deletionProtection,
      policy: (bucketArn) => ownEncryptionOnly(bucketArn, config.kmsKeyArn),
    });
    this.name = bucket.name;
    this.arn = bucket.arn;
  }

  /** What the import needs: to read what was put, in the version that it was told of, and to write and find results. It deletes nothing. */
  importStatements(): PolicyStatement[] {
    return [
      {
        sid: "ReadIncoming",
        actions: ["s3:GetObject", "s3:GetObjectVersion"],
        resources: [`${this.arn}/${PREFIXES.incoming}*`],
      },
      { sid: "WriteResults", actions: ["s3:PutObject"], resources: [`${this.arn}/${PREFIXES.results}*`] },
      {
        sid: "FindResults",
        actions: ["s3:ListBucket"],
        resources: [this.arn],
        conditions: { StringLike: { "s3:prefix": `${PREFIXES.results}*` } },
      },
      this.useKey(["kms:Decrypt", "kms:GenerateDataKey"]),
    ];
  }

  /** What who brings files needs: to put them, and to read what became of them. */
  bringStatements(): PolicyStatement[] {
    return [
      { sid: "PutIncoming", actions: ["s3:PutObject"], resources: [`${this.arn}/${PREFIXES.incoming}*`] },
      { sid: "ReadResults", actions: ["s3:GetObject"], resources: [`${this.arn}/${PREFIXES.results}*`] },
      {
        sid: "FindResults",
        actions: ["s3:ListBucket"],
        resources: [this.arn],
        conditions: { StringLike: { "s3:prefix": `${PREFIXES.results}*` } },
      },
      this.useKey(["kms:Decrypt", "kms:GenerateDataKey"]),
    ];
  }

  private useKey(actions: readonly string[]): PolicyStatement {
    const { kmsKeyArn, label } = this.config;
    return {
      sid: "UseKeyForImports",
      actions: [...actions],
      resources: [kmsKeyArn],
      conditions: {
        StringEquals: {
          "kms:ViaService": `s3.${label.region}.amazonaws.com`,
          // With a bucket key, the bucket is the encryption context: the key's other data stays out of reach.
          "kms:EncryptionContext:aws:s3:arn": this.arn,
        },
      },
    };
  }
}
