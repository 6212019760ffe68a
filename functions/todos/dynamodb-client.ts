import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import type { Tracing } from "../internal";

/** Together with the waits between attempts, well within the function's 10 seconds. */
export const CLIENT_LIMITS = {
  attempts: 3,
  connectionMilliseconds: 500,
  requestMilliseconds: 2000,
} as const;

/**
 * A DynamoDB client that gives up in time and traces each call.
 *
 * Retries are the client's standard ones: exponential waits with full jitter, and a budget that stops retrying when most
 * calls fail.
 */
export function dynamoDbClient(tracing: Tracing, config: DynamoDBClientConfig = {}): DynamoDBClient {
  const client = new DynamoDBClient({
    ...config,
    maxAttempts: CLIENT_LIMITS.attempts,
    retryMode: "standard",
    requestHandler: {
      connectionTimeout: CLIENT_LIMITS.connectionMilliseconds,
      requestTimeout: CLIENT_LIMITS.requestMilliseconds,
      // Otherwise the client only warns: https://github.com/smithy-lang/smithy-typescript/pull/1734
      throwOnRequestTimeout: true,
    },
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
