import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Behaviour, Distribution } from "../../../internal/cdn-model";
import { behaviourOf, distributionOf } from "../../../internal/cdn-model/fixture";
import { type Edge, type EdgeConfig, startEdge } from "./edge";

/** What an origin was asked. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** What a viewer was answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** How it came about, e.g. `Hit`. */
  readonly result: string;
}

/** An edge in front of a server that stands for the distribution in the emulator, on a clock that the test moves. */
export class Stage {
  readonly asked: Asked[] = [];
  now = Date.parse("2026-11-24T12:00:00Z");
  /** What the origin answers. */
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => {
    response.writeHead(200, { "cache-control": "max-age=60", etag: '"v1"' }).end("content");
  };
  private readonly folder = mkdtempSync(join(tmpdir(), "edge-"));
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1000 });
  private edge: Edge | undefined;
  private origin: Server | undefined;

  /** Starts both. */
  async start(
    behaviours: readonly Partial<Behaviour>[] = [{}],
    {
      distribution = {},
      ...config
    }: Partial<Omit<EdgeConfig, "distribution">> & { distribution?: Partial<Distribution> } = {},
  ): Promise<this> {
    const origin = createServer((request, response) => {
      this.asked.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
      this.answer(request, response);
    }).listen(0, "127.0.0.1");
    this.origin = origin;
    await once(origin, "listening");
    this.edge = await startEdge({
      distribution: distributionOf(behaviours.map(behaviourOf), distribution),
      distributionId: "EDFDVBD6EXAMPLE",
      domainName: "d111111abcdef8.cloudfront.net",
      endpoint: `http://127.0.0.1:${(origin.address() as AddressInfo).port}`,
      folder: join(this.folder, "objects"),
      clock: () => this.now,
      ...config,
    });
    return this;
  }

  /** Ends both. */
  async end(): Promise<void> {
    this.agent.destroy();
    await this.edge?.close();
    await this.killOrigin();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** From now on nobody listens where the origin was. */
  async killOrigin(): Promise<void> {
    const { origin } = this;
    if (origin === undefined || !origin.listening) return;
    const closed = once(origin, "close");
    origin.close();
    origin.closeAllConnections();
    await closed;
  }

  /** The running edge. */
  get running(): Edge {
    if (this.edge === undefined) throw new Error("the edge has not been started");
    return this.edge;
  }

  /** Where large objects are. */
  get objects(): string {
    return join(this.folder, "objects");
  }

  /** Moves the clock. */
  pass(seconds: number): void {
    this.now += seconds * 1000;
  }

  /** Asks the edge. */
  async get(
    path: string,
    headers: Record<string, string> = {},
    method = "GET",
    body?: string,
  ): Promise<Answer> {
    const response = await this.begin(path, headers, method, body);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: Buffer.concat(chunks),
      result: String(response.headers["x-cache"]).replace(" from cloudfront", ""),
    };
  }

  /** Asks the edge, and leaves the body to be read. */
  begin(
    path: string,
    headers: Record<string, string> = {},
    method = "GET",
    body?: string,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(`${this.running.url}`, { path, method, headers, agent: this.agent });
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
      outgoing.end(body);
    });
  }
}

/** SHA-256, hexadecimal. */
export function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
