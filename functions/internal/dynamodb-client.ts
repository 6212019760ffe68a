import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { boundedClientConfig } from "../../runtime";
import type { Tracing } from "./tracing";

/**
 * A DynamoDB client that gives up in time and traces each call.
 */
export function dynamoDbClient(tracing: Tracing, config: DynamoDBClientConfig = {}): DynamoDBClient {
  const client = new DynamoDBClient({
    ...config,
    ...boundedClientConfig(),
  });
  client.middlewareStack.add(
    (next, context) => (args) =>
      tracing.capture(
        "DynamoDB",
        () => next(args),
        (result) => {
          const metadata = (result?.output as { $metadata?: { requestId?: string; attempts?: number } })
            ?.$metadata;
          return {
            namespace: "aws",
            aws: {
              operation: String(context["commandName"]).replace(/Command$/, ""),
              ...(metadata?.requestId !== undefined && { request_id: metadata.requestId }),
              ...(metadata?.attempts !== undefined && { retries: metadata.attempts - 1 }),
            },
          };
        },
      ),
    { name: "xraySubsegment", step: "initialize" },
  );
  return client;
}
