import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { type HistoryFulfilment, unmarshal } from "../../runtime";
import type { components } from "./generated/v1/types";

/** An order of the history, as it is shown. */
export type HistoryOrder = components["schemas"]["HistoryOrder"];
/** One page of them. */
export type HistoryPage = components["schemas"]["HistoryPage"];

/** The part of a row that the orders' events made. */
type OrderPart = Omit<HistoryOrder, "status" | "fulfilment"> & { readonly status: "placed" | "cancelled" };

/** Reads a row of the view. @returns nothing while only the fulfilment of its order has been heard of */
export function historyOrderOf(row: Readonly<Record<string, AttributeValue>>): HistoryOrder | undefined {
  const { order: orderText, fulfilment: fulfilmentText } = unmarshal(row);
  if (typeof orderText !== "string") return undefined;
  const order = JSON.parse(orderText) as OrderPart;
  const fulfilment =
    typeof fulfilmentText === "string"
      ? (JSON.parse(fulfilmentText) as HistoryOrder["fulfilment"] & HistoryFulfilment)
      : undefined;
  // Field by field: events may say more than the contract shows.
  return {
    id: order.id,
    status: order.status === "cancelled" ? "cancelled" : (fulfilment?.status ?? "placed"),
    items: order.items.map(({ productId, name, quantity, unitPriceCents }) => ({
      ...{ productId, name, quantity, unitPriceCents },
    })),
    ...{ totalCents: order.totalCents, currency: order.currency, version: order.version },
    ...{ placedAt: order.placedAt, cancelledAt: order.cancelledAt },
    ...(order.cancelledBy !== undefined && { cancelledBy: order.cancelledBy }),
    ...(fulfilment && { fulfilment }),
  };
}

/** Takes an order as the cache has it. @returns nothing when it is none */
export function keptHistoryOrder(value: unknown): HistoryOrder | undefined {
  const { id, status, items, version } = Object(value) as Record<string, unknown>;
  const whole =
    [id, status].every((text) => typeof text === "string") &&
    Array.isArray(items) &&
    Number.isSafeInteger(version);
  return whole ? (value as HistoryOrder) : undefined;
}

/** The same for a page of them. */
export function keptHistoryPage(value: unknown): HistoryPage | undefined {
  const { items } = Object(value) as Record<string, unknown>;
  const whole = Array.isArray(items) && items.every((item) => keptHistoryOrder(item) !== undefined);
  return whole ? (value as HistoryPage) : undefined;
}
