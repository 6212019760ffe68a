import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import type { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import { DeadLetterQueue } from "../internal/dead-letter-queue";
import type { FunctionArtifact } from "../internal/function-bundle";
import type { PolicyStatement } from "../internal/iam";
import { LambdaFunction, type LambdaFunctionConfig } from "../internal/lambda-function";
import { checkSources, concurrencyShare } from "./check-sources";
import {
  type EventSource,
  isQueueSource,
  isStreamSource,
  type QueueSource,
  queueDefaults,
  type Required,
  type StreamSource,
  streamDefaults,
} from "./event-sources";
import { pascalCase } from "./pascal-case";
import { StandstillAlarm } from "./standstill-alarm";
import { useKeyStatement } from "./use-key";

/** Variable of a function that keeps what it refuses by itself. */
const FAILURES_QUEUE_URL = "FAILURES_QUEUE_URL";

/** Tells Lambda which messages of a batch failed: the others are done. */
const PARTIAL_BATCHES = ["ReportBatchItemFailures"];

/** A function that handles messages of queues and records of streams. */
export interface EventConsumerConfig
  extends Omit<LambdaFunctionConfig, "onFailureQueueArn" | "maxEventAgeSeconds"> {
  /** What invokes the function, each once. Its answer names what failed: `{ batchItemFailures: [{ itemIdentifier }] }`. */
  readonly sources: readonly EventSource[];
}

/**
 * Lambda function with its queues and streams. Of a batch only what failed is delivered again; what fails for good goes to the queue's
 * dead-letter queue, of a stream to a queue for failures of its own (`<function>-<stream>-failed`). A function whose manifest
 * names `FAILURES_QUEUE_URL` gets the one of its first stream, for records that it can never handle: they would hold their shard up.
 *
 * @throws Error with one line for each thing that is wrong with a source, and as `LambdaFunction` does
 */
export class EventConsumer extends Construct {
  /** Name of the function. */
  readonly functionName: string;
  /** ARN of the alias `live`. */
  readonly aliasArn: string;
  /** Name of the function's role. */
  readonly roleName: string;
  /** ARN of the function's role. */
  readonly roleArn: string;

  private readonly shortName: string;
  private readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, config: EventConsumerConfig) {
    super(scope, id);
    checkSources(config);
    const { sources, ...functionConfig } = config;
    this.shortName = config.name ?? config.artifact.name;
    const queues = sources.filter(isQueueSource);
    const streams = sources.filter(isStreamSource);
    const failures = streams.map((source) => this.addFailures(source, config));
    const lambda = new LambdaFunction(this, "function", {
      ...functionConfig,
      environment: { ...config.environment, ...failuresVariable(config.artifact, failures[0]?.url) },
      statements: [
        ...config.statements,
        ...queues.flatMap(({ queue }) => queue.receiveStatements()),
        ...streams.flatMap(({ stream }) => stream.readStatements()),
        ...failures.flatMap(({ statements }) => statements),
      ],
    });
    this.lambda = lambda;
    this.functionName = lambda.functionName;
    this.aliasArn = lambda.aliasArn;
    this.roleName = lambda.roleName;
    this.roleArn = lambda.roleArn;
    const share = concurrencyShare(config);
    for (const source of queues) this.mapQueue(queueDefaults(source, share));
    for (const [index, source] of streams.entries()) {
      this.mapStream(streamDefaults(source), failures[index]?.arn as string);
    }
    if (streams.length > 0) this.addLagAlarm(streams.map(streamDefaults), config);
    for (const source of streams.map(streamDefaults)) {
      new StandstillAlarm(this, `standstill-of-${source.stream.shortName}`, {
        label: config.label,
        shortName: this.shortName,
        functionName: this.functionName,
        source,
        topicArn: config.alarmTopicArn,
      });
    }
  }

  /** Lets an AWS service invoke the alias on behalf of one source, as `LambdaFunction` does. */
  allowInvocation(id: string, service: string, sourceArn: string, sourceAccount?: string): LambdaPermission {
    return this.lambda.allowInvocation(id, service, sourceArn, sourceAccount);
  }

  private addFailures({ stream }: StreamSource, config: EventConsumerConfig) {
    const { label, kmsKeyArn, alarmTopicArn } = config;
    const name = `${this.shortName}-${stream.shortName}`;
    const { arn, url } = new DeadLetterQueue(this, `failures-of-${stream.shortName}`, {
      label,
      name,
      kmsKeyArn,
      alarmTopicArn,
    });
    const sid = pascalCase(stream.shortName);
    const statements: PolicyStatement[] = [
      { sid: `SendFailuresOf${sid}`, actions: ["sqs:SendMessage"], resources: [arn] },
      useKeyStatement(`EncryptFailuresOf${sid}`, {
        actions: ["kms:GenerateDataKey", "kms:Decrypt"],
        kmsKeyArn,
        service: `sqs.${label.region}.amazonaws.com`,
        context: { "aws:sqs:arn": arn },
      }),
    ];
    return { arn, url, statements };
  }

  private mapQueue(source: Required<QueueSource>): void {
    new LambdaEventSourceMapping(this, `from-${source.queue.shortName}-queue`, {
      eventSourceArn: source.queue.arn,
      functionName: this.aliasArn,
      functionResponseTypes: PARTIAL_BATCHES,
      batchSize: source.batchSize,
      maximumBatchingWindowInSeconds: source.maximumBatchingWindowSeconds,
      scalingConfig: { maximumConcurrency: source.maximumConcurrency },
    });
  }

  private mapStream(source: Required<StreamSource>, failuresArn: string): void {
    new LambdaEventSourceMapping(this, `from-${source.stream.shortName}-stream`, {
      eventSourceArn: source.stream.arn,
      functionName: this.aliasArn,
      functionResponseTypes: PARTIAL_BATCHES,
      startingPosition: source.startingPosition,
      batchSize: source.batchSize,
      maximumBatchingWindowInSeconds: source.maximumBatchingWindowSeconds,
      parallelizationFactor: source.parallelizationFactor,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: source.maximumRetryAttempts,
      maximumRecordAgeInSeconds: source.maximumRecordAgeSeconds,
      destinationConfig: { onFailure: { destinationArn: failuresArn } },
    });
  }

  /** Lambda counts the age of all streams of a function as one. */
  private addLagAlarm(streams: readonly Required<StreamSource>[], config: EventConsumerConfig): void {
    const seconds = Math.min(...streams.map(({ maxLagAlarmSeconds }) => maxLagAlarmSeconds));
    new Alarm(this, "lag-alarm", {
      name: config.label.name(`${this.shortName}-lag`, 255),
      description:
        `Function ${this.shortName} is over ${seconds} s behind its stream: look at its errors and throttles, ` +
        "then give it more shards or a higher parallelizationFactor.",
      namespace: "AWS/Lambda",
      metricName: "IteratorAge",
      dimensions: { FunctionName: this.functionName },
      statistic: "Maximum",
      // The metric is in milliseconds.
      threshold: seconds * 1000,
      topicArn: config.alarmTopicArn,
    });
  }
}

function failuresVariable({ environment }: FunctionArtifact, url: string | undefined) {
  const { required, optional } = environment;
  const known = [...required, ...optional].includes(FAILURES_QUEUE_URL);
  return known && url !== undefined ? { [FAILURES_QUEUE_URL]: url } : {};
}
