import type { Readable } from "node:stream";
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { awsProblem, hasCurrent } from "../../runtime";
import type { FileAnswer, FileConditions, FileStore } from "./file-store";

/** What the store works with. */
export interface S3FileStoreConfig {
  readonly client: S3Client;
  readonly bucket: string;
}

/** One range of bytes. S3 gives no more at once, and a server may ignore what it does not give. */
const ONE_RANGE = /^bytes=(?:\d+-\d*|-\d+)$/;
const ONE_TAG = /^(?:W\/)?("[\x21\x23-\x7e]*")$/;

/** What an error of the store means to whoever asks for a file. */
export const fileStoreProblem = awsProblem("file store", false);

/** Files in S3, which decides on most conditions itself. Throws the client's errors. */
export class S3FileStore implements FileStore {
  constructor(private readonly config: S3FileStoreConfig) {}

  async get(key: string, conditions: FileConditions, signal: AbortSignal): Promise<FileAnswer> {
    const { client, bucket } = this.config;
    const known = await this.listedTag(key, conditions, signal);
    if (known) return known;
    const range = rangeOf(conditions);
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...objectConditions(conditions),
      ...range,
    });
    try {
      const found = await client.send(command, { abortSignal: signal });
      const status = found.ContentRange === undefined ? 200 : 206;
      return { outcome: "found", status, headers: headersOf(found), body: found.Body as Readable };
    } catch (error) {
      // The part that the client has is of another file: it gets the whole of this one.
      if (range?.IfMatch !== undefined && statusOf(error) === 412) {
        const { range: _range, ifRange: _ifRange, ...rest } = conditions;
        return this.get(key, rest, signal);
      }
      if (statusOf(error) === 416) return this.outOfRange(key, signal);
      return answerOf(error);
    }
  }

  async head(key: string, conditions: FileConditions, signal: AbortSignal): Promise<FileAnswer> {
    const { client, bucket } = this.config;
    const known = await this.listedTag(key, conditions, signal);
    if (known) return known;
    const command = new HeadObjectCommand({ Bucket: bucket, Key: key, ...objectConditions(conditions) });
    try {
      const found = await client.send(command, { abortSignal: signal });
      return { outcome: "found", status: 200, headers: headersOf(found) };
    } catch (error) {
      return answerOf(error);
    }
  }

  /** S3 takes one tag; of a list it is looked up here whether the file's is among them. */
  private async listedTag(
    key: string,
    { ifNoneMatch }: FileConditions,
    signal: AbortSignal,
  ): Promise<FileAnswer | undefined> {
    if (ifNoneMatch === undefined || ONE_TAG.test(ifNoneMatch)) return undefined;
    const found = await this.head(key, {}, signal);
    if (found.outcome !== "found") return found;
    const current = hasCurrent(ifNoneMatch, found.headers["ETag"] ?? "");
    return current ? { outcome: "notModified", headers: validatorsOf(found.headers) } : undefined;
  }

  private async outOfRange(key: string, signal: AbortSignal): Promise<FileAnswer> {
    const found = await this.head(key, {}, signal);
    if (found.outcome !== "found") return found;
    return { outcome: "outOfRange", size: Number(found.headers["Content-Length"]) };
  }
}

/** The range that is asked for, on the condition that it is of the file that the client knows. */
function rangeOf({ range, ifRange }: FileConditions): { Range: string; IfMatch?: string } | undefined {
  if (range === undefined || !ONE_RANGE.test(range)) return undefined;
  if (ifRange === undefined) return { Range: range };
  // A date, or a weak tag, cannot tell one file from another: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5
  return /^"[^"]*"$/.test(ifRange) ? { Range: range, IfMatch: ifRange } : undefined;
}

function objectConditions(conditions: FileConditions) {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  const tag = ONE_TAG.exec(ifNoneMatch ?? "")?.[1];
  // A tag goes before a date: https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
  const modifiedSince = ifNoneMatch === undefined ? dateOf(ifModifiedSince) : undefined;
  const unmodifiedSince = ifMatch === undefined ? dateOf(ifUnmodifiedSince) : undefined;
  return {
    ...(ifMatch !== undefined && { IfMatch: ifMatch }),
    ...(tag !== undefined && { IfNoneMatch: tag }),
    ...(modifiedSince !== undefined && { IfModifiedSince: modifiedSince }),
    ...(unmodifiedSince !== undefined && { IfUnmodifiedSince: unmodifiedSince }),
  };
}

/** Any other form than that of RFC 9110, section 5.6.7, counts as no date: S3 refuses what a year beyond 9999 becomes. */
function dateOf(text = ""): Date | undefined {
  const date = new Date(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(text) ? text : "");
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function headersOf(found: GetObjectCommandOutput | HeadObjectCommandOutput): Record<string, string> {
  const { ContentEncoding, ContentDisposition, ContentRange } = found;
  return {
    ...(found.ETag !== undefined && { ETag: found.ETag }),
    ...(found.LastModified && { "Last-Modified": found.LastModified.toUTCString() }),
    "Content-Length": String(found.ContentLength ?? 0),
    "Content-Type": found.ContentType ?? "application/octet-stream",
    "Accept-Ranges": "bytes",
    ...(ContentEncoding !== undefined && { "Content-Encoding": ContentEncoding }),
    ...(ContentDisposition !== undefined && { "Content-Disposition": ContentDisposition }),
    ...(ContentRange !== undefined && { "Content-Range": ContentRange }),
  };
}

function validatorsOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    ["ETag", "Last-Modified"].flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
}

interface FailedCall {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

function statusOf(error: unknown): number | undefined {
  return (error as FailedCall).$metadata?.httpStatusCode;
}

function answerOf(error: unknown): FileAnswer {
  switch (statusOf(error)) {
    case 304: {
      const { etag, "last-modified": lastModified } = (error as FailedCall).$response?.headers ?? {};
      return {
        outcome: "notModified",
        headers: { ...(etag && { ETag: etag }), ...(lastModified && { "Last-Modified": lastModified }) },
      };
    }
    case 404:
      return { outcome: "missing" };
    case 412:
      return { outcome: "conditionFailed" };
    default:
      throw error;
  }
}
