import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from "@aws-sdk/client-kinesis";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { readEvent } from "../../../../runtime";
import {
  startTemporaryEmulator,
  type TemporaryEmulator,
} from "../../../../scripts/internal/temporary-emulator";
import { ORDER_EVENTS, type OrderEvent } from "../../order-event";
import { until } from "../fixture";

const REGION = "eu-west-1";
const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

/** For tests: the emulator, with the streams, buses and queues that a relay works with. */
export class EmulatedAws {
  readonly sqs: SQSClient;
  private readonly kinesis: KinesisClient;
  private readonly eventBridge: EventBridgeClient;

  private constructor(private readonly emulator: TemporaryEmulator) {
    const config = { endpoint: emulator.endpoint, region: REGION, credentials: CREDENTIALS };
    // By HTTP/1.1, as the relay speaks to it.
    this.kinesis = new KinesisClient({ ...config, requestHandler: new NodeHttpHandler() });
    this.eventBridge = new EventBridgeClient(config);
    this.sqs = new SQSClient(config);
  }

  static async start(): Promise<EmulatedAws> {
    return new EmulatedAws(await startTemporaryEmulator("order-relay"));
  }

  async stop(): Promise<void> {
    await this.emulator.stop();
    for (const client of [this.kinesis, this.eventBridge, this.sqs]) client.destroy();
  }

  /** Variables by which a process reaches it. */
  get environment(): Record<string, string> {
    return {
      ...{ AWS_ENDPOINT_URL: this.emulator.endpoint, AWS_REGION: REGION },
      ...{ AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId, AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey },
    };
  }

  /** Makes a stream of one shard. */
  async createStream(StreamName: string): Promise<void> {
    await this.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  }

  /** Makes a bus, and a queue to which it brings the events of the orders as they are. @returns the queue's URL */
  async createBus(Name: string): Promise<string> {
    await this.eventBridge.send(new CreateEventBusCommand({ Name }));
    const queue = await this.createQueue(`${Name}-events`);
    const EventPattern = JSON.stringify({ source: ["shop.orders"] });
    const rule = { Rule: Name, EventBusName: Name };
    await this.eventBridge.send(new PutRuleCommand({ Name, EventBusName: Name, EventPattern }));
    const target = { Id: "queue", Arn: await this.arnOf(queue), InputPath: "$.detail" };
    await this.eventBridge.send(new PutTargetsCommand({ ...rule, Targets: [target] }));
    return queue;
  }

  /** Makes a queue. @returns its URL */
  async createQueue(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
    const { QueueUrl = "" } = await this.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    return QueueUrl;
  }

  async arnOf(queueUrl: string): Promise<string> {
    return (await this.attributesOf(queueUrl))["QueueArn"] ?? "";
  }

  async send(QueueUrl: string, MessageBody: string): Promise<void> {
    await this.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }

  /** Messages that are in a queue, those that somebody works on included. */
  async messagesIn(queueUrl: string): Promise<number> {
    const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } =
      await this.attributesOf(queueUrl);
    return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
  }

  /** Takes out of a queue what is there, until it has given so many messages. @returns their bodies */
  async takeFrom(QueueUrl: string, count: number): Promise<string[]> {
    const bodies: string[] = [];
    await until(async () => {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      );
      bodies.push(...Messages.map(({ Body = "" }) => Body));
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      if (Entries.length > 0) await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      return bodies.length >= count;
    });
    return bodies;
  }

  /** All events of a stream, in its order. Each must fit its contract, and be where its order's events are. */
  async readStream(StreamName: string): Promise<OrderEvent[]> {
    const { ShardIterator } = await this.kinesis.send(
      new GetShardIteratorCommand({
        ...{ StreamName, ShardId: "shardId-000000000000", ShardIteratorType: "TRIM_HORIZON" },
      }),
    );
    const { Records = [] } = await this.kinesis.send(new GetRecordsCommand({ ShardIterator }));
    return Records.map(({ Data, PartitionKey }) => {
      const event = readEvent(Buffer.from(Data ?? []).toString("utf8"), ORDER_EVENTS);
      expect(PartitionKey).toBe(event.subject);
      return event;
    });
  }

  private async attributesOf(QueueUrl: string): Promise<Record<string, string>> {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
    return (await this.sqs.send(command)).Attributes ?? {};
  }
}
