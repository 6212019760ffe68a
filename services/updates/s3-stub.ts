import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A call as S3 would get it. */
export interface S3Call {
  readonly method: string;
  /** Without the bucket. */
  readonly key: string;
  readonly headers: IncomingMessage["headers"];
}

/** For tests: what of S3 serves objects, on loopback: ranges and conditions as S3 documents them. */
export interface S3Stub {
  readonly endpoint: string;
  readonly calls: S3Call[];
  /** Answers calls in place of the stub; returns whether it did. */
  intercept: (call: S3Call, response: ServerResponse) => boolean;
  close(): Promise<void>;
}

/** When all objects of the stub were written. */
export const LAST_MODIFIED = "Tue, 14 Nov 2023 22:13:20 GMT";

/** ETag of an object of the stub. */
export function etagOf(content: string): string {
  return `"${createHash("md5").update(content).digest("hex")}"`;
}

/** @param objects contents by key of the bucket `releases` */
export async function startS3Stub(objects: Readonly<Record<string, string>>): Promise<S3Stub> {
  const server = createServer((request, response) => {
    const key = decodeURIComponent((request.url ?? "").split("?", 1)[0] ?? "").replace("/releases/", "");
    const call = { method: request.method ?? "", key, headers: request.headers };
    stub.calls.push(call);
    if (stub.intercept(call, response)) return;
    answer(call, objects[key], response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stub: S3Stub = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    intercept: () => false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return stub;
}

function answer({ method, headers }: S3Call, content: string | undefined, response: ServerResponse): void {
  if (content === undefined) return void fail(response, 404, "NoSuchKey");
  const etag = etagOf(content);
  const validators = { ETag: etag, "Last-Modified": LAST_MODIFIED };
  const written = Date.parse(LAST_MODIFIED);
  const ifMatch = headers["if-match"];
  if (ifMatch !== undefined && ifMatch !== etag) return void fail(response, 412, "PreconditionFailed");
  const unmodifiedSince = Date.parse(headers["if-unmodified-since"] ?? "");
  if (ifMatch === undefined && written > unmodifiedSince)
    return void fail(response, 412, "PreconditionFailed");
  const modifiedSince = Date.parse(headers["if-modified-since"] ?? "");
  if (headers["if-none-match"] === etag || written <= modifiedSince) {
    response.writeHead(304, validators).end();
    return;
  }
  const range = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? "");
  const [first, last] = range ? boundsOf(range, content.length) : [0, content.length - 1];
  if (first > last) return void fail(response, 416, "InvalidRange");
  const part = content.slice(first, last + 1);
  response.writeHead(range ? 206 : 200, {
    ...validators,
    "Content-Type": "application/zip",
    "Content-Length": part.length,
    ...(range && { "Content-Range": `bytes ${first}-${last}/${content.length}` }),
  });
  response.end(method === "HEAD" ? undefined : part);
}

function boundsOf([, first = "", last = ""]: RegExpExecArray, size: number): [number, number] {
  if (first === "") return [Math.max(0, size - Number(last)), size - 1];
  return [Number(first), last === "" ? size - 1 : Math.min(Number(last), size - 1)];
}

/** An error as S3 writes it. */
export function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "Content-Type": "application/xml" });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}
