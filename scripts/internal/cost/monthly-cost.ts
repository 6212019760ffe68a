import { amountOf, loadPrices, type Price, type PriceBook } from "../prices";
import { FREE_TYPES } from "./free";
import { type Charge, type Item, ResourceSet, UnknownValue } from "./item";
import type { PricedResource } from "./resources";
import { RULES } from "./rules";
import type { AssumedTraffic } from "./traffic";
import { UNPRICED_TYPES } from "./unpriced";

/** One thing that is charged for. */
export interface CostLine {
  readonly address: string;
  readonly type: string;
  /** In words, e.g. `NAT gateway, hours`. */
  readonly what: string;
  /** `fixed`: it is there, whatever the traffic. `usage`: by the assumed traffic. */
  readonly basis: "fixed" | "usage";
  /** In a month. */
  readonly quantity: number;
  /** E.g. `hour`. */
  readonly unit: string;
  /** In the report's currency, exact: where a price has tiers, its share of what all of them cost together. */
  readonly monthly: number;
  /** Where the price was read, and when. */
  readonly source: string;
  readonly date: string;
}

/** What a module costs. */
export interface ModuleCost {
  readonly module: string;
  readonly monthly: number;
  /** The part that is there whatever the traffic. */
  readonly fixed: number;
  readonly lines: readonly CostLine[];
}

/** What is not part of the sum. */
export interface Unpriced {
  readonly type: string;
  readonly addresses: readonly string[];
  /** Those that the resources are of. */
  readonly modules: readonly string[];
  readonly why: string;
}

/** What an environment costs in a month of 730 hours. */
export interface CostReport {
  readonly currency: "USD";
  /** Date of the oldest price in it, `YYYY-MM-DD`; empty when nothing is priced. */
  readonly pricesOf: string;
  readonly monthly: number;
  /** The part that is there whatever the traffic. */
  readonly fixed: number;
  /** By name. */
  readonly modules: readonly ModuleCost[];
  readonly unpriced: readonly Unpriced[];
}

/** How costs are worked out. */
export interface CostOptions {
  /** Takes off what is free each month, as if nothing else in the account used it. @default false */
  readonly freeTier?: boolean;
  /** @default those of scripts/internal/prices */
  readonly prices?: PriceBook;
}

/**
 * Works out what resources cost in a month.
 *
 * @param region where those are that name none
 */
export function monthlyCost(
  resources: readonly PricedResource[],
  traffic: AssumedTraffic,
  region: string,
  { freeTier = false, prices = loadPrices() }: CostOptions = {},
): CostReport {
  const unpriced = new UnpricedTypes();
  const charged = new Map<Price, Charged[]>();
  for (const item of new ResourceSet(resources, traffic, region)) {
    for (const charge of chargesOf(item, unpriced)) {
      const place = charge.region ?? item.region;
      const price = prices.price(charge.service, charge.item, place);
      if (price === undefined) {
        unpriced.add(item, `no source gave a price of ${charge.service} ${charge.item} in ${place}`);
        continue;
      }
      charged.set(price, [...(charged.get(price) ?? []), { item, charge }]);
    }
  }
  const lines = [...charged].flatMap(([price, entries]) => {
    const share = freeTier ? chargedShare(price, charged, prices) : 1;
    return linesOf(price, entries, share, unpriced);
  });
  const modules = modulesOf(lines);
  return {
    currency: "USD",
    pricesOf: lines.reduce((oldest, { date }) => (oldest === "" || date < oldest ? date : oldest), ""),
    monthly: sumOf(modules, ({ monthly }) => monthly),
    fixed: sumOf(modules, ({ fixed }) => fixed),
    modules,
    unpriced: unpriced.all(),
  };
}

interface ModuleLine extends CostLine {
  readonly module: string;
}

interface Charged {
  readonly item: Item;
  readonly charge: Charge;
}

