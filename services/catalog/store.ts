import type { ExpectedVersion, Product, ProductInput } from "../../runtime";

/** How a read is done. */
export interface ReadOptions {
  /** Sees every write that was answered before; costs twice as much. */
  readonly consistent: boolean;
  /** Aborted when the answer would come too late. */
  readonly signal: AbortSignal;
}

/** Which products a page holds. */
export interface ListQuery {
  /** Most products. */
  readonly limit: number;
  /** Only products whose ids come after this one, which need not exist. */
  readonly after?: string;
}

/** Products by id. */
export interface ListResult {
  readonly items: readonly Product[];
  /** There are more behind them. */
  readonly more: boolean;
}

/** What became of a write: done; not there; or of another version, as is a product that is there and was to be new. */
export type WriteResult =
  | { readonly outcome: "done"; readonly product: Product }
  | { readonly outcome: "missing" }
  | { readonly outcome: "conflict"; readonly version: number };

/** A write of a product, which is one atomic step. */
export interface Write {
  readonly id: string;
  readonly input: ProductInput;
  /** ISO 8601. */
  readonly updatedAt: string;
  readonly signal: AbortSignal;
}

/** The products. */
export interface ProductStore {
  get(id: string, options: ReadOptions): Promise<Product | undefined>;
  /** Those that exist, in any order. @param ids at most 100, each once */
  getMany(ids: readonly string[], options: ReadOptions): Promise<readonly Product[]>;
  /** Those that are listed; they may be some moments old. */
  list(query: ListQuery, signal: AbortSignal): Promise<ListResult>;
  /** Adds a product that is not there. */
  add(write: Write): Promise<WriteResult>;
  /** Replaces a product. */
  replace(write: Write, expected: ExpectedVersion): Promise<WriteResult>;
}
