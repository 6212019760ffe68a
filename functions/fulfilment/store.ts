import type { Fulfilment } from "./fulfilment";

/** A change of a record, with all that must be true together with it. */
export interface Change {
  /** The record as it shall be. It is written only where the one that is there has one revision less; of revision 1, where there is none. */
  readonly fulfilment: Fulfilment;
  /** When, ISO 8601 in milliseconds. */
  readonly at: string;
  /** Takes the order's units from the stock, or puts them back. */
  readonly stock?: "take" | "putBack";
  /** Writes the total into the ledger of the user. */
  readonly ledger?: "charge" | "refund";
  /** Puts the order among those that wait for approval, or takes it from there. */
  readonly waits?: boolean;
  /** Token of the workflow that waits for the order's approval; `null` forgets it. */
  readonly approvalToken?: string | null;
  /** Whether the record of the shipment is made. */
  readonly shipment?: true;
}

/** `changedMeanwhile`: nothing is written, as the record has another revision. */
export type WriteOutcome = "written" | "changedMeanwhile" | "outOfStock" | "creditExceeded";

/** An order that waits for approval. */
export interface WaitingApproval {
  readonly orderId: string;
  readonly principal: string;
  readonly totalCents: number;
  readonly currency: string;
  /** ISO 8601. */
  readonly askedAt: string;
}

/** Some of the orders that wait for approval. */
export interface ApprovalsPage {
  /** Oldest first. */
  readonly approvals: readonly WaitingApproval[];
  /** Where the next page begins. Absent on the last. */
  readonly next?: string;
}

/**
 * Where fulfilments, the stock and the ledger are kept. Throws the client's errors; whether it was written is not known then. Nothing is begun
 * once the signal is aborted.
 */
export interface FulfilmentStore {
  /** The record as it is now. */
  find(orderId: string, signal: AbortSignal): Promise<Fulfilment | undefined>;
  /** Writes all of a change or nothing. */
  write(change: Change, signal: AbortSignal): Promise<WriteOutcome>;
  /** Token of the workflow that waits for an order's approval, or has waited. */
  approvalToken(orderId: string, signal: AbortSignal): Promise<string | undefined>;
  /**
   * The orders that wait for approval, those first that have waited longest; at most a hundred at once.
   *
   * @param from `next` of the page before. @default the first page
   */
  waitingApprovals(signal: AbortSignal, from?: string): Promise<ApprovalsPage>;
}
