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
import { type Control, PARTS, type ViewRow, type ViewService, viewRowOf } from "./view";

/** A scan of a large table is throttled now and then: it goes on. */
const ATTEMPTS = 10;

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
    async *rows() {
      const names = ["pk", "sk", "expiresAt", ...PARTS.map((part) => `${part}Sequence`)];
      let from: Record<string, AttributeValue> | undefined;
      do {
        const scan = new sdk.ScanCommand({
          TableName,
          ProjectionExpression: names.map((name) => `#${name}`).join(", "),
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ConsistentRead: true,
          ...(from && { ExclusiveStartKey: from }),
        });
        const { Items = [], LastEvaluatedKey } = await explained("dynamodb:Scan", () => client.send(scan));
        for (const item of Items) {
          const row = viewRowOf(unmarshal(item));
          if (row) yield row;
        }
        from = LastEvaluatedKey;
      } while (from);
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