/** What a resource is charged for; what of it is not known is added to `unpriced`. */
function chargesOf(item: Item, unpriced: UnpricedTypes): Charge[] {
  const declared = UNPRICED_TYPES[item.type];
  if (declared !== undefined) unpriced.add(item, declared);
  const rules = RULES[item.type] ?? [];
  if (rules.length === 0 && declared === undefined && FREE_TYPES[item.type] === undefined) {
    unpriced.add(item, "scripts/internal/cost knows no such type");
  }
  return rules.flatMap((rule) => {
    try {
      return rule(item).flatMap((entry) => {
        if ("quantity" in entry) return entry.quantity > 0 ? [entry] : [];
        unpriced.add(item, entry.unknown);
        return [];
      });
    } catch (error) {
      if (!(error instanceof UnknownValue)) throw error;
      unpriced.add(item, error.message);
      return [];
    }
  });
}

/** The part of a quantity that is charged for: what is free each month is so once for all regions. */
function chargedShare(
  { service, item }: Price,
  charged: ReadonlyMap<Price, readonly Charged[]>,
  prices: PriceBook,
): number {
  const free = prices.allowance(service, item)?.quantity ?? 0;
  const alike = [...charged].filter(([price]) => price.service === service && price.item === item);
  const quantity = sumOf(alike, ([, entries]) => quantityOf(entries));
  return Math.max(0, quantity - free) / quantity;
}

function quantityOf(charged: readonly Charged[]): number {
  return sumOf(charged, ({ charge }) => charge.quantity);
}

/** Tiers are of the whole account: each has its share of what all cost together. */
function linesOf(
  price: Price,
  charged: readonly Charged[],
  share: number,
  unpriced: UnpricedTypes,
): ModuleLine[] {
  const quantity = quantityOf(charged);
  const amount = amountOf(price, quantity * share);
  if (amount === undefined) {
    const why = `no source gave a price of ${price.service} ${price.item} in ${price.region} for ${quantity} ${price.unit}s`;
    for (const { item } of charged) unpriced.add(item, why);
    return [];
  }
  return charged.map(({ item, charge }) => ({
    module: item.module,
    address: item.address,
    type: item.type,
    what: charge.what,
    basis: charge.basis,
    quantity: charge.quantity,
    unit: price.unit,
    monthly: (amount * charge.quantity) / quantity,
    source: price.source.url,
    date: price.source.date,
  }));
}

function modulesOf(all: readonly ModuleLine[]): ModuleCost[] {
  const names = [...new Set(all.map(({ module }) => module))].sort(compare);
  return names.map((name) => {
    const lines = all
      .filter(({ module }) => module === name)
      .map(({ module: _, ...line }): CostLine => line)
      .sort((a, b) => compare(`${a.address} ${a.what}`, `${b.address} ${b.what}`));
    return {
      module: name,
      monthly: sumOf(lines, ({ monthly }) => monthly),
      fixed: sumOf(lines, ({ basis, monthly }) => (basis === "fixed" ? monthly : 0)),
      lines,
    };
  });
}

/** Types that are not priced, each reason with the resources that it is the reason for. */
class UnpricedTypes {
  private readonly items = new Map<string, { type: string; why: string; items: Set<Item> }>();

  add(item: Item, why: string): void {
    const key = `${item.type} ${why}`;
    const entry = this.items.get(key) ?? { type: item.type, why, items: new Set<Item>() };
    entry.items.add(item);
    this.items.set(key, entry);
  }

  all(): Unpriced[] {
    return [...this.items]
      .sort(([a], [b]) => compare(a, b))
      .map(([, { type, why, items }]) => ({
        type,
        addresses: [...items].map(({ address }) => address).sort(compare),
        modules: [...new Set([...items].map(({ module }) => module))].sort(compare),
        why,
      }));
  }
}

function sumOf<T>(entries: readonly T[], quantityOf: (entry: T) => number): number {
  return entries.reduce((sum, entry) => sum + quantityOf(entry), 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
