/** The projector without its frame: reads each record and writes the same row, without contract, condition, generations, log or metrics. */
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { KinesisStreamEvent } from "aws-lambda";

const client = new DynamoDBClient({});

/** Writes that are under way at once, as of the projector. */
const AT_ONCE = 10;

export async function handler({ Records }: KinesisStreamEvent): Promise<object> {
  const records = Records.values();
  const work = async () => {
    for (const { kinesis } of records) {
      const { data, sequence } = JSON.parse(Buffer.from(kinesis.data, "base64").toString("utf8"));
      await client.send(
        new UpdateItemCommand({
          TableName: "history",
          Key: { pk: { S: `1#${data.principal}` }, sk: { S: data.order.id } },
          UpdateExpression: "SET #part = :content, #sequence = :sequence",
          ExpressionAttributeNames: { "#part": "order", "#sequence": "orderSequence" },
          ExpressionAttributeValues: {
            ":content": { S: JSON.stringify(data.order) },
            ":sequence": { N: String(sequence) },
          },
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { batchItemFailures: [] };
}
