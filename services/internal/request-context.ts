import { AsyncLocalStorage } from "node:async_hooks";
import { newTrace, readTrace, type Trace, traceHeaders } from "../../runtime";

/** The request that the running code works for. */
export class RequestContext {
  /** Method and path as the contract writes them; the method alone until that is known. */
  route: string;
  /** When the answer must have begun, by `performance.now()`. */
  answerBy = Number.POSITIVE_INFINITY;
  /** What its line in the log says besides. */
  readonly told: Record<string, unknown> = {};
  private readonly controller = new AbortController();

  constructor(
    /** Id of this request at this service. */
    readonly id: string,
    /** The trace that it belongs to. */
    readonly trace: Trace,
    method: string,
  ) {
    this.route = `${method} *`;
  }

  /** Aborted when the time for an answer is up, or the client has gone. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Gives the work up. */
  abort(): void {
    this.controller.abort();
  }
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The request that the running code works for; none outside of one, as in a timer. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** Aborted when the time for an answer is up, or the client has gone. @throws Error outside of a request */
export function requestSignal(): AbortSignal {
  const request = currentRequest();
  if (!request) throw new Error("there is no request");
  return request.signal;
}

/** Has the line of the running code's request say more, e.g. which order it placed. Never a token, nor what a user wrote. */
export function tellOfRequest(fields: Readonly<Record<string, unknown>>): void {
  Object.assign(currentRequest()?.told ?? {}, fields);
}

/** `traceparent` that carries the trace of the request on, as in an event; outside of a request that of a new trace. */
export function currentTraceparent(): string {
  return traceHeaders(currentRequest()?.trace ?? newTrace(Date.now())).traceparent;
}

/** Runs code for a request: whatever it awaits finds it by {@link currentRequest}. */
export function runForRequest<T>(request: RequestContext, run: () => T): T {
  return storage.run(request, run);
}

/**
 * Runs code for an event: its lines in the log carry the event's id and trace, and what it changes carries the trace on.
 *
 * @param traceparent of the event. @default a new trace
 */
export function runForEvent<T>(id: string, traceparent: string | undefined, run: () => T): T {
  const trace = readTrace((name) => (name === "traceparent" ? traceparent : undefined), Date.now());
  return runForRequest(new RequestContext(id, trace, "EVENT"), run);
}
