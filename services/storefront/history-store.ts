import { type DynamoDBClient, GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import {
  controlQuery,
  type Generations,
  generationsOf,
  historyKey,
  historyPartition,
  marshal,
} from "../../runtime";
import { type HistoryOrder, type HistoryPage, historyOrderOf } from "./history-order";

/** Whose orders of which generation are read, and how. */
export interface HistoryReading {
  readonly generation: number;
  /** Subject of the user's token: whoever reads, reads their own. */
  readonly principal: string;
  /** As the view is now, past DynamoDB's copies. */
  readonly consistent: boolean;
  readonly signal: AbortSignal;
}

/** Reads the view of orders. */
export interface HistoryStore {
  generations(): Promise<Generations>;
  /** @returns nothing when the user has no such order, or it is not in the view yet */
  get(id: string, reading: HistoryReading): Promise<HistoryOrder | undefined>;
  /** One page, newest first. @param after id of the last order of the page before */
  page(limit: number, after: string | undefined, reading: HistoryReading): Promise<HistoryPage>;
}

/** What the store works with. */
export interface DynamoDbHistoryStoreConfig {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** The view in DynamoDB, of which functions/order-history is the writer. Throws the client's errors. */
export class DynamoDbHistoryStore implements HistoryStore {
  constructor(private readonly config: DynamoDbHistoryStoreConfig) {}

  async generations(): Promise<Generations> {
    const { client, tableName } = this.config;
    const { Item } = await client.send(new GetItemCommand(controlQuery(tableName, false)));
    return generationsOf(Item);
  }

  async get(
    id: string,
    { generation, principal, consistent, signal }: HistoryReading,
  ): Promise<HistoryOrder | undefined> {
    const { client, tableName } = this.config;
    const command = new GetItemCommand({
      TableName: tableName,
      Key: marshal({ ...historyKey(generation, principal, id) }),
      ConsistentRead: consistent,
    });
    const { Item } = await client.send(command, { abortSignal: signal });
    return Item && historyOrderOf(Item);
  }

  async page(
    limit: number,
    after: string | undefined,
    { generation, principal, consistent, signal }: HistoryReading,
  ): Promise<HistoryPage> {
    const { client, tableName } = this.config;
    const command = new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: "#pk = :pk",
      ExpressionAttributeNames: { "#pk": "pk" },
      ExpressionAttributeValues: marshal({ ":pk": historyPartition(generation, principal) }),
      ...(after !== undefined && {
        ExclusiveStartKey: marshal({ ...historyKey(generation, principal, after) }),
      }),
      ScanIndexForward: false,
      ConsistentRead: consistent,
      // One more than asked for tells whether there are more.
      Limit: limit + 1,
    });
    const { Items = [], LastEvaluatedKey } = await client.send(command, { abortSignal: signal });
    const shown = Items.slice(0, limit);
    const last = shown.at(-1)?.["sk"]?.S;
    // DynamoDB stops early after 1 MB.
    const more = Items.length > limit || LastEvaluatedKey !== undefined;
    return {
      items: shown.flatMap((row) => historyOrderOf(row) ?? []),
      ...(more && last !== undefined && { nextPageToken: last }),
    };
  }
}
