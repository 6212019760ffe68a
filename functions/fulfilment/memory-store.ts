import type { Fulfilment } from "./fulfilment";
import type { Change, FulfilmentStore, WaitingApproval, WriteOutcome } from "./store";

/** For tests: fulfilments, stock and ledger in memory, by the same rules. */
export class MemoryStore implements FulfilmentStore {
  readonly records = new Map<string, Fulfilment>();
  readonly shipments = new Set<string>();
  readonly tokens = new Map<string, WaitingApproval & { readonly token: string }>();
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
    return this.tokens.get(orderId)?.token;
  }

  async waitingApprovals() {
    return { approvals: [...this.tokens.values()].map(({ token: _, ...shown }) => shown), more: false };
  }

  async write(change: Change): Promise<WriteOutcome> {
    const { fulfilment, stock, ledger, at, approvalToken, shipment } = change;
    const { orderId, principal, currency, totalCents } = fulfilment;
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
    else if (approvalToken !== undefined) {
      const shown = { orderId, principal, totalCents, currency, askedAt: at };
      this.tokens.set(orderId, { ...shown, token: approvalToken });
    }
    this.records.set(orderId, fulfilment);
    return "written";
  }
}
