import { randomBytes } from "node:crypto";
import type { Socket } from "node:dgram";

/** What a subsegment says besides its name and times. */
export interface SubsegmentFields {
  /** `aws` for a call to an AWS service, whose name is then the subsegment's. */
  readonly namespace?: "aws" | "remote";
  /** Indexed: traces can be found by it. */
  readonly annotations?: Readonly<Record<string, string | number | boolean>>;
  /** Facts of an AWS call. */
  readonly aws?: Readonly<Record<string, string | number>>;
  /** HTTP status of the answer, which also says whether the work went well. */
  readonly status?: number;
}

/** Where traces go. */
export interface TracingConfig {
  /** Usually `process.env`: the runtime sets `_X_AMZN_TRACE_ID` anew for each invocation. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Sends one datagram. @default by UDP to `AWS_XRAY_DAEMON_ADDRESS`; nothing where that is not set */
  readonly send?: (datagram: Buffer, port: number, host: string) => Promise<void>;
  /** Milliseconds since 1970. @default the system's clock */
  readonly now?: () => number;
}

const HEADER = '{"format":"json","version":1}\n';

/**
 * Sends X-Ray subsegments, children of the segment that Lambda itself makes for each invocation.
 *
 * Speaks the daemon's protocol by itself, as the X-Ray SDK below Powertools' tracer takes as long to load as the rest of a
 * function: docs/decisions/0006-function-bundles.md. A trace must never fail a request, so what cannot be sent is dropped.
 *
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
export class Tracing {
  private readonly pending = new Set<Promise<void>>();
  private socket: Socket | undefined;

  constructor(private readonly config: TracingConfig) {}

  /**
   * Traces some work, if the invocation is sampled.
   *
   * @param name of the subsegment, e.g. `DynamoDB`
   * @param fields computed after the work, from its result; what it throws only drops the subsegment
   */
  async capture<T>(
    name: string,
    work: () => Promise<T>,
    fields?: (result: T | undefined) => SubsegmentFields,
  ): Promise<T> {
    const parent = this.parent();
    if (!parent) return work();
    const now = this.config.now ?? Date.now;
    const startedAt = now();
    const subsegment = (result: T | undefined, failure: object = {}) => {
      const { status, ...said } = fields?.(result) ?? {};
      return {
        ...parent,
        ...said,
        ...(status !== undefined && outcomeOf(status)),
        type: "subsegment",
        id: randomBytes(8).toString("hex"),
        name,
        start_time: startedAt / 1000,
        end_time: now() / 1000,
        ...failure,
      };
    };
    try {
      const result = await work();
      this.emit(() => subsegment(result));
      return result;
    } catch (error) {
      this.emit(() => subsegment(undefined, failureOf(error)));
      throw error;
    }
  }

  /** Waits until everything has left; Lambda may freeze the process after the answer. */
  async flush(): Promise<void> {
    await Promise.all(this.pending);
  }

  private parent(): { trace_id: string; parent_id: string } | undefined {
    if (!this.config.environment["AWS_XRAY_DAEMON_ADDRESS"]) return undefined;
    const header = this.config.environment["_X_AMZN_TRACE_ID"] ?? "";
    const fields = Object.fromEntries(header.split(";").map((field) => field.trim().split("=", 2)));
    const { Root, Parent, Sampled } = fields as Record<string, string | undefined>;
    return Root && Parent && Sampled === "1" ? { trace_id: Root, parent_id: Parent } : undefined;
  }

  private emit(subsegment: () => object): void {
    const address = daemonAddress(this.config.environment["AWS_XRAY_DAEMON_ADDRESS"] ?? "");
    if (!address) return;
    try {
      const datagram = Buffer.from(HEADER + JSON.stringify(subsegment()));
      const send = this.config.send ?? ((...args) => this.sendByUdp(...args));
      const sent = send(datagram, address.port, address.host)
        .catch(() => undefined)
        .finally(() => this.pending.delete(sent));
      this.pending.add(sent);
    } catch {
      // Dropped, as what cannot be sent is.
    }
  }

  private async sendByUdp(datagram: Buffer, port: number, host: string): Promise<void> {
    if (!this.socket) {
      const { createSocket } = await import("node:dgram");
      this.socket ??= createSocket("udp4").on("error", () => undefined);
      this.socket.unref();
    }
    const { socket } = this;
    await new Promise<void>((resolve) => {
      socket.send(datagram, port, host, () => resolve());
    });
  }
}

/** Errors by which AWS services say that they are asked too much, mostly with status 400. */
const THROTTLING = /Throttl|ThroughputExceeded|RequestLimitExceeded|TooManyRequests|SlowDown/;

/** What an error says of the work: its status, if a service gave one, and its class. Not its message, which may quote a user. */
function failureOf(error: unknown): object {
  const type = error instanceof Error ? error.name : typeof error;
  const { $metadata } = Object(error) as { $metadata?: { httpStatusCode?: number } };
  return {
    ...outcomeOf($metadata?.httpStatusCode, type),
    cause: { exceptions: [{ id: randomBytes(8).toString("hex"), type }] },
  };
}

/** The flags by which X-Ray tells a client's errors from faults; without a status it is a fault. */
function outcomeOf(status: number | undefined, errorType = ""): object {
  const throttled = status === 429 || THROTTLING.test(errorType);
  return {
    ...(status !== undefined && { http: { response: { status } } }),
    ...(throttled && { throttle: true }),
    ...(status !== undefined && status >= 400 && status < 500 && { error: true }),
    ...((status === undefined || status >= 500) && { fault: true }),
  };
}

/**
 * Reads `169.254.79.129:2000`, or the form `tcp:… udp:…`.
 *
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-nodejs-configuration.html
 */
function daemonAddress(text: string): { host: string; port: number } | undefined {
  const match = /(?:^|\s)(?:udp:)?([^\s:]+):(\d+)(?:\s|$)/.exec(text);
  return match ? { host: match[1] as string, port: Number(match[2]) } : undefined;
}
