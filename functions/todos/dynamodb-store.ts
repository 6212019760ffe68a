import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type ExpectedVersion, marshal, timeOfUuidV7, unmarshal } from "../../runtime";
import { itemOf, requestKey, statusSortKey, type TodoItem, todoKey, todoOfItem } from "./item";
import { listQuery, pageOf } from "./list-query";
import type {
  Change,
  ChangeResult,
  CreateResult,
  IdempotentRequest,
  ListQuery,
  ListResult,
  ReadOptions,
  TodoReader,
  TodoWriter,
} from "./store";
import type { Todo, TodoInput } from "./todo";

/** Attempts at a transaction that another one is in the way of. */
const TRANSACTION_ATTEMPTS = 4;

/** What the store works with. */
export interface DynamoDbTodoStoreConfig {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Waits before another attempt. @param attempt 1 for the first wait */
  readonly pause: (attempt: number) => Promise<void>;
}

/** To-dos in DynamoDB. Throws the client's errors. */
export class DynamoDbTodoStore implements TodoReader, TodoWriter {
  constructor(private readonly config: DynamoDbTodoStoreConfig) {}

  async get(owner: string, id: string, { consistent, signal }: ReadOptions): Promise<Todo | undefined> {
    const { client, tableName } = this.config;
    const command = new GetItemCommand({
      TableName: tableName,
      Key: marshal({ ...todoKey(owner, id) }),
      ConsistentRead: consistent,
    });
    const { Item } = await client.send(command, { abortSignal: signal });
    return Item && todoOfAttributes(Item);
  }

  async list(query: ListQuery, { consistent, signal }: ReadOptions): Promise<ListResult> {
    const { client, tableName } = this.config;
    const { ExpressionAttributeValues, ExclusiveStartKey, ...plain } = listQuery(tableName, query);
    const command = new QueryCommand({
      ...plain,
      ExpressionAttributeValues: marshal(ExpressionAttributeValues),
      ...(ExclusiveStartKey && { ExclusiveStartKey: marshal(ExclusiveStartKey) }),
      ConsistentRead: consistent,
    });
    const { Items = [], LastEvaluatedKey } = await client.send(command, { abortSignal: signal });
    return pageOf(Items.map(todoOfAttributes), query.limit, LastEvaluatedKey !== undefined);
  }

  async create(
    owner: string,
    todo: Todo,
    signal: AbortSignal,
    request?: IdempotentRequest,
  ): Promise<CreateResult> {
    if (request) return this.createOnce(owner, todo, request, signal);
    // No condition: the id is random, so what is overwritten can only be this very item, by an earlier attempt of the client.
    const command = new PutItemCommand({
      TableName: this.config.tableName,
      Item: marshal({ ...itemOf(owner, todo) }),
    });
    await this.config.client.send(command, { abortSignal: signal });
    return { outcome: "created" };
  }

