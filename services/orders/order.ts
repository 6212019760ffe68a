/** What an order is. */
export type OrderStatus = "placed" | "cancelled";

/** What each status may become. */
const TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  placed: ["cancelled"],
  cancelled: [],
};

/** A product as it was when the order was placed. */
export interface OrderItem {
  /** Id in the catalog. */
  readonly productId: string;
  readonly name: string;
  /** 1 to 1000. */
  readonly quantity: number;
  /** Price of one, in the currency's smallest unit. */
  readonly unitPriceCents: bigint;
}

/** What is ordered: what an order holds besides its identity and its life. */
export interface OrderContent {
  /** 1 to 50, each of another product. */
  readonly items: readonly OrderItem[];
  /** ISO 4217, that of every price. */
  readonly currency: string;
  /** Sum over the items, by {@link totalCents} alone. */
  readonly totalCents: bigint;
}

/** An order of one user. */
export interface Order extends OrderContent {
  /** UUID version 7. */
  readonly id: string;
  readonly status: OrderStatus;
  /** Counts the changes, from 1. */
  readonly version: number;
  readonly placedAt: Date;
  /** Absent unless the order is cancelled. */
  readonly cancelledAt?: Date;
}

/** The largest amount: beyond it JSON's readers lose cents. */
export const MOST_CENTS = BigInt(Number.MAX_SAFE_INTEGER);

/** Whether an order may go from one status to another. */
export function mayBecome(from: OrderStatus, to: OrderStatus): boolean {
  return TRANSITIONS[from].includes(to);
}

/** What items cost together, in the currency's smallest unit: exact, whatever the amounts. The one place that adds up. */
export function totalCents(items: readonly Pick<OrderItem, "quantity" | "unitPriceCents">[]): bigint {
  return items.reduce((sum, { quantity, unitPriceCents }) => sum + BigInt(quantity) * unitPriceCents, 0n);
}

/** An order as the contract writes it. Its amounts are at most {@link MOST_CENTS}, so numbers hold them. */
export function orderAnswer(order: Order) {
  return {
    id: order.id,
    status: order.status,
    items: order.items.map(({ productId, name, quantity, unitPriceCents }) => ({
      ...{ productId, name, quantity },
      unitPriceCents: Number(unitPriceCents),
    })),
    totalCents: Number(order.totalCents),
    currency: order.currency,
    version: order.version,
    placedAt: order.placedAt.toISOString(),
    cancelledAt: order.cancelledAt?.toISOString() ?? null,
  };
}
