import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  answerOf,
  type Behaviour,
  bodyOfEvent,
  type CdnModel,
  type EventResponse,
  forwardsCookies,
  type Headers,
  headerOf,
  isNotModified,
  isRangeOfSame,
  passedOnHeaders,
  requestedBytes,
  type ViewerRequest,
} from "../../../internal/cdn-model";
import { errorPage } from "./error-page";
import type { CachedObject } from "./object-cache";
import type { OriginAnswer } from "./origin-client";

/** How an answer came about, as CloudFront says in `X-Cache`. */
export type Result = "Hit" | "Miss" | "RefreshHit" | "Error" | "Redirect" | "FunctionGeneratedResponse";

/** Headers that the edge sets or that are of its own hop. CloudFront does not show them to functions either. */
const NOT_THE_VIEWERS = /^(?:x-edge-.*|x-local-edge|x-forwarded-proto|x-real-ip)$/;

/** The request of a viewer. Without a proxy that says otherwise it counts as HTTPS: locally there is no TLS. */
export function viewerRequestOf(request: IncomingMessage): ViewerRequest {
  const target = request.url ?? "/";
  const question = target.indexOf("?");
  const path = question === -1 ? target : target.slice(0, question);
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !NOT_THE_VIEWERS.test(name)) headers[name] = value;
  }
  return {
    method: request.method ?? "GET",
    protocol: request.headers["x-forwarded-proto"] === "http" ? "http" : "https",
    host: request.headers.host ?? "",
    path: path.startsWith("/") ? path : `/${path}`,
    query: question === -1 ? "" : target.slice(question + 1),
    headers,
    viewerAddress: request.socket.remoteAddress ?? "127.0.0.1",
  };
}

/** One request, and its answer. */
export class Viewer {
  /** Bytes of the answer's body that were sent. */
  sentBytes = 0;
  /** Undefined until it is answered. */
  result: Result | undefined;

  constructor(
    readonly request: ViewerRequest,
    private readonly response: ServerResponse,
    private readonly model: CdnModel,
    private readonly clock: () => number,
  ) {}

  /** Answers by itself, without origin or cache. */
  sendPage(status: number, explanation: string, result: Result = "Error", added: Headers = {}): void {
    const { headers, body } = errorPage(status, explanation);
    this.begin(status, { ...headers, ...added }, result);
    this.end(body);
  }

  /** Answers with what a function made. */
  sendFunctionResponse(made: EventResponse): void {
    const { status, headers } = answerOf(made);
    const body = bodyOfEvent(made.body);
    const length = status === 204 || status === 304 ? {} : { "content-length": String(body.length) };
    this.begin(status, { ...headers, ...length }, "FunctionGeneratedResponse");
    this.end(body);
  }

  /**
   * Answers with an object, whose body may still grow. The object's reader has been announced and is released here.
   */
  async sendObject(behaviour: Behaviour, object: CachedObject, result: Result): Promise<void> {
    const { body, headers } = object;
    const size = sizeOf(object);
    let isWhole = false;
    try {
      const part = this.partOf(behaviour, object, size);
      const finished = this.model.finish(behaviour, this.request, {
        status: part.status,
        headers: result === "Miss" ? { ...headers, ...object.once } : headers,
      });
      this.begin(
        finished.status,
        {
          ...without(
            ["content-length", ...(part.status === 304 ? ["content-encoding"] : [])],
            finished.headers,
          ),
          ...part.headers,
          ...(result === "Hit" && { age: String(Math.floor((this.clock() - object.storedAt) / 1000)) }),
        },
        finished.status >= 400 ? "Error" : result,
      );
      if (part.first > part.last || this.request.method === "HEAD") {
        this.end();
      } else if (body.inMemory !== undefined) {
        this.end(body.inMemory.subarray(part.first, part.last + 1));
      } else {
        await this.stream(body.read(part.first, part.last));
      }
      isWhole = !this.response.destroyed || this.response.writableFinished;
    } catch (error) {
      this.breakOff(error);
    } finally {
      body.release(!isWhole);
    }
  }

