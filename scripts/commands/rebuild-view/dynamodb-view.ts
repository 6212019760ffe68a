import { setTimeout as sleep } from "node:timers/promises";
import type { AttributeValue, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  boundedClientConfig,
  CONTROL_KEY,
  controlQuery,
  generationsOf,
  historyKey,
  marshal,
  unmarshal,
} from "../../../runtime";
import { explainAwsFailure } from "../../internal/aws-errors";
import { CommandError } from "../../internal/cli";
import type { HistoryTargets } from "./targets";
import { type Control, nameOf, PARTS, type ViewRow, type ViewService, viewRowOf } from "./view";

/** A scan of a large table is throttled now and then: it goes on. */
const ATTEMPTS = 10;
/** Rows that DynamoDB reads by their keys at once. */
const KEYS_AT_ONCE = 100;

/** The view's table in DynamoDB. */
export async function openView({
  region,
  tableName: TableName,
}: Pick<HistoryTargets, "region" | "tableName">): Promise<ViewService> {
  const sdk = await import("@aws-sdk/client-dynamodb");
  const limits = { attempts: ATTEMPTS, connectionMilliseconds: 2000, requestMilliseconds: 10_000 };
  const client: DynamoDBClient = new sdk.DynamoDBClient({ region, ...boundedClientConfig(limits) });
  const explained = async <T>(rights: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      const place = `table ${TableName}`;
      if ((error as Error).name === "ResourceNotFoundException") {
        throw new CommandError(place, "is not deployed", "deploy it first");
      }
      throw explainAwsFailure(error, { service: "DynamoDB", place, rights });
    }
  };
  const keyOf = (generation: number, { principal, orderId }: Pick<ViewRow, "principal" | "orderId">) =>
    marshal({ ...historyKey(generation, principal, orderId) });
  const read = async (generation: number, row: Pick<ViewRow, "principal" | "orderId">) => {
    const Key = keyOf(generation, row);
    const { Item } = await client.send(new sdk.GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return Item && unmarshal(Item);
  };
  return {
    control: () =>
      explained("dynamodb:GetItem", async () => {
        const { Item } = await client.send(new sdk.GetItemCommand(controlQuery(TableName, true)));
        return controlOf(Item);
      }),
    change: ({ revision }, to) =>
      explained("dynamodb:PutItem", async () => {
        const put = new sdk.PutItemCommand({
          TableName,
          Item: marshal({ ...CONTROL_KEY, ...to, revision: revision + 1 }),
          ConditionExpression: revision === 0 ? "attribute_not_exists(#revision)" : "#revision = :revision",
          ExpressionAttributeNames: { "#revision": "revision" },
          ...(revision > 0 && { ExpressionAttributeValues: marshal({ ":revision": revision }) }),
        });
        try {
          await client.send(put);
          return true;
        } catch (error) {
          if (error instanceof sdk.ConditionalCheckFailedException) return false;
          throw error;
        }
      }),
    async *pages() {
      let from: Record<string, AttributeValue> | undefined;
      do {
        const scan = new sdk.ScanCommand({
          TableName,
          ...{ ...PROGRESS, ConsistentRead: true },
          ...(from && { ExclusiveStartKey: from }),
        });
        const { Items = [], LastEvaluatedKey } = await explained("dynamodb:Scan", () => client.send(scan));
        yield rowsOf(Items);
        from = LastEvaluatedKey;
      } while (from);
    },
    async counterparts(generation, rows) {
      const found = new Map<string, ViewRow>();
      for (let from = 0; from < rows.length; from += KEYS_AT_ONCE) {
        let keys = rows.slice(from, from + KEYS_AT_ONCE).map((row) => keyOf(generation, row));
        for (let attempt = 1; keys.length > 0; attempt++) {
          if (attempt > 1) await pause(attempt - 1);
          const get = new sdk.BatchGetItemCommand({
            RequestItems: { [TableName]: { ...PROGRESS, Keys: keys, ConsistentRead: true } },
          });
          const { Responses, UnprocessedKeys } = await explained("dynamodb:BatchGetItem", () =>
            client.send(get),
          );
          for (const row of rowsOf(Responses?.[TableName] ?? [])) found.set(nameOf(row), row);
          // Left over when it is throttled, and after 16 MB.
          keys = UnprocessedKeys?.[TableName]?.Keys ?? [];
        }
      }
      return rows.map((row) => found.get(nameOf(row)));
    },
    row: (generation, row) =>
      explained("dynamodb:GetItem", async () => {
        const found = await read(generation, row);
        return found && viewRowOf(found);
      }),
    copy: (row, generation) =>
      explained("dynamodb:GetItem and UpdateItem", async () => {
        const found = (await read(row.generation, row)) ?? {};
        for (const part of PARTS) {
          const { [part]: content, [`${part}Sequence`]: sequence } = found;
          if (content === undefined || sequence === undefined) continue;
          // As functions/order-history writes: what is newer there stays.
          const update = new sdk.UpdateItemCommand({
            TableName,
            Key: keyOf(generation, row),
            UpdateExpression: "SET #part = :content, #sequence = :sequence",
            ConditionExpression: "attribute_not_exists(#sequence) OR #sequence < :sequence",
            ExpressionAttributeNames: { "#part": part, "#sequence": `${part}Sequence` },
            ExpressionAttributeValues: marshal({ ":content": content, ":sequence": sequence }),
          });
          await unlessRefused(client.send(update));
        }
      }),
    end: (row, at) =>
      explained("dynamodb:UpdateItem", async () => {
        const update = new sdk.UpdateItemCommand({
          TableName,
          Key: keyOf(row.generation, row),
          UpdateExpression: "SET #expiresAt = :at",
          // What has ended meanwhile is not made anew.
          ConditionExpression: "attribute_exists(#pk)",
          ExpressionAttributeNames: { "#expiresAt": "expiresAt", "#pk": "pk" },
          ExpressionAttributeValues: marshal({ ":at": at }),
        });
        await unlessRefused(client.send(update));
      }),
    close: () => client.destroy(),
  };
}

/** What rows are compared by, without what they hold. */
const PROGRESS = projection(["pk", "sk", "expiresAt", ...PARTS.map((part) => `${part}Sequence`)]);

function projection(names: readonly string[]) {
  return {
    ProjectionExpression: names.map((name) => `#${name}`).join(", "),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
  };
}

function rowsOf(items: readonly Record<string, AttributeValue>[]): ViewRow[] {
  return items.flatMap((item) => viewRowOf(unmarshal(item)) ?? []);
}

/** Up to 6.4 s, by chance. */
function pause(attempt: number): Promise<unknown> {
  return sleep(Math.random() * 50 * 2 ** Math.min(attempt, 7));
}

async function unlessRefused(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if ((error as Error).name !== "ConditionalCheckFailedException") throw error;
  }
}

function controlOf(item: Record<string, AttributeValue> | undefined): Control {
  const generations = generationsOf(item);
  const { since, leaving, last, revision } = item ? unmarshal(item) : {};
  return {
    ...generations,
    ...(typeof since === "string" && { since }),
    ...(typeof leaving === "number" && { leaving }),
    last: typeof last === "number" ? last : generations.serving,
    revision: typeof revision === "number" ? revision : 0,
  };
}
