import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshal, type PlainValue, unmarshal } from "../../runtime";
import type { Fulfilment } from "./fulfilment";
import type { WaitingApproval } from "./store";

type Item = Record<string, AttributeValue>;

/** Partition of what waits for approval. */
export const APPROVALS = "approvals";

/** Key of an order's record. */
export function fulfilmentKey(orderId: string): Item {
  return marshal({ pk: `order#${orderId}`, sk: "fulfilment" });
}

/** Key of an order's shipment. */
export function shipmentKey(orderId: string): Item {
  return marshal({ pk: `order#${orderId}`, sk: "shipment" });
}

/** Key of an order among those that wait for approval: they sort by when that was asked for. */
export function approvalKey({ orderId, askedAt = "" }: Pick<Fulfilment, "orderId" | "askedAt">): Item {
  return marshal({ pk: APPROVALS, sk: `${askedAt}#${orderId}` });
}

/** Key of the token of who waits for an order's approval. */
export function tokenKey(orderId: string): Item {
  return marshal({ pk: `order#${orderId}`, sk: "approval" });
}

/** Partition of a user's account in one currency. */
function account({ principal, currency }: Pick<Fulfilment, "principal" | "currency">): string {
  return `account#${principal}#${currency}`;
}

/** Key of what a user owes in one currency. */
export function balanceKey(fulfilment: Pick<Fulfilment, "principal" | "currency">): Item {
  return marshal({ pk: account(fulfilment), sk: "balance" });
}

/** Key of a line of the ledger: one charge, and at most one refund, for each order. */
export function entryKey(fulfilment: Fulfilment, kind: "charge" | "refund"): Item {
  return marshal({ pk: account(fulfilment), sk: `entry#${fulfilment.orderId}#${kind}` });
}

/** The item of an order's record. */
export function fulfilmentItem({ items, ...fields }: Fulfilment): Item {
  const plain = fields as unknown as Readonly<Record<string, PlainValue>>;
  return { ...fulfilmentKey(fields.orderId), ...marshal({ ...plain, items: JSON.stringify(items) }) };
}

/** The record of an item. */
export function fulfilmentOf(item: Item): Fulfilment {
  const { pk: _, sk: __, items, ...fields } = unmarshal(item);
  return { ...fields, items: JSON.parse(String(items)) } as unknown as Fulfilment;
}

/** The item of an order that waits for approval. */
export function approvalItem(fulfilment: Fulfilment): Item {
  const { orderId, principal, totalCents, currency, askedAt = "" } = fulfilment;
  return { ...approvalKey(fulfilment), ...marshal({ orderId, principal, totalCents, currency, askedAt }) };
}

/** An order that waits for approval, of its item. */
export function waitingApprovalOf(item: Item): WaitingApproval {
  const { pk: _, sk: __, ...fields } = unmarshal(item);
  return fields as unknown as WaitingApproval;
}