  async update(change: Change, fields: Partial<TodoInput>, updatedAt: string): Promise<ChangeResult<Todo>> {
    const { owner, id } = change;
    const { dueAt, ...given } = fields;
    const set = {
      ...given,
      ...(given.status !== undefined && { statusSk: statusSortKey(given.status, id) }),
      ...(typeof dueAt === "string" && { dueAt }),
      updatedAt,
    };
    const assignments = Object.keys(set).map((name) => `#${name} = :${name}`);
    const removal = dueAt === null ? ["dueAt"] : [];
    const condition = versionCondition(change.expected);
    const command = new UpdateItemCommand({
      TableName: this.config.tableName,
      Key: marshal({ ...todoKey(owner, id) }),
      UpdateExpression: [
        `SET ${assignments.join(", ")}, #version = #version + :one`,
        ...removal.map((name) => `REMOVE #${name}`),
      ].join(" "),
      ConditionExpression: condition.expression,
      ExpressionAttributeNames: {
        ...Object.fromEntries([...Object.keys(set), ...removal].map((name) => [`#${name}`, name])),
        "#sk": "sk",
        "#version": "version",
      },
      ExpressionAttributeValues: {
        ...condition.values,
        ...marshal(Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value]))),
        ":one": { N: "1" },
      },
      ReturnValues: "ALL_NEW",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    return this.change(
      async () => {
        const { Attributes } = await this.config.client.send(command, { abortSignal: change.signal });
        return todoOfAttributes(Attributes as Record<string, AttributeValue>);
      },
      (current) => (isOwnWrite(current, change.expected, fields, updatedAt) ? current : undefined),
    );
  }

  async remove(change: Change): Promise<ChangeResult<undefined>> {
    const condition = versionCondition(change.expected);
    const command = new DeleteItemCommand({
      TableName: this.config.tableName,
      Key: marshal({ ...todoKey(change.owner, change.id) }),
      ConditionExpression: condition.expression,
      ExpressionAttributeNames: { "#sk": "sk", ...(change.expected !== "any" && { "#version": "version" }) },
      ...(change.expected !== "any" && { ExpressionAttributeValues: condition.values }),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    return this.change(async () => {
      await this.config.client.send(command, { abortSignal: change.signal }).catch((error: unknown) => {
        if (!isOwnRemoval(error)) throw error;
      });
      return undefined;
    });
  }

  private async createOnce(
    owner: string,
    todo: Todo,
    request: IdempotentRequest,
    signal: AbortSignal,
  ): Promise<CreateResult> {
    const { client, tableName, pause } = this.config;
    const record = requestKey(owner, request.keyHash);
    const now = Math.floor(timeOfUuidV7(todo.id) / 1000);
    for (let attempt = 1; ; attempt++) {
      try {
        const command = new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName: tableName, Item: marshal({ ...itemOf(owner, todo) }) } },
            {
              Put: {
                TableName: tableName,
                Item: marshal({
                  ...record,
                  todoId: todo.id,
                  inputHash: request.inputHash,
                  expiresAt: request.expiresAt,
                }),
                // DynamoDB removes what has expired within days, not at once.
                ConditionExpression: "attribute_not_exists(#sk) OR #expiresAt <= :now",
                ExpressionAttributeNames: { "#sk": "sk", "#expiresAt": "expiresAt" },
                ExpressionAttributeValues: marshal({ ":now": now }),
              },
            },
          ],
        });
        await client.send(command, { abortSignal: signal });
        return { outcome: "created" };
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
        if (codes.includes("ConditionalCheckFailed")) break;
        // The same request is under way elsewhere, or a plain write of the item.
        if (!codes.includes("TransactionConflict") || attempt === TRANSACTION_ATTEMPTS) throw error;
        await pause(attempt);
      }
    }
    const { Item } = await client.send(
      new GetItemCommand({ TableName: tableName, Key: marshal({ ...record }), ConsistentRead: true }),
      { abortSignal: signal },
    );
    if (!Item) throw new Error("the record of the request was there and is gone");
    const { todoId, inputHash } = unmarshal(Item);
    if (inputHash !== request.inputHash) return { outcome: "otherRequest" };
    return { outcome: "repeated", id: String(todoId) };
  }

  /**
   * Does a conditional write and tells why it was refused.
   *
   * @param ownWrite recognises what is there as this very change, made by an earlier attempt whose answer was lost
   */
  private async change<T>(
    write: () => Promise<T>,
    ownWrite?: (current: Todo) => T | undefined,
  ): Promise<ChangeResult<T>> {
    try {
      return { outcome: "done", value: await write() };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (!error.Item) return { outcome: "missing" };
      const current = todoOfAttributes(error.Item);
      const own = ownWrite?.(current);
      return own === undefined
        ? { outcome: "conflict", version: current.version }
        : { outcome: "done", value: own };
    }
  }
}

function todoOfAttributes(item: Record<string, AttributeValue>): Todo {
  return todoOfItem(unmarshal(item) as unknown as TodoItem);
}

function versionCondition(expected: ExpectedVersion): {
  readonly expression: string;
  readonly values: Record<string, AttributeValue>;
} {
  if (expected === "any") return { expression: "attribute_exists(#sk)", values: {} };
  // Version 0 is nobody's: a list of none must match nothing, and IN takes no empty list.
  const versions = expected.length === 0 ? [0] : expected;
  const values = Object.fromEntries(versions.map((version, index) => [`:v${index}`, version]));
  return {
    expression: `attribute_exists(#sk) AND #version IN (${Object.keys(values).join(", ")})`,
    values: marshal(values),
  };
}

/** What is there is what this change would have made of one of the expected versions, to the millisecond. */
function isOwnWrite(
  current: Todo,
  expected: ExpectedVersion,
  fields: Partial<TodoInput>,
  updatedAt: string,
): boolean {
  if (expected === "any" || !expected.includes(current.version - 1) || current.updatedAt !== updatedAt)
    return false;
  return (Object.keys(fields) as (keyof TodoInput)[]).every(
    (name) => JSON.stringify(current[name]) === JSON.stringify(fields[name]),
  );
}

/** Nothing is there, and it is not the first attempt: an earlier one, whose answer was lost, has deleted it. */
function isOwnRemoval(error: unknown): boolean {
  return (
    error instanceof ConditionalCheckFailedException && !error.Item && (error.$metadata.attempts ?? 1) > 1
  );
}
