import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { controlQuery, type Generations, generationsOf, historyKey, marshal } from "../../runtime";
import type { Change } from "./change";

/** The view that is written. */
export interface View {
  /** The generations that there are now. */
  generations(): Promise<Generations>;
  /**
   * Applies a change to a generation, unless that has got as far already.
   *
   * @returns whether it was applied
   */
  apply(generation: number, change: Change, signal: AbortSignal): Promise<boolean>;
}

/** What the view works with. */
export interface DynamoDbViewConfig {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** The view in DynamoDB. Throws the client's errors. */
export class DynamoDbView implements View {
  constructor(private readonly config: DynamoDbViewConfig) {}

  async generations(): Promise<Generations> {
    const { client, tableName } = this.config;
    const { Item } = await client.send(new GetItemCommand(controlQuery(tableName, true)));
    return generationsOf(Item);
  }

  async apply(
    generation: number,
    { principal, orderId, part, sequence, content }: Change,
    abortSignal: AbortSignal,
  ): Promise<boolean> {
    const command = new UpdateItemCommand({
      TableName: this.config.tableName,
      Key: marshal({ ...historyKey(generation, principal, orderId) }),
      UpdateExpression: "SET #part = :content, #sequence = :sequence",
      // Alone decides: a duplicate and what comes late find it greater or the same.
      ConditionExpression: "attribute_not_exists(#sequence) OR #sequence < :sequence",
      ExpressionAttributeNames: { "#part": part, "#sequence": `${part}Sequence` },
      ExpressionAttributeValues: marshal({ ":content": content, ":sequence": sequence }),
    });
    try {
      await this.config.client.send(command, { abortSignal });
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
