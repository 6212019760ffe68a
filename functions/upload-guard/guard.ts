import type { S3Event, S3EventRecord } from "aws-lambda";
import { decodeObjectKey, describeError, type Observability } from "../internal";

/** One version of an object. */
export interface ObjectVersion {
  readonly bucket: string;
  /** Key as S3 has it, not as its events write it. */
  readonly key: string;
  /** `null`, as text, is the id of what was stored while the bucket kept no versions. */
  readonly versionId: string;
}

/** What the guard works with. */
export interface UploadGuardConfig {
  /** Deletes one version for good. Deleting what is gone already must not fail. */
  readonly deleteVersion: (version: ObjectVersion) => Promise<void>;
  /** Bytes of the largest object that may stay. */
  readonly maxObjectBytes: number;
  readonly observability: Observability;
}

/** An event does not say which version is too large: the bucket keeps none. */
class UnknownVersion extends Error {
  override readonly name = "UnknownVersion";
}

/** Users' folders are named by their identity: `<region>:<UUID>/`. */
const IDENTITY_FOLDER = /^[a-z0-9-]+:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\//;

/**
 * Deletes each uploaded object that is too large, in the version that the event names. One that has no size or no version is not
 * touched; the latter, if too large, is a failure, as the files' bucket keeps versions.
 *
 * Every record is dealt with, whatever becomes of the others. Repeating it changes nothing, so a failed invocation is simply
 * repeated by Lambda.
 *
 * @throws Error with the number of failures, after all records were tried
 */
export async function guardUploads(event: S3Event, config: UploadGuardConfig): Promise<void> {
  const { logger, count, publishMetrics, tracing } = config.observability;
  const results = await Promise.allSettled(event.Records.map((record) => guardUpload(record, config)));
  const failures = results.filter((result) => result.status === "rejected");
  for (const { reason } of failures) {
    count("UploadGuardFailure");
    logger.error("could not delete", { cause: describeError(reason) });
  }
  logger.info("uploads", {
    records: event.Records.length,
    deleted: results.filter((result) => result.status === "fulfilled" && result.value).length,
    failed: failures.length,
  });
  publishMetrics();
  await tracing.flush();
  if (failures.length > 0) throw new Error(`${failures.length} of ${event.Records.length} records failed`);
}

/** @returns whether the object was deleted */
async function guardUpload({ s3 }: S3EventRecord, config: UploadGuardConfig): Promise<boolean> {
  const { logger, count } = config.observability;
  const key = decodeObjectKey(s3.object.key);
  // So written that what has no size stays: it is not known to be too large.
  if (!(s3.object.size > config.maxObjectBytes) || !IDENTITY_FOLDER.test(key)) return false;
  const { versionId } = s3.object;
  // Without a version S3 would delete, or hide, whatever is newest by now: perhaps another upload, of a size that is allowed.
  if (!versionId) throw new UnknownVersion();
  await config.deleteVersion({ bucket: s3.bucket.name, key, versionId });
  count("UploadTooLarge");
  // Not the key: a file's name is its user's.
  logger.warn("deleted an object that is too large", { bytes: s3.object.size, limit: config.maxObjectBytes });
  return true;
}
