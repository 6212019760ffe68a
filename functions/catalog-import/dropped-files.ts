import type { S3Event } from "aws-lambda";
import { decodeObjectKey } from "../internal";
import type { FileVersion } from "./file-store";

/** A file as S3 told of it. */
export interface DroppedFile extends FileVersion {
  /** When it was put, ISO 8601 in milliseconds. */
  readonly putAt: string;
  readonly bytes: number;
}

/** The message of a queue is no event of S3. */
export class InvalidNotification extends Error {
  constructor() {
    super("the message is no event of S3 that names objects and their versions");
    this.name = "InvalidNotification";
  }
}

/**
 * Reads S3's event from a message: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 *
 * @returns the files; none for the test that S3 sends when a notification is set up
 * @throws InvalidNotification
 */
export function readDroppedFiles(text: string): readonly DroppedFile[] {
  let event: Partial<S3Event> & { readonly Event?: string };
  try {
    event = JSON.parse(text);
  } catch {
    throw new InvalidNotification();
  }
  if (event?.Event === "s3:TestEvent") return [];
  if (!Array.isArray(event?.Records)) throw new InvalidNotification();
  return event.Records.map((record) => {
    const { key, size, versionId } = record?.s3?.object ?? {};
    const bucket = record?.s3?.bucket?.name;
    const putAt = new Date(record?.eventTime);
    // Without a version, S3 would answer whatever is newest by now.
    if (!bucket || !key || !versionId || Number.isNaN(putAt.getTime())) throw new InvalidNotification();
    return {
      ...{ bucket, versionId, bytes: size ?? 0, putAt: putAt.toISOString() },
      key: decodeObjectKey(key),
    };
  });
}
