import { setTimeout as wait } from "node:timers/promises";
import { type Dispatcher, Pool } from "undici";
import { CircuitBreaker, DeadlineExceeded, traceHeaders, withDeadline } from "../../runtime";
import { DependencyError, type DependencyErrorDetails, type DependencyFailure } from "./dependency-error";
import { currentRequest } from "./request-context";
import { RetryBudget } from "./retry-budget";

/** How another service is called. */
export interface HttpClientConfig {
  /** Name of the service in errors and logs, e.g. `catalog`. */
  readonly name: string;
  /** Where it is, e.g. `http://internal-x.eu-west-1.elb.amazonaws.com`; paths are put behind it. */
  readonly baseUrl: string;
  /** Connections at most; calls beyond wait for one, within their time. @default 200, as many as a service takes requests */
  readonly connections?: number;
  /** Milliseconds that one attempt may take, its body included. @default 2000 */
  readonly timeoutMilliseconds?: number;
  /** Milliseconds that a call may take, all attempts and the waits between them; less where its request has less. @default 5000 */
  readonly totalMilliseconds?: number;
  /** Attempts at a call that may be repeated. @default 3 */
  readonly attempts?: number;
  /** Largest body of an answer in bytes. @default 1 048 576 */
  readonly mostBytes?: number;
  /** Failures in a row after which calls fail at once, for {@link HttpClientConfig.openMilliseconds}. @default 5 */
  readonly breakerFailures?: number;
  /** @default 5000 */
  readonly openMilliseconds?: number;
  /** Adds headers to each attempt, such as a signature. @default none */
  readonly prepare?: (request: PreparedRequest) => Promise<Readonly<Record<string, string>>>;
  /** A number from 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/** A request as it is sent. */
export interface PreparedRequest {
  readonly method: string;
  readonly url: URL;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One call. */
export interface HttpCall {
  /** @default GET */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Encoded, with its slash, e.g. `/v1/products`. */
  readonly path: string;
  /** Values that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** By names in lower case; values that are undefined are left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Doing it twice is as doing it once, as with an `Idempotency-Key`: it may be tried again. @default that of GET and HEAD */
  readonly repeatable?: boolean;
}

/** An answer below 500 that is not 429: the caller knows what it means. */
export interface HttpAnswer {
  readonly status: number;
  /** Value of a header by its name in lower case. */
  header(name: string): string | undefined;
  /** The body from JSON. @throws DependencyError `invalidAnswer` when it is none */
  json(): unknown;
}

/** Firewalls refuse who does not name himself: NoUserAgent_HEADER of AWS's common rule set, before the sessions API too. */
const USER_AGENT = "platform-service";

const SAFE = ["GET", "HEAD"];
/** Worth another attempt, as they tell of a moment. */
const PASSING = [429, 502, 503, 504];
/** Milliseconds of a request's time that no call takes: in them it is answered without. */
const ANSWERING = 250;
/** Milliseconds of the longest wait before the first retry; each further one is twice as long. */
const FIRST_WAIT = 100;

/** An attempt's end that is not an answer for the caller. */
interface Failed {
  readonly failure: DependencyFailure;
  readonly details: Omit<DependencyErrorDetails, "attempts">;
}

/**
 * Calls another service: each attempt and the whole call have a limit; a call that may be repeated is, up to twice, after a wait with full
 * jitter, behind what `Retry-After` says, while the budget of retries allows it; a service that fails all along is left alone for a
 * while. Calls carry the trace of the request that they are made for, and end with it: a little before its time is up, so that it can
 * be answered without.
 */
export class HttpClient {
  private readonly base: URL;
  private readonly pool: Pool;
  private readonly breaker: CircuitBreaker;
  private readonly budget = new RetryBudget();

  /** @throws TypeError when the base URL is none */
  constructor(private readonly config: HttpClientConfig) {
    const { baseUrl, connections = 200, breakerFailures = 5, openMilliseconds = 5000 } = config;
    this.base = new URL(baseUrl);
    this.pool = new Pool(this.base.origin, {
      connections,
      connect: { timeout: 1000 },
      // Below what load balancers keep a connection, so that none is used that they are just closing.
      keepAliveTimeout: 30_000,
      keepAliveMaxTimeout: 30_000,
    });
    this.breaker = new CircuitBreaker({ failures: breakerFailures, openMilliseconds, now: Date.now });
  }

  /**
   * Makes a call.
   *
   * @throws DependencyError for whatever is not an answer that the caller knows the meaning of
   */
  async call(call: HttpCall): Promise<HttpAnswer> {
    const { attempts = 3, totalMilliseconds = 5000 } = this.config;
    const { method = "GET" } = call;
    const most = (call.repeatable ?? SAFE.includes(method)) ? attempts : 1;
    const answerBy = currentRequest()?.answerBy ?? Number.POSITIVE_INFINITY;
    const deadline = Math.min(performance.now() + totalMilliseconds, answerBy - ANSWERING);
    this.budget.earn();
    let before: DependencyError | undefined;
    for (let attempt = 1; ; attempt++) {
      const result = await this.attempt(call, method, deadline);
      if (!("failure" in result)) return result;
      // Not tried again, as the attempts before were the last that it took: they say what is wrong.
      if (result.failure === "circuitOpen" && before) throw before;
      const error = new DependencyError(this.config.name, result.failure, {
        ...result.details,
        attempts: attempt,
      });
      before = error;
      if (attempt >= most || !mayPass(error)) throw error;
      const pause = this.pause(attempt, error.retryAfterSeconds);
      if (performance.now() + pause >= deadline || !this.budget.spend()) throw error;
      try {
        await wait(pause, undefined, { ...withSignal(currentRequest()?.signal) });
      } catch {
        throw new DependencyError(this.config.name, "aborted", { attempts: attempt });
      }
    }
  }

