/**
 * Stands for the application that serves release downloads today, behind its load balancer: files of a bucket, most by their path,
 * the installer by query parameters, the newest update by a header. Knows nothing of CloudFront.
 *
 * This file only wires.
 *
 * @module
 */
import { S3Client } from "@aws-sdk/client-s3";
import { AWS_CLIENT_LIMITS, boundedClientConfig, readEnvironment } from "../../runtime";
import { createLogger, readSettings, startService, startUp } from "../internal";
import { updatesRoutes } from "./routes";
import { fileStoreProblem, S3FileStore } from "./s3-file-store";
import { gracefulStopSeconds } from "./service.json";

/** Downloads at once. Each keeps a connection to S3. */
const MOST_DOWNLOADS = 500;

void startUp(async () => {
  const settings = readSettings(process.env);
  const { RELEASES_BUCKET: bucket } = readEnvironment(
    { required: ["RELEASES_BUCKET"], optional: [] },
    process.env,
  );
  const logger = createLogger({ service: settings.name, level: settings.logLevel });
  const client = new S3Client({
    ...boundedClientConfig({ ...AWS_CLIENT_LIMITS, connections: MOST_DOWNLOADS }),
    // It would read every byte twice. Clients have the ETag, and what signs the release.
    responseChecksumValidation: "WHEN_REQUIRED",
  });

  await startService({
    settings,
    logger,
    gracefulStopSeconds,
    maxInFlight: MOST_DOWNLOADS,
    problemOf: fileStoreProblem,
    routes: updatesRoutes({ files: new S3FileStore({ client, bucket }), logger }),
    close: async () => client.destroy(),
  });
});
