import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import type { Headers, OriginResponse } from "../../../internal/cdn-model";

/** Tells the emulator's distribution to answer as the origin does; see emulator/cloudfront_patch.py. */
export const EDGE_HEADER = "x-local-edge";

/** What connects two hops, and what the emulator's own edge adds. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  "connection",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  EDGE_HEADER,
]);
const NOT_THE_ORIGINS: ReadonlySet<string> = new Set(["via", "x-cache", "x-amz-cf-id", "x-amz-cf-pop"]);

/** The distribution in the emulator, which stands for all that CloudFront does on its way to the origin. */
export interface OriginClientConfig {
  /** The emulator, e.g. `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Domain name of the distribution there, e.g. `d111111abcdef8.cloudfront.net`. */
  readonly domainName: string;
  /** Seconds without a byte after which it is given up. The emulator gives up the origin itself before that. */
  readonly timeoutSeconds: number;
}

/** What is asked. */
export interface OriginQuestion {
  readonly method: string;
  /** Path and query as the viewer sent them: the distribution runs its function on them. */
  readonly target: string;
  readonly headers: Headers;
  /** Body of the request. @default none */
  readonly body?: IncomingMessage;
}

/** The origin's answer, its body still to come. */
export interface OriginAnswer extends OriginResponse {
  readonly stream: IncomingMessage;
}

/** There is no answer: nobody listens, the connection broke, or nothing came in time. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";

  /** @param status that CloudFront gives for it: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/troubleshooting-response-errors.html */
  constructor(
    readonly status: 502 | 504,
    message: string,
  ) {
    super(message);
  }
}

/** Asks the origin, through the distribution in the emulator. */
export class OriginClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 512 });
  private asked = 0;

  constructor(private readonly config: OriginClientConfig) {}

  /** How often the origin was asked. */
  get requests(): number {
    return this.asked;
  }

  /**
   * Asks once.
   *
   * @throws NoAnswerError
   */
  ask({ method, target, headers, body }: OriginQuestion): Promise<OriginAnswer> {
    const { endpoint, domainName, timeoutSeconds } = this.config;
    this.asked += 1;
    return new Promise((resolve, reject) => {
      let timedOut = false;
      const outgoing = httpRequest(endpoint, {
        agent: this.agent,
        method,
        path: target,
        setHost: false,
        headers: {
          ...without(NOT_FORWARDED, headers),
          host: domainName,
          "x-forwarded-proto": "https",
          [EDGE_HEADER]: "origin",
        },
        timeout: timeoutSeconds * 1000,
      });
      outgoing.once("timeout", () => {
        timedOut = true;
        outgoing.destroy();
      });
      outgoing.once("error", (error) => {
        const message = `${endpoint}: ${error.message}`;
        reject(
          timedOut
            ? new NoAnswerError(504, `${endpoint}: nothing came for ${timeoutSeconds} s`)
            : new NoAnswerError(502, message),
        );
      });
      outgoing.once("response", (stream) => {
        resolve({
          status: stream.statusCode ?? 502,
          headers: without(NOT_THE_ORIGINS, stream.headers as Headers),
          stream,
        });
      });
      if (body === undefined) outgoing.end();
      // A viewer who goes away in the middle ends the request to the origin as well.
      else pipeline(body, outgoing, () => undefined);
    });
  }

  /** Ends all connections. */
  close(): void {
    this.agent.destroy();
  }
}

function without(names: ReadonlySet<string>, headers: Headers): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!names.has(name)) kept[name] = typeof value === "string" ? value : [...value];
  }
  return kept;
}
