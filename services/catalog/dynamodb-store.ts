import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  type ExpectedVersion,
  marshal,
  PRODUCT_LISTING,
  Problem,
  type Product,
  productItem,
  productOf,
  productOfItem,
} from "../../runtime";
import type { ListQuery, ListResult, ProductStore, ReadOptions, Write, WriteResult } from "./store";

/** Index of the products that are listed: `listing` and `id`. Of the table's module. */
const LISTING_INDEX = "byListing";
/** Calls for what a batch left over, the first included. */
const BATCH_ATTEMPTS = 4;

/** What the store works with. */
export interface DynamoDbProductStoreConfig {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Waits before what a batch left over is asked for again. @param attempt 1 for the first wait */
  readonly pause: (attempt: number) => Promise<void>;
}

type Item = Record<string, AttributeValue>;

const LISTED = PRODUCT_LISTING.value;

/** Products in DynamoDB. Throws the client's errors. */
export class DynamoDbProductStore implements ProductStore {
  constructor(private readonly config: DynamoDbProductStoreConfig) {}

  async get(id: string, { consistent, signal }: ReadOptions): Promise<Product | undefined> {
    const { client, tableName } = this.config;
    const command = new GetItemCommand({
      TableName: tableName,
      Key: marshal({ id }),
      ConsistentRead: consistent,
    });
    const { Item } = await client.send(command, { abortSignal: signal });
    return Item && productOfItem(Item);
  }

  async getMany(ids: readonly string[], { consistent, signal }: ReadOptions): Promise<readonly Product[]> {
    const { client, tableName, pause } = this.config;
    const found: Product[] = [];
    let keys: Item[] = ids.map((id) => marshal({ id }));
    for (let attempt = 1; keys.length > 0; attempt++) {
      // DynamoDB leaves keys over when it is throttled, and after 16 MB.
      if (attempt > BATCH_ATTEMPTS) throw new Problem(503, "The database is busy. Try again.");
      if (attempt > 1) await pause(attempt - 1);
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetItemCommand({
          RequestItems: { [tableName]: { Keys: keys, ConsistentRead: consistent } },
        }),
        { abortSignal: signal },
      );
      found.push(...(Responses?.[tableName] ?? []).map(productOfItem));
      keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
    }
    return found;
  }

  async list({ limit, after }: ListQuery, signal: AbortSignal): Promise<ListResult> {
    const { client, tableName } = this.config;
    const command = new QueryCommand({
      TableName: tableName,
      IndexName: LISTING_INDEX,
      KeyConditionExpression: "#listing = :listed",
      ExpressionAttributeNames: { "#listing": "listing" },
      ExpressionAttributeValues: marshal({ ":listed": LISTED }),
      ...(after !== undefined && { ExclusiveStartKey: marshal({ listing: LISTED, id: after }) }),
      // One more than asked for tells whether there are more.
      Limit: limit + 1,
    });
    const { Items = [], LastEvaluatedKey } = await client.send(command, { abortSignal: signal });
    const products = Items.map(productOfItem);
    // DynamoDB stops early after 1 MB.
    return {
      items: products.slice(0, limit),
      more: products.length > limit || LastEvaluatedKey !== undefined,
    };
  }

  async add(write: Write): Promise<WriteResult> {
    const product = productOf({ id: write.id, version: 1, updatedAt: write.updatedAt }, write.input);
    const command = new PutItemCommand({
      TableName: this.config.tableName,
      Item: productItem(product),
      ConditionExpression: "attribute_not_exists(#id)",
      ExpressionAttributeNames: { "#id": "id" },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    return this.write(write, [0], async () => {
      await this.config.client.send(command, { abortSignal: write.signal });
      return product;
    });
  }

  async replace(write: Write, expected: ExpectedVersion): Promise<WriteResult> {
    const { listed, ...input } = write.input;
    const fields = { ...input, updatedAt: write.updatedAt, ...(listed && { listing: LISTED }) };
    const names = [...Object.keys(fields), "version", "id", ...(listed ? [] : ["listing"])];
    const assignments = Object.keys(fields).map((name) => `#${name} = :${name}`);
    const condition = versionCondition(expected);
    const command = new UpdateItemCommand({
      TableName: this.config.tableName,
      Key: marshal({ id: write.id }),
      UpdateExpression: `SET ${assignments.join(", ")}, #version = #version + :one${listed ? "" : " REMOVE #listing"}`,
      ConditionExpression: condition.expression,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...condition.values,
        ...marshal(Object.fromEntries(Object.entries(fields).map(([name, value]) => [`:${name}`, value]))),
        ":one": { N: "1" },
      },
      ReturnValues: "ALL_NEW",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    return this.write(write, expected, async () => {
      const { Attributes } = await this.config.client.send(command, { abortSignal: write.signal });
      return productOfItem(Attributes as Item);
    });
  }

  /** Does a conditional write and tells why it was refused. */
  private async write(
    write: Write,
    expected: ExpectedVersion,
    send: () => Promise<Product>,
  ): Promise<WriteResult> {
    try {
      return { outcome: "done", product: await send() };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (!error.Item) return { outcome: "missing" };
      const current = productOfItem(error.Item);
      return isOwnWrite(current, expected, write)
        ? { outcome: "done", product: current }
        : { outcome: "conflict", version: current.version };
    }
  }
}

/**
 * What is there is what this very write would have made of one of the expected versions, to the millisecond: an earlier attempt of the client
 * made it, and its answer was lost.
 */
function isOwnWrite(current: Product, expected: ExpectedVersion, { id, input, updatedAt }: Write): boolean {
  if (expected === "any" || !expected.includes(current.version - 1)) return false;
  const own = productOf({ id, version: current.version, updatedAt }, input);
  return JSON.stringify(own) === JSON.stringify(current);
}

function versionCondition(expected: ExpectedVersion): { readonly expression: string; readonly values: Item } {
  if (expected === "any") return { expression: "attribute_exists(#id)", values: {} };
  // Version 0 is nobody's: a list of none must match nothing, and IN takes no empty list.
  const versions = expected.length === 0 ? [0] : expected;
  const values = Object.fromEntries(versions.map((version, index) => [`:v${index}`, version]));
  return {
    expression: `attribute_exists(#id) AND #version IN (${Object.keys(values).join(", ")})`,
    values: marshal(values),
  };
}
