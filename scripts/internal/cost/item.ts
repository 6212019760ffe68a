import type { PricedResource } from "./resources";
import { type AssumedTraffic, type UsageName, usageAt } from "./traffic";

/** Something that is charged for: a quantity of what the price files name. */
export interface Charge {
  /** In words, e.g. `hours`. */
  readonly what: string;
  /** `fixed`: it is there, whatever the traffic. `usage`: by traffic. */
  readonly basis: "fixed" | "usage";
  /** In scripts/internal/prices. */
  readonly service: string;
  readonly item: string;
  /** @default where the resource is */
  readonly region?: string;
  readonly quantity: number;
}

/** Something that is charged for, and cannot be worked out. */
export interface Unknown {
  /** E.g. `allocated_storage is known only once it is made`. */
  readonly unknown: string;
}

/** What one resource of its type is charged for. An empty list: nothing, as it is configured. */
export type Rule = (resource: Item) => readonly (Charge | Unknown)[];

/** Rules by type. */
export type Rules = Readonly<Record<string, readonly Rule[]>>;

/** A value of a resource that is not known: a rule that needs it gives this up, and the resource is named as unpriced for the reason. */
export class UnknownValue extends Error {}

/** A resource as rules read it: values with their types, nested blocks, what others it refers to, what it is used for. */
export class Item {
  readonly address: string;
  readonly type: string;
  readonly path: string;
  readonly module: string;

  constructor(
    private readonly resource: PricedResource,
    private readonly all: ResourceSet,
    private readonly traffic: AssumedTraffic,
    readonly region: string,
  ) {
    this.address = resource.address;
    this.type = resource.type;
    this.path = resource.path;
    this.module = resource.path.split("/")[0] ?? resource.path;
  }

  /** A value as it is; undefined when it is not set. */
  value(name: string): unknown {
    return this.resource.values[name] ?? undefined;
  }

  /** @throws UnknownValue when it is not known */
  text(name: string): string | undefined {
    return knownText(this.value(name), name);
  }

  /** @throws UnknownValue when it is not known */
  number(name: string): number | undefined {
    return knownNumber(this.value(name), name);
  }

  /** @throws UnknownValue when it is not known */
  isTrue(name: string): boolean {
    const value = this.text(name);
    return value === "true";
  }

  /** Nested blocks of that name, in a stack one as it is and several in a list, in a state always in a list. */
  blocks(name: string): readonly Values[] {
    return blocksOf(this.value(name));
  }

  /** Where traffic assumes nothing. @throws UnknownValue then */
  usage(name: UsageName): number {
    const quantity = usageAt(this.traffic, this.path, name);
    if (quantity === undefined) throw new UnknownValue(`nothing is assumed of its traffic (${name})`);
    return quantity;
  }

  /** Where viewers are. */
  get viewersIn(): string {
    return this.traffic.viewersIn;
  }

  /**
   * The share of a quantity that is assumed for all of its type in its module.
   *
   * @param alike further condition on the others
   */
  shared(quantity: number, alike: (other: Item) => boolean = () => true): number {
    const others = this.others(this.type).filter((other) => other.module === this.module && alike(other));
    return quantity / Math.max(1, others.length);
  }

  /** What a value refers to: by its reference in a stack, by its id, ARN or name in a state. */
  referred(type: string, value: unknown): Item | undefined {
    return this.all.referred(type, value);
  }

  /** All of that type, this one among them where it is one. */
  others(type: string): readonly Item[] {
    return this.all.ofType(type);
  }

  /** Whether a value refers to this. */
  isMeant(value: unknown): boolean {
    return this.all.referred(this.type, value) === this;
  }
}

/** Values of a block. */
export type Values = Readonly<Record<string, unknown>>;

/** All resources of an environment, each by what others may call it. */
export class ResourceSet {
  private readonly items: readonly Item[];
  private readonly byType = new Map<string, Item[]>();

  constructor(resources: readonly PricedResource[], traffic: AssumedTraffic, region: string) {
    this.items = resources
      .map((resource) => new Item(resource, this, traffic, resource.region ?? region))
      // So that sums do not depend on the order in which resources are given.
      .sort((a, b) => (a.address < b.address ? -1 : 1));
    for (const item of this.items) this.byType.set(item.type, [...(this.byType.get(item.type) ?? []), item]);
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.items[Symbol.iterator]();
  }

  ofType(type: string): readonly Item[] {
    return this.byType.get(type) ?? [];
  }

  referred(type: string, value: unknown): Item | undefined {
    if (typeof value !== "string") return undefined;
    const named = new RegExp(`\\b${type}\\.([\\w-]+)`).exec(value)?.[1];
    const candidates = this.ofType(type);
    if (named !== undefined) return candidates.find(({ address }) => address === `${type}.${named}`);
    return candidates.find((item) => ["id", "arn", "name"].some((key) => item.value(key) === value));
  }
}

/** A block that may be there once, several times, or not at all. */
export function blocksOf(value: unknown): readonly Values[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).filter(
    (block): block is Values => typeof block === "object" && block !== null,
  );
}

/** @throws UnknownValue when it is a reference */
export function knownText(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = String(value);
  if (/\$\{/.test(text)) throw new UnknownValue(`${name} is known only once it is deployed`);
  return text;
}

/** @throws UnknownValue when it is a reference, or no number */
export function knownNumber(value: unknown, name: string): number | undefined {
  const text = knownText(value, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isNaN(number)) throw new UnknownValue(`${name} is "${text}", which is no number`);
  return number;
}