  /** Ends the connections, once the calls under way have ended. */
  async close(): Promise<void> {
    await this.pool.close();
  }

  private pause(attempt: number, retryAfterSeconds = 0): number {
    const { random = Math.random } = this.config;
    // Behind Retry-After too, or all who were told the same would come back together.
    return retryAfterSeconds * 1000 + random() * FIRST_WAIT * 2 ** (attempt - 1);
  }

  private async attempt(call: HttpCall, method: string, deadline: number): Promise<HttpAnswer | Failed> {
    const { name, timeoutMilliseconds = 2000 } = this.config;
    const outer = currentRequest()?.signal;
    if (outer?.aborted) return { failure: "aborted", details: {} };
    if (!this.breaker.allows()) return { failure: "circuitOpen", details: {} };
    const controller = new AbortController();
    const giveUp = () => controller.abort();
    outer?.addEventListener("abort", giveUp);
    const milliseconds = Math.min(timeoutMilliseconds, deadline - performance.now());
    try {
      const answer = await withDeadline(milliseconds, (signal) => {
        signal.addEventListener("abort", giveUp);
        return this.send(call, method, controller.signal);
      });
      const failed = failureOf(answer);
      if (!failed || failed.failure === "busy") this.breaker.succeeded();
      else this.breaker.failed();
      return failed ?? { ...answer, json: () => parse(name, answer) };
    } catch (error) {
      if (error instanceof TooLarge) return { failure: "invalidAnswer", details: { cause: error } };
      if (outer?.aborted) return { failure: "aborted", details: {} };
      const late = error instanceof DeadlineExceeded;
      // One that had less time than others have may have been all right.
      if (!late || milliseconds === timeoutMilliseconds) this.breaker.failed();
      return { failure: late ? "timeout" : "unreachable", details: { cause: error } };
    } finally {
      outer?.removeEventListener("abort", giveUp);
    }
  }

  private async send(call: HttpCall, method: string, signal: AbortSignal): Promise<Received> {
    const { mostBytes = 1024 * 1024, prepare } = this.config;
    const request = this.prepared(call, method);
    const added = (await prepare?.(request)) ?? {};
    const { statusCode, headers, body } = await this.pool.request({
      method: method as Dispatcher.HttpMethod,
      path: `${request.url.pathname}${request.url.search}`,
      headers: { ...request.headers, ...added },
      ...(request.body !== undefined && { body: request.body }),
      signal,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += (chunk as Buffer).byteLength;
      if (bytes > mostBytes) throw new TooLarge(`more than ${mostBytes} bytes`);
      chunks.push(chunk as Buffer);
    }
    return {
      status: statusCode,
      text: Buffer.concat(chunks).toString("utf8"),
      header: (name) => headers[name]?.toString(),
    };
  }

  private prepared({ path, query = {}, headers = {}, json }: HttpCall, method: string): PreparedRequest {
    const url = new URL(this.base.pathname.replace(/\/$/, "") + path, this.base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const trace = currentRequest()?.trace;
    const sent = {
      ...(json !== undefined && { "content-type": "application/json" }),
      accept: "application/json",
      "user-agent": USER_AGENT,
      ...(trace && traceHeaders(trace)),
      ...headers,
    };
    return {
      method,
      url,
      headers: Object.fromEntries(
        Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
      ...(json !== undefined && { body: JSON.stringify(json) }),
    };
  }
}

interface Received {
  readonly status: number;
  readonly text: string;
  header(name: string): string | undefined;
}

class TooLarge extends Error {
  override readonly name = "TooLarge";
}

function failureOf({ status, header }: Received): Failed | undefined {
  if (status === 429 || status === 503) {
    const seconds = header("retry-after");
    // The other form, a date, is taken for none: our services and AWS's write seconds.
    const known = seconds !== undefined && /^\d{1,6}$/.test(seconds);
    return { failure: "busy", details: { status, ...(known && { retryAfterSeconds: Number(seconds) }) } };
  }
  return status >= 500 ? { failure: "fault", details: { status } } : undefined;
}

function mayPass({ failure, status }: DependencyError): boolean {
  return (
    failure === "timeout" || failure === "unreachable" || (status !== undefined && PASSING.includes(status))
  );
}

function parse(name: string, { status, text }: Received): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DependencyError(name, "invalidAnswer", { status, attempts: 1, cause });
  }
}

function withSignal(signal: AbortSignal | undefined) {
  return signal === undefined ? {} : { signal };
}
