import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** One version of an object. */
export interface FileVersion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
}

/** The files that are put, and the results that are written, by version. Throws the client's errors. */
export class FileStore {
  constructor(private readonly client: S3Client) {}

  /** Bytes of a version, as they are asked for. */
  async read(
    { bucket, key, versionId }: FileVersion,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
    const { Body } = await this.client.send(command, { abortSignal: signal });
    return Body as Readable;
  }

  /** By a list, which needs no right to read. */
  async exists(bucket: string, key: string, signal: AbortSignal): Promise<boolean> {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 });
    const { Contents = [] } = await this.client.send(command, { abortSignal: signal });
    return Contents.some(({ Key }) => Key === key);
  }

  async putText(bucket: string, key: string, text: string, signal: AbortSignal): Promise<void> {
    const command = new PutObjectCommand({
      ...{ Bucket: bucket, Key: key, Body: text },
      ContentType: "application/json",
    });
    await this.client.send(command, { abortSignal: signal });
  }

  /** @param file path on disk, and its size */
  async putFile(
    bucket: string,
    key: string,
    file: { readonly path: string; readonly bytes: number },
    signal: AbortSignal,
  ): Promise<void> {
    const command = new PutObjectCommand({
      ...{ Bucket: bucket, Key: key, Body: createReadStream(file.path), ContentLength: file.bytes },
      ContentType: "text/csv; charset=utf-8",
    });
    await this.client.send(command, { abortSignal: signal });
  }
}