  /** Answers with what the origin has just said, which nobody else gets. */
  async sendDirect(behaviour: Behaviour, { status, headers, stream }: OriginAnswer): Promise<void> {
    const passedOn = passedOnHeaders(behaviour, headers);
    const isSame = status === 200 && this.reads && this.has(behaviour, passedOn);
    try {
      const finished = this.model.finish(behaviour, this.request, {
        status: isSame ? 304 : status,
        headers: isSame ? without(["content-length", "content-encoding"], passedOn) : passedOn,
      });
      this.begin(finished.status, finished.headers, status >= 400 ? "Error" : "Miss");
      if (isSame || this.request.method === "HEAD") this.end();
      else await this.stream(stream);
    } catch (error) {
      this.breakOff(error);
    } finally {
      // What is left of it is of no use.
      if (!stream.readableEnded) stream.destroy();
    }
  }

  /** The body broke off, or the viewer has gone: what was begun cannot be ended well. What was not begun can be told. */
  private breakOff(error: unknown): void {
    if (!this.response.headersSent) throw error;
    this.response.destroy();
  }

  private get reads(): boolean {
    return this.request.method === "GET" || this.request.method === "HEAD";
  }

  /** The viewer has the object already. Where the origin gets cookies, conditions do not count: Cookies.html of the guide. */
  private has(behaviour: Behaviour, headers: Headers): boolean {
    return !forwardsCookies(behaviour) && isNotModified(this.request.headers, headers);
  }

  /** Which bytes of an object are sent, and how that is said. */
  private partOf(
    behaviour: Behaviour,
    { status, headers }: CachedObject,
    size: number | undefined,
  ): { status: number; first: number; last: number; headers: Record<string, string> } {
    const whole = {
      status,
      first: 0,
      last: size === undefined ? Number.POSITIVE_INFINITY : size - 1,
      headers: size === undefined ? {} : { "content-length": String(size) },
    };
    if (status !== 200 || !this.reads) return whole;
    const asked = this.request.headers;
    if (this.has(behaviour, headers)) return { status: 304, first: 0, last: -1, headers: {} };
    if (this.request.method !== "GET" || size === undefined || !isRangeOfSame(asked, headers)) return whole;
    const bytes = requestedBytes(headerOf(asked, "range"), size);
    if (bytes.kind === "unsatisfiable") {
      return {
        status: 416,
        first: 0,
        last: -1,
        headers: { "content-range": `bytes */${size}`, "content-length": "0" },
      };
    }
    // Several ranges would need a multipart answer; HTTP allows the whole object in its place.
    if (bytes.kind === "whole" || bytes.ranges.length > 1) return whole;
    const [{ first, last }] = bytes.ranges;
    return {
      status: 206,
      first,
      last,
      headers: {
        "content-range": `bytes ${first}-${last}/${size}`,
        "content-length": String(last - first + 1),
      },
    };
  }

  private begin(status: number, headers: Headers, result: Result): void {
    this.result = result;
    this.response.writeHead(status, {
      ...(headers as Record<string, string | string[]>),
      ...(headers["server"] === undefined && { server: "CloudFront" }),
      via: "1.1 local-edge.cloudfront.net (CloudFront)",
      "x-cache": `${result} from cloudfront`,
    });
  }

  private end(body?: Buffer): void {
    this.sentBytes = body?.length ?? 0;
    this.response.end(body);
  }

  private async stream(bytes: AsyncIterable<Buffer>): Promise<void> {
    await pipeline(Readable.from(this.counted(bytes), { objectMode: false }), this.response);
  }

  private async *counted(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
    for await (const chunk of bytes) {
      this.sentBytes += chunk.length;
      yield chunk;
    }
  }
}

/** Bytes of an object; undefined while nobody knows. */
function sizeOf({ body, headers }: CachedObject): number | undefined {
  if (body.isComplete) return body.size;
  const length = headerOf(headers, "content-length");
  return length === undefined ? undefined : Number(length);
}

function without(names: readonly string[], headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
