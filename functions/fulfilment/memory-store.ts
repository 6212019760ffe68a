import type { Fulfilment } from "./fulfilment";
import type { ApprovalsPage, Change, FulfilmentStore, WaitingApproval, WriteOutcome } from "./store";

/** Of a page of approvals. */
const PAGE = 2;

/** For tests: fulfilments, stock and ledger in memory, by the same rules. */
export class MemoryStore implements FulfilmentStore {
  readonly records = new Map<string, Fulfilment>();
  readonly shipments = new Set<string>();
  readonly waiting = new Map<string, WaitingApproval>();
  readonly tokens = new Map<string, string>();
  /** Lines of the ledger, by account, order and kind. */
  readonly entries = new Map<string, number>();
  readonly owed = new Map<string, number>();

  constructor(
    readonly available: Map<string, number>,
    private readonly creditLimitCents: number,
  ) {}

  async find(orderId: string): Promise<Fulfilment | undefined> {
    return this.records.get(orderId);
  }

  async approvalToken(orderId: string): Promise<string | undefined> {
    return this.tokens.get(orderId);
  }

  async waitingApprovals(_signal: AbortSignal, from = "0"): Promise<ApprovalsPage> {
    const all = [...this.waiting.values()].sort((one, other) => (one.askedAt < other.askedAt ? -1 : 1));
    const end = Number(from) + PAGE;
    return { approvals: all.slice(Number(from), end), ...(end < all.length && { next: String(end) }) };
  }

  async write(change: Change): Promise<WriteOutcome> {
    const { fulfilment, stock, ledger, waits, approvalToken, shipment } = change;
    const { orderId, principal, currency, totalCents, askedAt = "" } = fulfilment;
    if ((this.records.get(orderId)?.revision ?? 0) !== fulfilment.revision - 1) return "changedMeanwhile";
    const units = (productId: string) => this.available.get(productId) ?? 0;
    if (stock === "take" && fulfilment.items.some((item) => units(item.productId) < item.quantity)) {
      return "outOfStock";
    }
    const account = `${principal}#${currency}`;
    const owed = this.owed.get(account) ?? 0;
    if (ledger === "charge" && owed + totalCents > this.creditLimitCents) return "creditExceeded";
    if (ledger) {
      const entry = `${account}#${orderId}#${ledger}`;
      if (this.entries.has(entry)) throw new Error(`${entry} is there already`);
      const amount = ledger === "charge" ? totalCents : -totalCents;
      this.entries.set(entry, amount);
      this.owed.set(account, owed + amount);
    }
    if (stock) {
      for (const { productId, quantity } of fulfilment.items) {
        this.available.set(productId, units(productId) + (stock === "take" ? -quantity : quantity));
      }
    }
    if (shipment && this.shipments.has(orderId)) throw new Error(`${orderId} is shipped twice`);
    if (shipment) this.shipments.add(orderId);
    if (approvalToken === null) this.tokens.delete(orderId);
    else if (approvalToken !== undefined) this.tokens.set(orderId, approvalToken);
    if (waits) this.waiting.set(orderId, { orderId, principal, totalCents, currency, askedAt });
    if (waits === false) this.waiting.delete(orderId);
    this.records.set(orderId, fulfilment);
    return "written";
  }
}
