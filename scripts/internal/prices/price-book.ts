/** Bytes of a GB on AWS's bills, whose tiers count 1024 GB to a TB. */
export const BYTES_PER_GIGABYTE = 2 ** 30;

/** Where a price was read. */
export interface PriceSource {
  /** Of what was read, `YYYY-MM-DD`. */
  readonly date: string;
  readonly url: string;
  /** What it is, in words. */
  readonly what: string;
}

/** A part of a month's quantity and its price. */
export interface Tier {
  /** Quantity of the month at which the tier ends, counted from the first. Undefined: none is. */
  readonly upTo?: number;
  /** For `per` units. */
  readonly price: number;
}

/** What one thing costs in one place. */
export interface Price {
  /** E.g. `cloudfront`. */
  readonly service: string;
  /** E.g. `transfer-out`. */
  readonly item: string;
  /** An AWS region, a part of the world that CloudFront's prices name, or `global`. */
  readonly region: string;
  /** ISO 4217. */
  readonly currency: string;
  /** What is counted, e.g. `GB`. */
  readonly unit: string;
  /** Units that a tier's price is for, e.g. 10000 requests. */
  readonly per: number;
  /** In ascending order. Where the last has an end, no price is known for more. */
  readonly tiers: readonly [Tier, ...Tier[]];
  readonly source: PriceSource;
}

/** What an account is not charged for each month. */
export interface Allowance {
  readonly service: string;
  readonly item: string;
  readonly unit: string;
  readonly quantity: number;
  readonly source: PriceSource;
}

/** Prices by what they are for. */
export class PriceBook {
  private readonly byName = new Map<string, Price>();
  private readonly allowances = new Map<string, Allowance>();

  /** @throws Error when a price or an allowance is there twice */
  constructor(prices: readonly Price[], allowances: readonly Allowance[]) {
    for (const price of prices) add(this.byName, nameOf(price), price);
    for (const allowance of allowances) add(this.allowances, nameOf(allowance), allowance);
  }

  /** The price in that region, or the one of all regions; undefined when no source gave it. */
  price(service: string, item: string, region: string): Price | undefined {
    return (
      this.byName.get(nameOf({ service, item, region })) ??
      this.byName.get(nameOf({ service, item, region: "global" }))
    );
  }

  /** What is free each month; undefined when nothing is, or no source says. */
  allowance(service: string, item: string): Allowance | undefined {
    return this.allowances.get(nameOf({ service, item }));
  }
}

/**
 * What a month's quantity costs, tier by tier: a dearer tier stays as it is when a cheaper one is reached.
 *
 * @param quantity in the price's unit
 * @returns in the price's currency; undefined when it exceeds the tiers that are known
 */
export function amountOf({ tiers, per }: Price, quantity: number): number | undefined {
  let amount = 0;
  let from = 0;
  for (const { upTo = Number.POSITIVE_INFINITY, price } of tiers) {
    const within = Math.min(quantity, upTo) - from;
    amount += (within * price) / per;
    if (quantity <= upTo) return amount;
    from = upTo;
  }
  return undefined;
}

function nameOf({ service, item, region }: Pick<Price, "service" | "item"> & Partial<Pick<Price, "region">>) {
  return [service, item, region ?? ""].join(" ");
}

function add<T>(all: Map<string, T>, name: string, value: T): void {
  if (all.has(name)) throw new Error(`prices: ${name.trim()} is there twice`);
  all.set(name, value);
}
