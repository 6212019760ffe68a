import { mkdirSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CdnModel,
  type Decision,
  type Distribution,
  isCollapsed,
  isInvalidatedBy,
  patienceSeconds,
  textOfKey,
} from "../../../internal/cdn-model";
import { type InvalidationSource, InvalidationWatch } from "./invalidation-watch";
import { ageOf, type CachedObject, ObjectCache } from "./object-cache";
import { type Flight, ObjectFetcher, type Outcome, type Wanted } from "./object-fetcher";
import { NoAnswerError, OriginClient } from "./origin-client";
import { type Result, Viewer, viewerRequestOf } from "./viewer";

/** Where the edge tells of itself. No path of the distribution can be reached under it. */
export const STATUS_PATH = "/_edge/status";

/** Seconds over the longest time that the emulator gives an origin, after which the emulator itself is given up. */
const PATIENCE_SECONDS = 10;

/** What an edge serves, and how. */
export interface EdgeConfig {
  readonly distribution: Distribution;
  /** Id and domain name that the distribution has in the emulator. */
  readonly distributionId: string;
  readonly domainName: string;
  /** The emulator, e.g. `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Folder for large objects. It is the edge's own: what is there is removed. */
  readonly folder: string;
  /** Port on the loopback interface. @default any free one */
  readonly port?: number;
  /** Bytes that the cached objects may have together. @default 1 GiB */
  readonly maximumBytes?: number;
  /** Where invalidations are learned of. @default nothing is invalidated */
  readonly invalidations?: InvalidationSource;
  /** Milliseconds since 1970. @default the system's clock */
  readonly clock?: () => number;
}

/** What an edge tells of itself. */
export interface EdgeStatus {
  readonly pid: number;
  readonly distributionId: string;
  readonly domainName: string;
  readonly endpoint: string;
  /** Objects in the cache, and their bytes. */
  readonly objects: number;
  readonly bytes: number;
  /** Answers by their `X-Cache`. */
  readonly answers: Readonly<Partial<Record<Result, number>>>;
  /** Bytes of all answers' bodies. */
  readonly sentBytes: number;
  /** How often the origin was asked, and bytes that it sent for the cache. */
  readonly originRequests: number;
  readonly originBytes: number;
  /** Invalidations that were seen; why they could not be asked for, when the last attempt failed. */
  readonly invalidations: { readonly seen: number; readonly problem?: string };
}

/** Starts an edge. @returns when it listens */
export async function startEdge(config: EdgeConfig): Promise<Edge> {
  const edge = new Edge(config);
  await edge.start(config.port ?? 0);
  return edge;
}

/** A CloudFront edge with its cache, in front of a distribution in the emulator. */
export class Edge {
  private readonly model: CdnModel;
  private readonly origin: OriginClient;
  private readonly cache: ObjectCache;
  private readonly fetcher: ObjectFetcher;
  private readonly watch: InvalidationWatch | undefined;
  private readonly server: Server;
  private readonly clock: () => number;
  private readonly answers: Partial<Record<Result, number>> = {};
  private sentBytes = 0;

  constructor(private readonly config: EdgeConfig) {
    const { distribution, distributionId, domainName, endpoint, folder, invalidations } = config;
    this.clock = config.clock ?? Date.now;
    this.model = new CdnModel(distribution, { distributionId, distributionDomainName: domainName });
    this.origin = new OriginClient({ endpoint, domainName, timeoutSeconds: timeoutOf(distribution) });
    this.cache = new ObjectCache(config.maximumBytes ?? 1024 ** 3);
    this.fetcher = new ObjectFetcher({
      distribution,
      origin: this.origin,
      cache: this.cache,
      folder,
      clock: this.clock,
    });
    this.watch =
      invalidations &&
      new InvalidationWatch({
        source: invalidations,
        onInvalidation: (paths) => this.invalidate(paths),
        clock: this.clock,
        everyMilliseconds: 250,
      });
    this.server = createServer((request, response) => {
      void this.serve(request, response);
    });
  }

