import { Problem } from "../../runtime";
import { DependencyError, type HttpAnswer, HttpClient } from "../internal";
import { type Product, type ProductPage, pageOf } from "./product";

/** Most ids of one call, by the catalog's contract. */
const MOST_IDS = 100;
/** A page of 100 products whose texts are as long as the contract lets them be. */
const MOST_BYTES = 2 * 1024 * 1024;

/** For whom and how the catalog is asked. */
export interface Asking {
  /** Header of the user. */
  readonly authorization: string;
  /** As things are now, past every cache. */
  readonly fresh: boolean;
}

/** Tells what the catalog has. Whoever is signed in may know all of it. */
export interface Catalog {
  /**
   * Products by id; those that do not exist are missing. One call for each hundred.
   *
   * @throws DependencyError when the catalog does not tell
   * @throws Problem 401 when it does not know the user any more
   */
  products(ids: readonly string[], asking: Asking): Promise<ReadonlyMap<string, Product>>;
  /** One page. @returns nothing when the token is none */
  page(limit: number, pageToken: string | undefined, asking: Asking): Promise<ProductPage | undefined>;
}

/** The catalog by its HTTP API, api/catalog/v1.yaml. */
export class HttpCatalog implements Catalog {
  private readonly client: HttpClient;

  constructor(baseUrl: string) {
    this.client = new HttpClient({
      ...{ name: "catalog", baseUrl, mostBytes: MOST_BYTES },
      ...{ timeoutMilliseconds: 1000, totalMilliseconds: 2500 },
    });
  }

  async products(ids: readonly string[], asking: Asking): Promise<ReadonlyMap<string, Product>> {
    const calls: Promise<ProductPage>[] = [];
    for (let from = 0; from < ids.length; from += MOST_IDS) {
      calls.push(this.byIds(ids.slice(from, from + MOST_IDS), asking));
    }
    const pages = await Promise.all(calls);
    return new Map(pages.flatMap(({ items }) => items.map((product) => [product.id, product])));
  }

  async page(limit: number, pageToken: string | undefined, asking: Asking): Promise<ProductPage | undefined> {
    const answer = await this.ask({ limit, pageToken }, asking);
    return answer.status === 400 ? undefined : readPage(answer);
  }

  /** Ends the connections, once the calls under way have ended. */
  close(): Promise<void> {
    return this.client.close();
  }

  private async byIds(ids: readonly string[], asking: Asking): Promise<ProductPage> {
    return readPage(await this.ask({ ids: ids.join(",") }, asking));
  }

  private async ask(
    query: Readonly<Record<string, string | number | undefined>>,
    { authorization, fresh }: Asking,
  ): Promise<HttpAnswer> {
    const headers = { authorization, ...(fresh && { "cache-control": "max-age=0" }) };
    const answer = await this.client.call({ path: "/v1/products", query, headers });
    if (answer.status === 401) throw new Problem(401, "The ID token has expired.");
    return answer;
  }
}

function readPage(answer: HttpAnswer): ProductPage {
  const { status } = answer;
  const page = status === 200 ? pageOf(answer.json()) : undefined;
  if (!page) throw new DependencyError("catalog", "invalidAnswer", { status, attempts: 1 });
  return page;
}
