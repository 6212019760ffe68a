import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How one of the services behind the storefront behaves. */
export type Behaviour = "answer" | "fail" | "hang" | "nonsense";

/** A request as a service behind the storefront got it. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** An order as the orders service tells it. */
export const ORDER = {
  id: "01890a5d-ac96-774b-bcce-b302099a8057",
  status: "placed",
  items: [
    { productId: "teapot", name: "Old teapot", quantity: 1, unitPriceCents: 3900 },
    { productId: "gone", name: "Gone", quantity: 2, unitPriceCents: 100 },
  ],
  totalCents: 4100,
  currency: "EUR",
  version: 3,
  placedAt: "2024-01-01T00:00:00.000Z",
  cancelledAt: null,
};

/** A product as the catalog tells it. */
export const TEAPOT = {
  ...{
    id: "teapot",
    name: "Teapot",
    description: "Holds a litre.",
    priceCents: 3900,
    currency: "EUR",
    available: 12,
  },
  ...{ listed: true, version: 4, updatedAt: "2024-01-01T00:00:00.000Z" },
};

/** For tests: stands for catalog, orders and sessions, at one address, as the internal load balancer has them. */
export class Backends {
  readonly behaviour: Record<"catalog" | "orders" | "sessions", Behaviour> = {
    ...{ catalog: "answer", orders: "answer", sessions: "answer" },
  };
  /** What the orders service answers to the next requests. */
  order: { status: number; headers?: Record<string, string>; body: unknown } = { status: 201, body: ORDER };
  orders: { status: number; body: unknown } = {
    status: 200,
    body: { items: [ORDER], nextPageToken: "next" },
  };
  readonly products = new Map<string, typeof TEAPOT>([[TEAPOT.id, TEAPOT]]);
  /** Sessions by token: whose they are. */
  readonly sessions = new Map<string, string>([["session-1", "user-1"]]);
  received: Received[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Backends> {
    const server = createServer((request, response) => void backends.take(request, response));
    const backends = new Backends(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return backends;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Requests to one of the services. */
  to(path: string): Received[] {
    return this.received.filter(({ url }) => url.pathname === path);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? "", "http://backends");
    const body = text === "" ? undefined : JSON.parse(text);
    this.received.push({ method: request.method ?? "", url, headers: request.headers, body });
    const service = url.pathname.startsWith("/v1/products")
      ? "catalog"
      : url.pathname.startsWith("/v1/orders")
        ? "orders"
        : "sessions";
    const behaviour = this.behaviour[service];
    if (behaviour === "hang") return;
    const answer =
      behaviour === "fail" ? { status: 500, body: {} } : this.answerOf(service, request, url, body);
    response.writeHead(answer.status, { "Content-Type": "application/json", ...answer.headers });
    response.end(JSON.stringify(behaviour === "nonsense" ? { items: 7, id: 7 } : answer.body));
  }

  private answerOf(
    service: keyof Backends["behaviour"],
    request: IncomingMessage,
    url: URL,
    body: unknown,
  ): { status: number; headers?: Record<string, string>; body: unknown } {
    if (service === "sessions") {
      const principal = this.sessions.get((body as { token: string }).token);
      return principal === undefined ? { status: 404, body: {} } : { status: 200, body: { principal } };
    }
    if (service === "orders") return request.method === "POST" ? this.order : this.orders;
    const ids = url.searchParams.get("ids")?.split(",");
    if (ids) return { status: 200, body: { items: ids.flatMap((id) => this.products.get(id) ?? []) } };
    if (url.searchParams.get("pageToken") === "bad") return { status: 400, body: {} };
    return { status: 200, body: { items: [...this.products.values()], nextPageToken: "more" } };
  }
}
