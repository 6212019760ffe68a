/**
 * Imports the products of CSV files that are put into a bucket: the queue that S3 tells invokes it. This file only wires.
 *
 * @module
 */
import { setTimeout } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { AWS_CLIENT_LIMITS, boundedClientConfig, readEnvironment } from "../../runtime";
import { createObservability } from "../internal";
import { dynamoDbClient } from "../internal/dynamodb-client";
import { CatalogWriter } from "./catalog-writer";
import { FileStore } from "./file-store";
import { importHandler } from "./handler";

const environment = readEnvironment(
  {
    required: ["PRODUCTS_TABLE"],
    optional: ["POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"],
  },
  process.env,
);
const observability = createObservability({
  service: environment.POWERTOOLS_SERVICE_NAME ?? "catalog-import",
  namespace: environment.POWERTOOLS_METRICS_NAMESPACE ?? "catalog-import",
});
const s3 = new S3Client({
  // The answer to a file of errors comes once all of it is there.
  ...boundedClientConfig({ ...AWS_CLIENT_LIMITS, requestMilliseconds: 30_000 }),
  // Local emulators serve buckets by path; AWS serves both.
  forcePathStyle: true,
});

/** Lambda's entry. */
export const handler = importHandler({
  files: new FileStore(s3),
  writer: new CatalogWriter({
    client: dynamoDbClient(observability.tracing),
    tableName: environment.PRODUCTS_TABLE,
    // Up to 6.4 s.
    pause: (attempt, signal) =>
      setTimeout(Math.random() * 50 * 2 ** Math.min(attempt, 7), undefined, { signal }),
  }),
  observability,
});
