import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A product as the catalog tells it. */
export interface CatalogProduct {
  id: string;
  name: string;
  priceCents: number;
  currency: string;
  available: number;
  listed: boolean;
}

/** For tests: stands in for the catalog, at its HTTP API. */
export class CatalogStub {
  products = new Map<string, CatalogProduct>();
  behaviour: "answer" | "fail" | "hang" | "nonsense" = "answer";
  requests: { url: string; headers: Record<string, unknown> }[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<CatalogStub> {
    const server = createServer((request, response) => {
      stub.requests.push({ url: request.url ?? "", headers: request.headers });
      if (stub.behaviour === "hang") return;
      if (stub.behaviour === "fail") return void response.writeHead(500).end();
      const ids = new URL(request.url ?? "", "http://catalog").searchParams.get("ids")?.split(",") ?? [];
      const items = ids.flatMap((id) => stub.products.get(id) ?? []);
      const body = stub.behaviour === "nonsense" ? { items: [{ id: ids[0], priceCents: -1 }] } : { items };
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    });
    const stub = new CatalogStub(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  add(change: Partial<CatalogProduct>): void {
    const product = {
      id: "teapot",
      name: "Teapot",
      priceCents: 3900,
      currency: "EUR",
      available: 100,
      listed: true,
      ...change,
    };
    this.products.set(product.id, product);
  }

  /** Forgets what was asked, answers again, and has a teapot and cups. */
  reset(): void {
    this.products.clear();
    this.requests = [];
    this.behaviour = "answer";
    this.add({});
    this.add({ id: "cup", name: "Cup", priceCents: 650 });
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
