import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import middy from "@middy/core";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { z } from "zod";

const logger = new Logger({ serviceName: "todos" });
const metrics = new Metrics({ serviceName: "todos", namespace: "todos" });
const tracer = new Tracer({ serviceName: "todos" });
const documents = DynamoDBDocumentClient.from(tracer.captureAWSv3Client(new DynamoDBClient({})));

const Event = z.object({
  pathParameters: z.object({ id: z.uuid() }),
  requestContext: z.object({ authorizer: z.object({ claims: z.object({ sub: z.string() }) }) }),
});
const Item = z.object({
  title: z.string().min(1).max(200),
  note: z.string().max(4000),
  status: z.enum(["open", "done"]),
  attachments: z.array(z.string().max(512)).max(10),
  version: z.number().int(),
});

/** Reads one to-do, as most functions of this kind are written. */
export const handler = middy(async (event: APIGatewayProxyEvent) => {
  const { pathParameters, requestContext } = Event.parse(event);
  const { Item: item } = await documents.send(
    new GetCommand({
      TableName: process.env["TODOS_TABLE"],
      Key: { owner: requestContext.authorizer.claims.sub, sk: `todo#${pathParameters.id}` },
    }),
  );
  logger.info("request", { route: "GET /todos/{id}" });
  metrics.addMetric("Read", MetricUnit.Count, 1);
  return { statusCode: 200, body: JSON.stringify(Item.parse(item)) };
})
  .use(injectLambdaContext(logger))
  .use(captureLambdaHandler(tracer))
  .use(logMetrics(metrics));
