import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { Problem, readTrace } from "../../runtime";
import { problemHeaders, type ServiceApp } from "./app";
import type { Health } from "./health";
import type { Logger } from "./logger";
import { RequestContext, runForRequest } from "./request-context";

/** What serves an app over HTTP. */
export interface ServiceServerConfig {
  readonly app: ServiceApp;
  /** Answers what fails outside of the app, as an address that is none. */
  readonly answerError: (error: unknown) => Response;
  readonly health: Health;
  readonly logger: Logger;
  /** Address that it listens on. */
  readonly host: string;
  /** Port that it listens on; 0 for a free one. */
  readonly port: number;
  /** Requests that are served at once; more are answered 503 without being looked at. @default 200 */
  readonly maxInFlight?: number;
  /**
   * Seconds that requests are still taken after a stop begins: until then the load balancer may send some, as it learns of the
   * stop by asking for the health. Less than {@link ServiceServerConfig.gracefulStopSeconds}.
   */
  readonly drainSeconds: number;
  /** Seconds from the beginning of a stop to its end. @default 25 */
  readonly gracefulStopSeconds?: number;
  /** Milliseconds without a byte either way after which a connection with a request is given up. @default 90 000 */
  readonly silenceMilliseconds?: number;
}

/** A load balancer keeps an idle connection for 60 s; ours must be the longer, or it sends a request into a closing one. */
const KEEP_ALIVE_MILLISECONDS = 65_000;
/** Longer than a load balancer waits, and than a route may take. */
const SILENCE_MILLISECONDS = 90_000;
/** At the end, for a request that has begun to come. */
const ARRIVAL_MILLISECONDS = 1000;

/** A stop did not end in time. */
export class UnfinishedRequests extends Error {
  override readonly name = "UnfinishedRequests";

  constructor(
    /** How many. */
    readonly count: number,
  ) {
    super(`${count} requests were unfinished`);
  }
}

/** An HTTP server that tells its health, refuses what is too much, logs each request, and stops without losing one. */
export class ServiceServer {
  private readonly server: Server;
  private readonly connections = new Set<Socket>();
  private readonly active = new Set<ServerResponse>();
  private readonly listener: ReturnType<typeof getRequestListener>;
  private readonly gracefulStopSeconds: number;
  private draining = false;

  /** @throws Error when it would still take requests at the end of its stop */
  constructor(private readonly config: ServiceServerConfig) {
    const { drainSeconds, gracefulStopSeconds = 25, silenceMilliseconds = SILENCE_MILLISECONDS } = config;
    if (drainSeconds >= gracefulStopSeconds) {
      throw new Error(
        `environment: DRAIN_SECONDS must be less than the ${gracefulStopSeconds} in which the service stops, got ${drainSeconds}`,
      );
    }
    this.gracefulStopSeconds = gracefulStopSeconds;
    this.listener = getRequestListener(config.app.fetch, {
      overrideGlobalObjects: false,
      errorHandler: config.answerError,
    });
    this.server = createServer(
      {
        keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
        headersTimeout: KEEP_ALIVE_MILLISECONDS + 1000,
        requestTimeout: KEEP_ALIVE_MILLISECONDS + 5000,
      },
      (incoming, outgoing) => void this.answer(incoming, outgoing),
    );
    this.server.timeout = silenceMilliseconds;
    this.server.on("connection", (socket) => {
      this.connections.add(socket);
      socket.once("close", () => this.connections.delete(socket));
    });
  }

  /** Begins to listen. @returns the port @throws Error of the system when that cannot be */
  async listen(): Promise<number> {
    const { host, port } = this.config;
    this.server.listen(port, host);
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  /**
   * Stops: not ready at once, still taking requests for a while, each answer ending its connection, then finishing those under way.
   *
   * @throws UnfinishedRequests at the end of the time; they are cut off then
   */
  async stop(): Promise<void> {
    const { health, drainSeconds } = this.config;
    this.draining = true;
    health.drain();
    for (const outgoing of this.active) endConnection(outgoing);
    const deadline = Date.now() + this.gracefulStopSeconds * 1000;
    await wait(drainSeconds * 1000);
    let closed = false;
    this.server.close(() => {
      closed = true;
    });
    const arrival = Date.now() + ARRIVAL_MILLISECONDS;
    while (!closed) {
      // Those whose answer had begun before the stop stay open after it.
      this.server.closeIdleConnections();
      if (Date.now() >= arrival) this.closeSilentConnections();
      if (Date.now() >= deadline) {
        const { size } = this.active;
        this.server.closeAllConnections();
        if (size > 0) throw new UnfinishedRequests(size);
      }
      await wait(20);
    }
  }

  /** Node.js does not call idle what has sent nothing yet, or not the whole of a request. */
  private closeSilentConnections(): void {
    const busy = new Set([...this.active].map((outgoing) => outgoing.req.socket));
    for (const socket of this.connections) if (!busy.has(socket)) socket.destroy();
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (this.draining) endConnection(outgoing);
    const path = incoming.url?.split("?", 1)[0];
    if (path === "/health/live") return sendJson(outgoing, 200, { status: "live" });
    if (path === "/health/ready") return this.answerReadiness(outgoing);
    const header = (name: string) => incoming.headers[name]?.toString();
    const request = new RequestContext(randomUUID(), readTrace(header, Date.now()), incoming.method ?? "");
    outgoing.setHeader("X-Request-Id", request.id);
    outgoing.setHeader("Cache-Control", "private, no-cache");
    outgoing.setHeader("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
    outgoing.setHeader("X-Content-Type-Options", "nosniff");
    const startedAt = performance.now();
    const overloaded = this.active.size >= (this.config.maxInFlight ?? 200);
    this.active.add(outgoing);
    outgoing.once("close", () => {
      this.active.delete(outgoing);
      if (!outgoing.writableFinished) request.abort();
      runForRequest(request, () => this.log(request, outgoing, performance.now() - startedAt));
    });
    if (overloaded)
      return sendProblem(outgoing, new Problem(503, "The service is busy. Try again."), request);
    await runForRequest(request, () => this.listener(incoming, outgoing));
  }

  private async answerReadiness(outgoing: ServerResponse): Promise<void> {
    const { ready, status, failing } = await this.config.health.readiness();
    sendJson(outgoing, ready ? 200 : 503, { status, ...(failing.length > 0 && { failing }) });
  }

  private log({ route, told }: RequestContext, outgoing: ServerResponse, milliseconds: number): void {
    const aborted = !outgoing.writableFinished;
    this.config.logger.info("request", {
      // First: what is the line's own stays so.
      ...told,
      route,
      // What the client got; 499, as nginx has it, when it left before there was anything.
      status: aborted && !outgoing.headersSent ? 499 : outgoing.statusCode,
      milliseconds: Math.round(milliseconds * 10) / 10,
      ...(aborted && { aborted }),
    });
  }
}

/** After this answer the connection is closed, and the client told so. */
function endConnection(outgoing: ServerResponse): void {
  if (!outgoing.headersSent) outgoing.setHeader("Connection", "close");
}

function sendJson(outgoing: ServerResponse, status: number, body: object): void {
  outgoing.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  outgoing.end(JSON.stringify(body));
}

function sendProblem(outgoing: ServerResponse, problem: Problem, { id }: RequestContext): void {
  outgoing.writeHead(problem.status, problemHeaders(problem));
  outgoing.end(problem.body(id));
}
