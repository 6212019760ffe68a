import { KinesisStream } from "@cdktf/provider-aws/lib/kinesis-stream";
import { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import { checkAll, checkWholeNumber } from "../internal/check";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { pascalCase } from "./pascal-case";
import { useKeyStatement } from "./use-key";

/** A stream. */
export interface StreamConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the stream, e.g. `order-events`. */
  readonly name: string;
  /** Number of shards, each for 1 MB or 1000 records a second; or `on-demand`, where Kinesis has as many as it needs. */
  readonly shards: number | "on-demand";
  /**
   * Hours that records are kept, 24 to 8760: how long a consumer may be without invocations and lose nothing. One that is invoked and fails gives
   * a record up at its `maximumRecordAgeSeconds`.
   */
  readonly retentionHours: number;
  /** ARN of the KMS key. */
  readonly kmsKeyArn: string;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
  /** Terraform refuses to destroy or replace the stream: records that are not read yet would be lost. @default false */
  readonly deletionProtection?: boolean;
}

/**
 * Kinesis stream: encrypted, with alarms on throttled writers and readers. Kinesis answers to TLS alone.
 *
 * @throws Error with one line for each number that is out of range
 */
export class Stream extends Construct {
  /** ARN of the stream. */
  readonly arn: string;
  /** Name of the deployed stream. */
  readonly name: string;
  /** Short name, as configured. */
  readonly shortName: string;
  /** Hours that records are kept. */
  readonly retentionHours: number;
  /** Number of shards, or `on-demand`. */
  readonly shards: number | "on-demand";

  private readonly config: StreamConfig;

  constructor(scope: Construct, id: string, config: StreamConfig) {
    super(scope, id);
    checkStream(config);
    this.config = config;
    this.shortName = config.name;
    this.retentionHours = config.retentionHours;
    this.shards = config.shards;
    const stream = new KinesisStream(this, "stream", {
      name: config.label.name(config.name, 128),
      ...(config.shards === "on-demand"
        ? { streamModeDetails: { streamMode: "ON_DEMAND" } }
        : { streamModeDetails: { streamMode: "PROVISIONED" }, shardCount: config.shards }),
      retentionPeriod: config.retentionHours,
      encryptionType: "KMS",
      kmsKeyId: config.kmsKeyArn,
      lifecycle: { preventDestroy: config.deletionProtection ?? false },
    });
    this.arn = stream.arn;
    this.name = stream.name;
    this.addAlarms();
  }

  /** What a role needs to write. */
  writeStatements(): PolicyStatement[] {
    return [
      {
        sid: `WriteTo${pascalCase(this.shortName)}`,
        actions: ["kinesis:PutRecord", "kinesis:PutRecords"],
        resources: [this.arn],
      },
      this.keyStatement("EncryptFor", "kms:GenerateDataKey"),
    ];
  }

  /** What a role needs to read. */
  readStatements(): PolicyStatement[] {
    return [
      {
        sid: `ReadFrom${pascalCase(this.shortName)}`,
        actions: [
          "kinesis:DescribeStream",
          "kinesis:DescribeStreamSummary",
          "kinesis:GetRecords",
          "kinesis:GetShardIterator",
          "kinesis:ListShards",
        ],
        resources: [this.arn],
      },
      this.keyStatement("DecryptFrom", "kms:Decrypt"),
    ];
  }

  private keyStatement(purpose: string, action: string): PolicyStatement {
    const { label, kmsKeyArn } = this.config;
    return useKeyStatement(`${purpose}${pascalCase(this.shortName)}Stream`, {
      actions: [action],
      kmsKeyArn,
      service: `kinesis.${label.region}.amazonaws.com`,
      context: { "aws:kinesis:arn": this.arn },
    });
  }

  private addAlarms(): void {
    const { label, name } = this.config;
    for (const [id, metricName, who] of [
      ["write-throttles", "WriteProvisionedThroughputExceeded", "Writers to"],
      ["read-throttles", "ReadProvisionedThroughputExceeded", "Readers of"],
    ] as const) {
      new Alarm(this, `${id}-alarm`, {
        name: label.name(`${name}-${id}`, 255),
        description: `${who} stream ${name} are throttled: look for a hot partition key, then give it more shards.`,
        namespace: "AWS/Kinesis",
        metricName,
        dimensions: { StreamName: this.name },
        statistic: "Sum",
        threshold: 0,
        topicArn: this.config.alarmTopicArn,
      });
    }
  }
}

function checkStream({ name, shards, retentionHours }: StreamConfig): void {
  checkAll([
    () => {
      if (shards !== "on-demand") checkWholeNumber(`stream ${name}: shards`, shards, 1);
    },
    // https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html
    () => checkWholeNumber(`stream ${name}: retentionHours`, retentionHours, 24, 8760),
  ]);
}
