import { Problem } from "../../runtime";
import { DependencyError, HttpClient } from "../internal";
import type { Product } from "./order-content";

/** Tells what the catalog has. */
export interface Catalog {
  /**
   * Products by id, as they are now; those that do not exist are missing.
   *
   * @param ids at most 100
   * @param authorization header of the user for whom they are asked
   * @throws DependencyError when the catalog does not tell
   * @throws Problem 401 when it does not know the user any more
   */
  products(ids: readonly string[], authorization: string): Promise<ReadonlyMap<string, Product>>;
}

/** The catalog by its HTTP API, api/catalog/v1.yaml. */
export class HttpCatalog implements Catalog {
  private readonly client: HttpClient;

  /** @param baseUrl e.g. `http://internal-x.eu-west-1.elb.amazonaws.com` */
  constructor(baseUrl: string) {
    this.client = new HttpClient({
      ...{ name: "catalog", baseUrl },
      // Placing an order has 10 s in all, of which the database may need some.
      ...{ timeoutMilliseconds: 1200, totalMilliseconds: 3000 },
    });
  }

  async products(ids: readonly string[], authorization: string): Promise<ReadonlyMap<string, Product>> {
    const answer = await this.client.call({
      path: "/v1/products",
      query: { ids: ids.join(",") },
      // Prices and stock as they are now, past every cache.
      headers: { authorization, "cache-control": "max-age=0" },
    });
    const { status } = answer;
    if (status === 401) throw new Problem(401, "The ID token has expired.");
    const products = status === 200 ? productsOf(answer.json()) : undefined;
    if (!products) throw new DependencyError("catalog", "invalidAnswer", { status, attempts: 1 });
    return new Map(products.map((product) => [product.id, product]));
  }

  /** Ends the connections, once the calls under way have ended. */
  close(): Promise<void> {
    return this.client.close();
  }
}

/** What a failed call to the catalog means to whoever places an order. @returns nothing for any other error */
export function catalogProblem(error: unknown): Problem | undefined {
  if (!(error instanceof DependencyError)) return undefined;
  const { retryAfterSeconds = 1 } = error;
  return new Problem(503, "The catalog is away. No order was placed; try again.", [], {
    "Retry-After": String(retryAfterSeconds),
  });
}

/** @returns nothing when it is not what the catalog's contract says */
function productsOf(page: unknown): Product[] | undefined {
  const { items } = Object(page) as { items?: unknown };
  if (!Array.isArray(items) || !items.every(isProduct)) return undefined;
  return items.map(({ id, name, priceCents, currency, available, listed }) => ({
    ...{ id, currency, available, listed },
    // The one character that PostgreSQL's texts cannot hold.
    name: name.replaceAll("\0", "\ufffd"),
    priceCents: BigInt(priceCents),
  }));
}

type ProductAnswer = Omit<Product, "priceCents"> & { readonly priceCents: number };

function isProduct(value: unknown): value is ProductAnswer {
  const { id, name, priceCents, currency, available, listed } = Object(value) as Record<string, unknown>;
  return (
    typeof id === "string" &&
    typeof name === "string" &&
    typeof currency === "string" &&
    /^[A-Z]{3}$/.test(currency) &&
    isCount(priceCents) &&
    isCount(available) &&
    typeof listed === "boolean"
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
