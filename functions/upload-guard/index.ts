/**
 * Deletes files that users upload above the size limit: S3 cannot refuse them, as a policy knows no size.
 *
 * Invoked by the files bucket for every object created. This file only wires.
 *
 * @module
 */
import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { S3Event } from "aws-lambda";
import { createObservability, readEnvironment } from "../internal";
import { guardUploads } from "./guard";
import { readByteLimit } from "./limit";

const environment = readEnvironment(
  {
    required: ["MAX_OBJECT_BYTES"],
    optional: ["POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"],
  },
  process.env,
);
const maxObjectBytes = readByteLimit(environment.MAX_OBJECT_BYTES);
const observability = createObservability({
  service: environment.POWERTOOLS_SERVICE_NAME ?? "upload-guard",
  namespace: environment.POWERTOOLS_METRICS_NAMESPACE ?? "upload-guard",
});
const s3 = new S3Client({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 5000, throwOnRequestTimeout: true },
  // Local emulators serve buckets by path; AWS serves both.
  forcePathStyle: true,
});

/** Lambda's entry. */
export async function handler(event: S3Event): Promise<void> {
  await guardUploads(event, {
    maxObjectBytes,
    observability,
    deleteVersion: async ({ bucket, key, versionId }) => {
      await observability.tracing.capture(
        "S3",
        () => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId })),
        () => ({ namespace: "aws", aws: { operation: "DeleteObject" } }),
      );
    },
  });
}