  /** Listens on the loopback interface. @param port 0: any free one */
  async start(port: number): Promise<void> {
    rmSync(this.config.folder, { recursive: true, force: true });
    mkdirSync(this.config.folder, { recursive: true });
    await this.watch?.start();
    await new Promise<void>((done, failed) => {
      this.server.once("error", failed);
      this.server.listen(port, "127.0.0.1", done);
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Where viewers ask, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get status(): EdgeStatus {
    const { distributionId, domainName, endpoint } = this.config;
    const problem = this.watch?.problem;
    return {
      pid: process.pid,
      distributionId,
      domainName,
      endpoint,
      objects: this.cache.count,
      bytes: this.cache.bytes,
      answers: { ...this.answers },
      sentBytes: this.sentBytes,
      originRequests: this.origin.requests,
      originBytes: this.fetcher.bytes,
      invalidations: { seen: this.watch?.seen ?? 0, ...(problem !== undefined && { problem }) },
    };
  }

  /** Forgets what invalidations of these paths cover, also what is on its way. */
  invalidate(paths: readonly string[]): void {
    this.cache.invalidate(paths);
    this.fetcher.invalidate((key) => paths.some((path) => isInvalidatedBy(path, key)));
  }

  /** Ends what is being served, and removes the folder. */
  async close(): Promise<void> {
    const closed = new Promise<void>((done) => this.server.close(() => done()));
    this.server.closeAllConnections();
    this.origin.close();
    await closed;
    this.cache.clear();
    rmSync(this.config.folder, { recursive: true, force: true });
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (incoming.url === STATUS_PATH) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(this.status));
      return;
    }
    const viewer = new Viewer(viewerRequestOf(incoming), response, this.model, this.clock);
    try {
      await this.answer(viewer, incoming);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else viewer.sendPage(503, `The request failed: ${(error as Error).message}`);
    }
    const { result, sentBytes } = viewer;
    if (result !== undefined) this.answers[result] = (this.answers[result] ?? 0) + 1;
    this.sentBytes += sentBytes;
  }

  private async answer(viewer: Viewer, incoming: IncomingMessage): Promise<void> {
    const decision = this.model.decide(viewer.request, { now: this.clock() });
    switch (decision.kind) {
      case "redirect":
        viewer.sendPage(decision.status, decision.reason, "Redirect", { location: decision.location });
        return;
      case "refuse":
        viewer.sendPage(decision.status, decision.reason);
        return;
      case "respond":
        viewer.sendFunctionResponse(decision.response);
        return;
      case "pass":
        await this.pass(viewer, decision, incoming);
        return;
      case "cache":
        await this.watch?.refresh();
        await this.answerFromCache(viewer, decision, incoming);
    }
  }

  /** Asks the origin for this viewer alone. */
  private async pass(viewer: Viewer, { match }: Decision, incoming: IncomingMessage): Promise<void> {
    const { method, headers } = viewer.request;
    const answer = await this.origin
      .ask({ method, target: incoming.url ?? "/", headers, body: incoming })
      .catch((error: unknown) => {
        if (error instanceof NoAnswerError) return error;
        throw error;
      });
    if (answer instanceof NoAnswerError) viewer.sendPage(answer.status, "The origin could not be reached.");
    else await viewer.sendDirect(match.behaviour, answer);
  }

  private async answerFromCache(
    viewer: Viewer,
    decision: Extract<Decision, { kind: "cache" }>,
    incoming: IncomingMessage,
  ): Promise<void> {
    const { behaviour } = decision.match;
    const text = textOfKey(decision.key);
    const known = this.cache.get(text);
    const inFlight = this.fetcher.flight(text);
    const flight = isCollapsed(behaviour) ? inFlight : undefined;
    // What a HEAD is answered with is no object.
    if (viewer.request.method === "HEAD" && known === undefined && flight === undefined) {
      await this.pass(viewer, decision, incoming);
      return;
    }
    const wanted: Wanted = {
      text,
      key: decision.key,
      behaviour,
      method: viewer.request.method === "OPTIONS" ? "OPTIONS" : "GET",
      target: incoming.url ?? "/",
      headers: viewer.request.headers,
    };
    const age = known === undefined ? "expired" : ageOf(known, this.clock());
    if (known !== undefined && age !== "expired") {
      if (age === "refreshing" && inFlight === undefined) this.refresh(wanted, known);
      known.body.acquire();
      await viewer.sendObject(behaviour, known, "Hit");
      return;
    }
    if (flight !== undefined) {
      const outcome = await this.landed(flight);
      if (outcome.kind !== "direct") {
        if (outcome.object.freshness.shared) {
          await viewer.sendObject(behaviour, outcome.object, "Hit");
          return;
        }
        outcome.object.body.release(false);
      }
    }
    const outcome = await this.landed(this.fetcher.fetch(wanted, known));
    if (outcome.kind === "direct") await viewer.sendDirect(behaviour, outcome.answer);
    else
      await viewer.sendObject(behaviour, outcome.object, outcome.kind === "object" ? "Miss" : "RefreshHit");
  }

  /** Waits for an outcome, and announces a reader of its object. */
  private async landed(flight: Flight): Promise<Outcome> {
    flight.waiting += 1;
    try {
      const outcome = await flight.outcome;
      if (outcome.kind !== "direct") outcome.object.body.acquire();
      return outcome;
    } finally {
      flight.waiting -= 1;
    }
  }

  /** Brings an object up to date in the background. */
  private refresh(wanted: Wanted, known: CachedObject): void {
    this.fetcher.fetch(wanted, known).outcome.then(
      (outcome) => {
        if (outcome.kind === "direct") outcome.answer.stream.destroy();
      },
      // The next request asks again, and is told.
      () => undefined,
    );
  }
}

function timeoutOf({ origins }: Distribution): number {
  // In a group both may be waited for.
  const all = Object.values(origins).map((origin) => patienceSeconds(origin).answering);
  return all.reduce((sum, seconds) => sum + seconds, PATIENCE_SECONDS);
}
