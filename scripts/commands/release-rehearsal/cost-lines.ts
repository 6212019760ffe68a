import { type Allowance, amountOf, type Price, type PriceBook } from "../../internal/prices";

/** What a line of a bill is for, in words that a comparison of before and after can use. */
export type CostKind = "transfer" | "requests" | "load balancer" | "instances";

/** One line of a month's bill. */
export interface CostLine {
  readonly kind: CostKind;
  /** E.g. `CloudFront: data transfer to viewers, europe`. */
  readonly what: string;
  /** Where: an AWS region, a geography of CloudFront's prices, or `global`. */
  readonly region: string;
  readonly quantity: number;
  readonly unit: string;
  /** In the bill's currency, exact. Undefined when it is not known. */
  readonly amount?: number;
  /** Why it is not known. */
  readonly unknown?: string;
  /** Of the price. */
  readonly date?: string;
  readonly source?: string;
}

/** A quantity that is charged for. */
export interface Charge {
  readonly kind: CostKind;
  readonly what: string;
  readonly service: string;
  readonly item: string;
  readonly region: string;
  readonly quantity: number;
  readonly unit: string;
}

/** Prices charges, and says of those that no price is known for. */
export function priced(
  prices: PriceBook,
  { kind, what, service, item, region, quantity, unit }: Charge,
): CostLine {
  const line = { kind, what, region, quantity, unit };
  const price = prices.price(service, item, region);
  if (price === undefined)
    return { ...line, unknown: `no price of ${service} ${item} in ${region} is known` };
  const amount = amountOf(price, quantity);
  const source = { date: price.source.date, source: price.source.url };
  if (amount !== undefined) return { ...line, amount, ...source };
  return {
    ...line,
    unknown: `no price of ${service} ${item} in ${region} above ${lastOf(price)} ${unit} is known`,
    ...source,
  };
}

/** What remains of quantities of which a part is free each month: of each the same share. */
export function withoutAllowance(quantities: readonly number[], allowance: Allowance | undefined): number[] {
  const sum = quantities.reduce((all, quantity) => all + quantity, 0);
  if (allowance === undefined || sum === 0) return [...quantities];
  const charged = Math.max(0, sum - allowance.quantity) / sum;
  return quantities.map((quantity) => quantity * charged);
}

/** Cents of an amount, the half rounded up, though its binary form be a trifle below. */
export function toCents(amount: number): number {
  return Math.round(amount * 100 + 1e-7) / 100;
}

/** The sum of what is known, to the cent, each line rounded by itself as on a bill. */
export function totalOf(lines: readonly CostLine[]): number {
  return toCents(lines.reduce((sum, { amount = 0 }) => sum + toCents(amount), 0));
}

function lastOf({ tiers }: Price): number {
  return tiers[tiers.length - 1]?.upTo ?? 0;
}
