import { Problem } from "../../runtime";
import { DependencyError } from "../internal";
import type { Asking, Catalog } from "./catalog";
import { type Product, type ProductPage, pageOf, productOf } from "./product";
import { type Cache, type Found, ReadThrough } from "./read-through";

/** What product views are read from. */
export interface ProductsConfig {
  readonly catalog: Catalog;
  readonly cache: Cache;
}

/** Product views are some seconds old: at most 37, as a kept one lives for 30 and a quarter more. */
const PRODUCT_MILLISECONDS = 30_000;
const PAGE_MILLISECONDS = 10_000;
/** A new product shows up by then, though somebody has looked for it before. */
const ABSENCE_MILLISECONDS = 5000;

/**
 * The products as they are shown, through the cache. All users share it: the catalog shows the same to everybody who is signed in, and
 * whoever asks here is.
 */
export class Products {
  private readonly single: ReadThrough<Product>;
  private readonly pages: ReadThrough<ProductPage>;

  constructor(private readonly config: ProductsConfig) {
    const common = { cache: config.cache, keepAbsenceMilliseconds: ABSENCE_MILLISECONDS, isOwn };
    this.single = new ReadThrough({
      ...{ ...common, prefix: "storefront:1:product:", parse: productOf },
      keepMilliseconds: PRODUCT_MILLISECONDS,
    });
    this.pages = new ReadThrough({
      ...{ ...common, prefix: "storefront:1:page:", parse: pageOf },
      keepMilliseconds: PAGE_MILLISECONDS,
    });
  }

  /** @throws DependencyError when the catalog had to be asked and did not tell */
  async get(id: string, asking: Asking): Promise<Found<Product>> {
    return (await this.getMany([id], asking)).get(id) ?? { hit: false };
  }

  /** Products by id, those that are not in the cache by one call. @throws DependencyError as above */
  getMany(ids: readonly string[], asking: Asking): Promise<ReadonlyMap<string, Found<Product>>> {
    return this.single.get(ids, (missing) => this.config.catalog.products(missing, asking), asking.fresh);
  }

  /** One page; its value is absent when the token is none. @throws DependencyError as above */
  async page(limit: number, pageToken: string | undefined, asking: Asking): Promise<Found<ProductPage>> {
    const name = `${limit}:${pageToken ?? ""}`;
    const load = async () => {
      const page = await this.config.catalog.page(limit, pageToken, asking);
      return new Map(page ? [[name, page]] : []);
    };
    return (await this.pages.get([name], load, asking.fresh)).get(name) ?? { hit: false };
  }
}

/** The request that loaded was given up by its client, or its token had expired: says nothing to others. */
function isOwn(error: unknown): boolean {
  if (error instanceof DependencyError) return error.failure === "aborted";
  return error instanceof Problem && error.status === 401;
}
