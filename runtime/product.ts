import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshal, unmarshal } from "./attributes";
import type { Violation } from "./problem";

/** What an administrator says of a product, once validated: `ProductInput` of api/catalog/v1.yaml, its defaults filled in. */
export interface ProductInput {
  readonly name: string;
  readonly description: string;
  /** In the currency's smallest unit. */
  readonly priceCents: number;
  /** ISO 4217. */
  readonly currency: string;
  /** Units in stock. */
  readonly available: number;
  /** Whether it is in the list. */
  readonly listed: boolean;
}

/** A product as clients see it: `Product` of api/catalog/v1.yaml. */
export interface Product extends ProductInput {
  readonly id: string;
  /** Counts the changes, from 1. */
  readonly version: number;
  /** ISO 8601, in milliseconds. */
  readonly updatedAt: string;
}

/** Attribute and value of the products that the index `byListing` holds. Part of the contract with the table's module. */
export const PRODUCT_LISTING = { attribute: "listing", value: "listed" } as const;

/** Puts together what the catalogue knows and what an administrator said, always in the same order. */
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

/** What the contract says of a product's texts in words: what neither a database nor a page can hold. */
export function productTextViolations({ name, description }: ProductInput): Violation[] {
  return [
    ...textViolations("#/name", name),
    ...textViolations("#/description", description.replaceAll(/[\t\n\r]/g, "")),
  ];
}

function textViolations(pointer: string, text: string): Violation[] {
  if (!text.isWellFormed()) return [{ pointer, detail: "must not hold half of a surrogate pair" }];
  return /\p{Cc}/u.test(text) ? [{ pointer, detail: "must not hold control characters" }] : [];
}

/** The item of a product in DynamoDB. Only what is listed has `listing`, and so is in the index. */
export function productItem({ listed, ...product }: Product): Record<string, AttributeValue> {
  const { attribute, value } = PRODUCT_LISTING;
  return marshal({ ...product, ...(listed && { [attribute]: value }) });
}

/** The product of an item. */
export function productOfItem(item: Record<string, AttributeValue>): Product {
  const { [PRODUCT_LISTING.attribute]: listing, ...fields } = unmarshal(item);
  const known = fields as unknown as Product;
  return productOf(known, { ...known, listed: listing === PRODUCT_LISTING.value });
}
