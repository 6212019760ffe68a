import { type ExpectedVersion, type Product, productOf } from "../../runtime";
import type { ListQuery, ListResult, ProductStore, ReadOptions, Write, WriteResult } from "./store";

/** For tests: a store in memory that keeps to the interface, and remembers how it was read. */
export class MemoryProductStore implements ProductStore {
  /** Whether each read by id so far was consistent. */
  readonly reads: boolean[] = [];
  private readonly products = new Map<string, Product>();

  async get(id: string, { consistent }: ReadOptions): Promise<Product | undefined> {
    this.reads.push(consistent);
    return this.products.get(id);
  }

  async getMany(ids: readonly string[], { consistent }: ReadOptions): Promise<readonly Product[]> {
    this.reads.push(consistent);
    // DynamoDB gives them in an order of its own.
    return [...this.products.values()].filter(({ id }) => ids.includes(id)).reverse();
  }

  async list({ limit, after = "" }: ListQuery): Promise<ListResult> {
    const found = [...this.products.values()]
      .filter(({ id, listed }) => listed && id > after)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    return { items: found.slice(0, limit), more: found.length > limit };
  }

  async add({ id, input, updatedAt }: Write): Promise<WriteResult> {
    const current = this.products.get(id);
    if (current) return { outcome: "conflict", version: current.version };
    return this.set(productOf({ id, version: 1, updatedAt }, input));
  }

  async replace({ id, input, updatedAt }: Write, expected: ExpectedVersion): Promise<WriteResult> {
    const current = this.products.get(id);
    if (!current) return { outcome: "missing" };
    if (expected !== "any" && !expected.includes(current.version)) {
      return { outcome: "conflict", version: current.version };
    }
    return this.set(productOf({ id, version: current.version + 1, updatedAt }, input));
  }

  private set(product: Product): WriteResult {
    this.products.set(product.id, product);
    return { outcome: "done", product };
  }
}
