import { setTimeout as sleep } from "node:timers/promises";
import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { recordingObservability } from "../../../functions/internal/recording-observability";
import type { HistoryEvent } from "../../../functions/order-history/change";
import { events as contracts } from "../../../functions/order-history/generated/events";
import { projector } from "../../../functions/order-history/projector";
import { DynamoDbView } from "../../../functions/order-history/view";
import { historyKey, marshal, readEvent, unmarshal } from "../../../runtime";
import { ACCOUNT } from "../local/settings";
import type { HistoryTargets } from "./targets";

const STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/order-events";
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * For tests: what a view is built from, in the emulator, named so that several are apart; and the projector itself, which takes live events
 * as they happen, and replayed ones from the queue.
 */
export class TestHistory {
  readonly targets: HistoryTargets;
  /** Takes replayed events until it is told not to. */
  takesReplays = true;
  private readonly dynamoDb: DynamoDBClient;
  private readonly eventBridge: EventBridgeClient;
  private readonly sqs: SQSClient;
  private readonly project: ReturnType<typeof projector>;
  private ended = false;
  private pumping: Promise<void> = Promise.resolve();

  private constructor(
    private readonly name: string,
    endpoint: string,
  ) {
    const { id: accountId, region } = ACCOUNT;
    const arn = (what: string) => `arn:aws:events:${region}:${accountId}:${what}`;
    this.targets = {
      ...{ accountId, region, tableName: `${name}-order-history` },
      ...{ archiveName: name, archiveArn: arn(`archive/${name}`), busArn: arn(`event-bus/${name}`) },
      ...{ ruleArn: arn(`rule/${name}/rebuild`) },
      ...{ queueName: `${name}-rebuild`, deadLetterQueueName: `${name}-rebuild-failed` },
    };
    const account = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
    this.dynamoDb = new DynamoDBClient(account);
    this.eventBridge = new EventBridgeClient(account);
    this.sqs = new SQSClient(account);
    const view = new DynamoDbView({ client: this.dynamoDb, tableName: this.targets.tableName });
    this.project = projector({
      view,
      // What a process knows is never old here.
      generations: { get: () => view.generations() },
      rebuildQueueArn: this.queueArn(this.targets.queueName),
      observability: recordingObservability().observability,
      now: Date.now,
    });
  }

  static async start(name: string, endpoint: string): Promise<TestHistory> {
    const history = new TestHistory(name, endpoint);
    await history.create();
    history.pumping = history.pump();
    return history;
  }

  async stop(): Promise<void> {
    this.ended = true;
    await this.pumping;
    for (const client of [this.dynamoDb, this.eventBridge, this.sqs]) client.destroy();
  }

  /** An event happens. @param lost the projector never gets it, as if by a fault */
  async happen(event: HistoryEvent, { lost = false } = {}): Promise<void> {
    const Entries = [
      {
        ...{ EventBusName: this.name, Source: `shop.${event.source}`, DetailType: event.type },
        Detail: JSON.stringify(event),
      },
    ];
    const { FailedEntryCount } = await this.eventBridge.send(new PutEventsCommand({ Entries }));
    if (FailedEntryCount) throw new Error("the bus did not take the event");
    if (!lost) await this.take(event, STREAM);
  }

  /** Rows of a generation by user and order, without what says when they end. */
  async rows(generation: number): Promise<Record<string, object>> {
    const rows = (await this.scan()).filter(({ pk }) => String(pk).startsWith(`${generation}#`));
    return Object.fromEntries(
      rows.map(({ pk, sk, expiresAt, ...row }) => [`${String(pk).split("#")[1]}/${sk}`, row]),
    );
  }

  /** How many rows of a generation end, by when: seconds since 1970. */
  async ends(generation: number): Promise<unknown[]> {
    const rows = (await this.scan()).filter(({ pk }) => String(pk).startsWith(`${generation}#`));
    return rows.flatMap(({ expiresAt }) => expiresAt ?? []);
  }

  /** A row that no event made. */
  async put(generation: number, principal: string, orderId: string): Promise<void> {
    const row = { ...historyKey(generation, principal, orderId), order: "{}", orderSequence: 1 };
    await this.dynamoDb.send(new PutItemCommand({ TableName: this.targets.tableName, Item: marshal(row) }));
  }

  /** Events that the bus's other rule has delivered. */
  async heardByOthers(): Promise<number> {
    const { Attributes } = await this.sqs.send(
      new GetQueueAttributesCommand({
        ...{ QueueUrl: this.queueUrl("others"), AttributeNames: ["ApproximateNumberOfMessages"] },
      }),
    );
    return Number(Attributes?.["ApproximateNumberOfMessages"]);
  }

  private take(event: HistoryEvent, sourceArn: string): Promise<void> {
    return this.project(event, { signal: new AbortController().signal, sourceArn, logger });
  }

  private async scan() {
    const { tableName: TableName } = this.targets;
    const { Items = [] } = await this.dynamoDb.send(new ScanCommand({ TableName, ConsistentRead: true }));
    return Items.map((item) => unmarshal(item));
  }

  private async pump(): Promise<void> {
    const QueueUrl = this.queueUrl(this.targets.queueName);
    const sourceArn = this.queueArn(this.targets.queueName);
    for (; !this.ended; await sleep(20)) {
      if (!this.takesReplays) continue;
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      for (const { Body = "", ReceiptHandle } of Messages) {
        await this.take(readEvent(Body, contracts), sourceArn);
        await this.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  private async create(): Promise<void> {
    const { busArn, tableName, queueName, deadLetterQueueName } = this.targets;
    await this.dynamoDb.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      }),
    );
    for (const QueueName of [queueName, deadLetterQueueName, `${this.name}-others`]) {
      await this.sqs.send(new CreateQueueCommand({ QueueName }));
    }
    await this.eventBridge.send(new CreateEventBusCommand({ Name: this.name }));
    await this.eventBridge.send(
      new CreateArchiveCommand({ ArchiveName: this.name, EventSourceArn: busArn, RetentionDays: 30 }),
    );
    await this.rule("rebuild", { "replay-name": [{ exists: true }] }, queueName);
    await this.rule("others", { source: [{ prefix: "shop." }] }, `${this.name}-others`);
  }

  private async rule(Name: string, pattern: object, queueName: string): Promise<void> {
    const common = { EventBusName: this.name };
    await this.eventBridge.send(
      new PutRuleCommand({ ...common, Name, EventPattern: JSON.stringify(pattern) }),
    );
    const Targets = [{ Id: "target", Arn: this.queueArn(queueName), InputPath: "$.detail" }];
    await this.eventBridge.send(new PutTargetsCommand({ ...common, Rule: Name, Targets }));
  }

  private queueArn(queueName: string): string {
    return `arn:aws:sqs:${ACCOUNT.region}:${ACCOUNT.id}:${queueName}`;
  }

  private queueUrl(name: string): string {
    const queueName = name === "others" ? `${this.name}-others` : name;
    return `https://sqs.${ACCOUNT.region}.amazonaws.com/${ACCOUNT.id}/${queueName}`;
  }
}
