import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});

/** Reads one item, and nothing else: what the AWS client alone costs. */
export async function handler(event: { pathParameters: { id: string } }): Promise<{ statusCode: number }> {
  await client.send(
    new GetItemCommand({
      TableName: process.env["TODOS_TABLE"],
      Key: { owner: { S: "user-1" }, sk: { S: `todo#${event.pathParameters.id}` } },
    }),
  );
  return { statusCode: 204 };
}
