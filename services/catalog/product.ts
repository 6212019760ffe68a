import type { components } from "./generated/v1/types";

/** A product as clients see it. */
export type Product = components["schemas"]["Product"];
/** What an administrator says of a product, once validated: defaults are filled in. */
export type ProductInput = Required<components["schemas"]["ProductInput"]>;
/** One page of a list. */
export type ProductPage = components["schemas"]["ProductPage"];

/** Puts together what the service knows and what an administrator said, always in the same order. */
export function productOf(
  known: Pick<Product, "id" | "version" | "updatedAt">,
  input: ProductInput,
): Product {
  const { id, version, updatedAt } = known;
  const { name, description, priceCents, currency, available, listed } = input;
  return { id, name, description, priceCents, currency, available, listed, version, updatedAt };
}

/** Tells an id from what can be none. */
export function isProductId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text);
}
