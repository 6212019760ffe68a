import { createHash, randomUUID } from "node:crypto";
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { CloudFrontClient, CreateInvalidationCommand } from "@aws-sdk/client-cloudfront";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { edgeUrl } from "../../scripts/commands/local/edge-process";
import { readJson } from "../../scripts/internal/json-file";
import { environmentDirectory } from "./directory";
import { administratorConfig } from "./environment";

/** The release downloads of the environment under test. */
export interface Downloads {
  /** Where clients download from: the edge, without a slash at the end. */
  readonly url: string;
  readonly distributionId: string;
  /** Bucket of the files. */
  readonly bucket: string;
  /** ARN of the secret by which the load balancer knows CloudFront. */
  readonly originSecretArn: string;
}

/**
 * Where the release downloads of the environment under test are.
 *
 * @throws Error when they are not deployed, or no edge runs
 */
export function downloads(): Downloads {
  const directory = environmentDirectory();
  const url = edgeUrl(directory);
  const { outputs = {} } =
    readJson<{ outputs?: Record<string, { value: string }> }>(directory.terraformState) ?? {};
  const output = (name: string) => {
    const value = outputs[name]?.value;
    if (value === undefined) throw new Error(`the deployed stack has no output ${name}`);
    return value;
  };
  if (url === undefined) throw new Error(`no edge runs in ${directory.path}`);
  return {
    url,
    distributionId: output("distribution_id"),
    bucket: output("downloads_bucket"),
    originSecretArn: output("downloads_origin_secret_arn"),
  };
}

/** The S3 client of a publisher. @param credentials @default the administrator's */
export function bucketClient(credentials?: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}): S3Client {
  return new S3Client({
    ...administratorConfig(),
    ...(credentials && { credentials }),
    forcePathStyle: true,
    // What matters is what comes out at the other end.
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
}

/** The releases of one test file: named apart from all others, and removed at its end. */
export class Releases {
  private readonly run = randomUUID().slice(0, 8);
  private readonly versions: { readonly Key: string; readonly VersionId: string }[] = [];
  private readonly s3 = bucketClient();

  /** A path of this file's own, e.g. `/updates/v1.2.3-0f1e2d3c.zip`. @param path with `*` where the name is told apart */
  path(path: string): string {
    return path.replace("*", this.run);
  }

  /**
   * Puts a file into the bucket, as an administrator.
   *
   * @param path as clients ask for it, without a query
   */
  async publish(path: string, body: string | Buffer, type = "application/octet-stream"): Promise<void> {
    const Key = path.slice(1);
    const { VersionId } = await this.s3.send(
      new PutObjectCommand({ Bucket: downloads().bucket, Key, Body: body, ContentType: type }),
    );
    this.willRemove(Key, VersionId);
  }

  /** Remembers what was put into the bucket in another way. */
  willRemove(Key: string, VersionId: string | undefined): void {
    if (VersionId === undefined) throw new Error(`${Key}: the bucket keeps no versions`);
    this.versions.push({ Key, VersionId });
  }

  /** Removes what was published, also from the cache; what was there before is there again. Ends the connections of all downloads. */
  async remove(): Promise<void> {
    const { bucket: Bucket, distributionId: DistributionId } = downloads();
    for (const version of this.versions) await this.s3.send(new DeleteObjectCommand({ Bucket, ...version }));
    this.s3.destroy();
    const Items = [...new Set(this.versions.map(({ Key }) => `/${Key}`))];
    if (Items[0] !== undefined) {
      const client = new CloudFrontClient(administratorConfig());
      const InvalidationBatch = { CallerReference: randomUUID(), Paths: { Quantity: Items.length, Items } };
      await client.send(new CreateInvalidationCommand({ DistributionId, InvalidationBatch }));
      client.destroy();
      // The edge learns of it when it is asked.
      await download(Items[0], { method: "HEAD" });
    }
    agent.destroy();
  }
}

/** What a client was answered. */
export interface Download {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** How it came about, e.g. `Hit`. */
  readonly result: string;
  /** Id that the application gave the request to which it sent this answer: the same for all who got it from the cache. */
  readonly originRequest: string;
}

/** How a client asks. */
export interface DownloadOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: string;
  /** Where it asks, without a slash at the end. @default the edge of the environment */
  readonly from?: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 200 });

/**
 * Asks the edge, or another server.
 *
 * @param target path and query, sent as they are
 */
export async function download(target: string, options: DownloadOptions = {}): Promise<Download> {
  const response = await begin(target, options);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { ...answerOf(response), body: Buffer.concat(chunks) };
}

/** The same for large files: their bytes are counted and hashed as they come, and not kept. */
export async function downloadHash(
  target: string,
  options: DownloadOptions = {},
): Promise<Omit<Download, "body"> & { readonly bytes: number; readonly sha256: string }> {
  const response = await begin(target, options);
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of response) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { ...answerOf(response), bytes, sha256: hash.digest("hex") };
}

function answerOf({ statusCode = 0, headers }: IncomingMessage): Omit<Download, "body"> {
  return {
    status: statusCode,
    headers,
    result: String(headers["x-cache"]).replace(" from cloudfront", ""),
    originRequest: String(headers["x-request-id"]),
  };
}

function begin(
  path: string,
  { headers, method = "GET", body, from }: DownloadOptions,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(from ?? downloads().url, { agent, method, path, headers: { ...headers } });
    outgoing.once("response", resolve);
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}
