import type { components } from "./generated/v1/types";

/** A product to look at. */
export type Product = components["schemas"]["Product"];
/** One page of a list. */
export type ProductPage = components["schemas"]["ProductPage"];

/** Tells an id from what can be none. */
export function isProductId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text);
}

/** Takes from a product, as the catalog or the cache has it, what is shown. @returns nothing when it is none */
export function productOf(value: unknown): Product | undefined {
  const { id, name, description, priceCents, currency, available } = Object(value) as Record<string, unknown>;
  const whole =
    [id, name, description, currency].every((text) => typeof text === "string") &&
    [priceCents, available].every((count) => Number.isSafeInteger(count) && (count as number) >= 0);
  return whole ? ({ id, name, description, priceCents, currency, available } as Product) : undefined;
}

/** The same for a page of them. */
export function pageOf(value: unknown): ProductPage | undefined {
  const { items, nextPageToken } = Object(value) as Record<string, unknown>;
  if (!Array.isArray(items)) return undefined;
  const products = items.map(productOf);
  if (!products.every((product) => product !== undefined)) return undefined;
  return { items: products, ...(typeof nextPageToken === "string" && { nextPageToken }) };
}
