import { Problem, type Violation } from "../../runtime";
import { MOST_CENTS, type OrderContent, type OrderItem, totalCents } from "./order";

/** What a client asks for. */
export interface OrderInput {
  readonly items: readonly ItemInput[];
}

/** So many of one product. */
export interface ItemInput {
  readonly productId: string;
  readonly quantity: number;
}

/** What the catalog says of a product. */
export interface Product {
  readonly id: string;
  readonly name: string;
  /** Price of one, in the currency's smallest unit. */
  readonly priceCents: bigint;
  /** ISO 4217. */
  readonly currency: string;
  /** Units in stock. */
  readonly available: number;
  /** Whether it is sold: one that is sold no more can still be read, and may have stock. */
  readonly listed: boolean;
}

/** Names each item whose product an earlier one names, which the contract's schema cannot say. */
export function repeatedProducts({ items }: OrderInput): Violation[] {
  const first = new Map<string, number>();
  return items.flatMap(({ productId }, index) => {
    const earlier = first.get(productId);
    if (earlier === undefined) {
      first.set(productId, index);
      return [];
    }
    const detail = `must not name the product of item ${earlier} again`;
    return [{ pointer: `#/items/${index}/productId`, detail }];
  });
}

/**
 * What an order holds, at the catalog's prices: all that was asked for, or nothing.
 *
 * @param products the catalog's answer, by id
 * @throws Problem 409 naming every item that cannot be ordered
 */
export function orderContent({ items }: OrderInput, products: ReadonlyMap<string, Product>): OrderContent {
  const currency = items.map(({ productId }) => products.get(productId)?.currency).find(Boolean) ?? "";
  const refusals: Violation[] = [];
  const ordered: OrderItem[] = [];
  for (const [index, { productId, quantity }] of items.entries()) {
    const product = products.get(productId);
    const refusal = product ? refusalOf(product, quantity, currency) : unknownProduct;
    if (!product || refusal) {
      refusals.push({ pointer: `#/items/${index}/${refusal?.field}`, detail: refusal?.detail ?? "" });
      continue;
    }
    ordered.push({ productId, name: product.name, quantity, unitPriceCents: product.priceCents });
  }
  if (refusals.length > 0) throw new Problem(409, "The order cannot be placed as it is.", refusals);
  const total = totalCents(ordered);
  if (total > MOST_CENTS) {
    const detail = `must cost at most ${MOST_CENTS} together`;
    throw new Problem(409, "The order cannot be placed as it is.", [{ pointer: "#/items", detail }]);
  }
  return { items: ordered, currency, totalCents: total };
}

interface Refusal {
  readonly field: keyof ItemInput;
  readonly detail: string;
}

const unknownProduct: Refusal = { field: "productId", detail: "is not in the catalog" };

function refusalOf(product: Product, quantity: number, currency: string): Refusal | undefined {
  if (!product.listed) return { field: "productId", detail: "is sold no more" };
  if (product.currency !== currency) {
    return { field: "productId", detail: `is priced in ${product.currency}, not in ${currency}` };
  }
  if (product.available < quantity) {
    return { field: "quantity", detail: `must be at most ${product.available}, which are in stock` };
  }
  return undefined;
}
