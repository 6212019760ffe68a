import type { Callbacks } from "./callbacks";
import { type EndEvent, endEvent } from "./end-event";
import { type FailureReason, type Fulfilment, newFulfilment, type OrderEvent } from "./fulfilment";
import { takesOver } from "./resumption";
import type { ApprovalsPage, Change, FulfilmentStore } from "./store";

/** What the steps work with. */
export interface StepsConfig {
  readonly store: FulfilmentStore;
  readonly callbacks: Callbacks;
  /** Totals above it need approval, in the currency's smallest unit. */
  readonly approvalAboveCents: number;
  readonly now: () => Date;
  /** Makes a UUID that sorts by time. */
  readonly newId: (at: Date) => string;
}

/** What a step has come to; a choice of the workflow decides by the outcome. `ended`: the order was shipped, or failed, before. */
export interface StepAnswer {
  readonly outcome: string;
}

/** Of `reserve`. `elsewhere`: another execution fulfils the order. */
export interface ReserveAnswer extends StepAnswer {
  readonly outcome: "reserved" | "elsewhere" | "outOfStock" | "ended";
  readonly needsApproval: boolean;
}

/** Of what ends an order's fulfilment: how it has ended, and the event that says so, the same each time. */
export interface EndAnswer extends StepAnswer {
  readonly outcome: "shipped" | "failed";
  readonly event: EndEvent;
}

/** Of an approval's decision. `decided`: the other was decided before. */
export interface DecisionAnswer extends StepAnswer {
  readonly outcome: "approved" | "rejected" | "decided" | "ended" | "notAsked" | "unknown";
  /** Whether the workflow heard of it; else it waited no more. */
  readonly heard: boolean;
}

/** Of the question what has become of an order. */
export type OrderAnswer =
  | { readonly outcome: "unknown" }
  | ({ readonly outcome: "known" } & Pick<Fulfilment, "status" | "approval" | "execution">);

/** Of the question how long the oldest of the orders that wait for approval has waited: 0 where none does. */
export interface ApprovalAgeAnswer extends StepAnswer {
  readonly outcome: "measured";
  readonly milliseconds: number;
}

/** Others may change a record at the same time; each loses a race at most as often as there are changes of a record. */
const ATTEMPTS = 12;

/**
 * The steps of fulfilment. Each reads the order's record, and changes it together with what belongs to it, in one conditional write. So each
 * may be done again, at the same time as any other, and after its answer was lost; once an order is shipped or has failed, nothing is
 * reserved or charged for it any more.
 */
export class Steps {
  constructor(
    private readonly config: StepsConfig,
    private readonly signal: AbortSignal = new AbortController().signal,
  ) {}

  /** The same, that begin nothing more once a signal is aborted: what a later attempt has done is not undone by an earlier one. */
  within(signal: AbortSignal): Steps {
    return new Steps(this.config, signal);
  }

  /**
   * Takes the units from the stock, all or none. The first execution that comes to an order is the one that fulfils it, until one comes that is
   * named to take it over from that.
   */
  reserve(event: OrderEvent, execution: string): Promise<ReserveAnswer> {
    return this.attempt(event.subject, async (found): Promise<ReserveAnswer | undefined> => {
      if (found) {
        const { execution: its = execution, status, approval } = found;
        const needsApproval = approval !== "notNeeded";
        if (its !== execution && !takesOver(execution, its)) return { outcome: "elsewhere", needsApproval };
        if (its !== execution && (await this.write(found, { execution })) !== "written") return undefined;
        return { outcome: status === "open" ? "reserved" : "ended", needsApproval };
      }
      const begun = { ...newFulfilment(event, this.config.approvalAboveCents), execution };
      const needsApproval = begun.approval === "needed";
      const written = await this.write(begun, { stock: "reserved" }, { stock: "take" });
      if (written === "written") return { outcome: "reserved", needsApproval };
      if (written !== "outOfStock") return undefined;
      return (await this.fail(begun, "outOfStock")) ? { outcome: "outOfStock", needsApproval } : undefined;
    });
  }

  /** Puts the order among those that wait for approval. Its workflow is woken once it is decided, or at once where nothing is to be waited for. */
  async requestApproval({ subject }: OrderEvent, token: string): Promise<StepAnswer> {
    const answer = await this.attempt(subject, async (found) => {
      const fulfilment = known(found, subject);
      const { status, approval } = fulfilment;
      if (status !== "open") return { outcome: "ended" };
      if (approval !== "needed" && approval !== "asked") return { outcome: approval };
      const at = this.config.now().toISOString();
      // Who asks again has waited since the first time.
      const asked = { approval: "asked", askedAt: fulfilment.askedAt ?? at } as const;
      const written = await this.write(fulfilment, asked, { waits: true, approvalToken: token }, at);
      return written === "written" ? { outcome: "asked" } : undefined;
    });
    if (answer.outcome !== "asked") await this.config.callbacks.wake(token, this.signal);
    return answer;
  }

  /** Writes down an approval or its refusal, then wakes the workflow. */
  async answerApproval(orderId: string, decision: "approved" | "rejected"): Promise<DecisionAnswer> {
    const outcome = await this.attempt(
      orderId,
      async (found): Promise<DecisionAnswer["outcome"] | undefined> => {
        if (!found) return "unknown";
        if (found.status !== "open") return "ended";
        if (found.approval === decision) return decision;
        if (found.approval === "notNeeded" || found.approval === "needed") return "notAsked";
        if (found.approval !== "asked") return "decided";
        const written = await this.write(found, { approval: decision }, { waits: false });
        return written === "written" ? decision : undefined;
      },
    );
    return { outcome, heard: outcome === decision && (await this.wake(orderId)) };
  }

  /** What the wait has come to: what was not decided by now is given up. */
  concludeApproval({ subject }: OrderEvent): Promise<StepAnswer> {
    return this.attempt(subject, async (found) => {
      const fulfilment = known(found, subject);
      if (fulfilment.status !== "open") return { outcome: "ended" };
      if (fulfilment.approval === "approved" || fulfilment.approval === "notNeeded") {
        return { outcome: "approved" };
      }
      const reason = fulfilment.approval === "rejected" ? "rejected" : "approvalTimedOut";
      return (await this.fail(fulfilment, reason)) ? { outcome: reason } : undefined;
    });
  }

  /** Charges the total to the user's account, if the credit allows it. */
  charge({ subject }: OrderEvent): Promise<StepAnswer> {
    return this.attempt(subject, async (found) => {
      const fulfilment = known(found, subject);
      const { status, stock, charge, approval } = fulfilment;
      if (status !== "open") return { outcome: "ended" };
      if (charge === "charged") return { outcome: "charged" };
      if (stock !== "reserved") throw new Error("an order is charged before it is reserved");
      if (approval !== "approved" && approval !== "notNeeded") {
        throw new Error("an order is charged before it is approved");
      }
      // Whose token it was does not wait any more.
      const forget = approval === "approved" && { approvalToken: null };
      const written = await this.write(fulfilment, { charge: "charged" }, { ledger: "charge", ...forget });
      if (written === "written") return { outcome: "charged" };
      if (written !== "creditExceeded") return undefined;
      return (await this.fail(fulfilment, "paymentDeclined")) ? { outcome: "paymentDeclined" } : undefined;
    });
  }

  /** Makes the shipment. From then on the order is shipped. */
  ship({ subject }: OrderEvent): Promise<StepAnswer | EndAnswer> {
    return this.attempt(subject, async (found) => {
      const fulfilment = known(found, subject);
      if (fulfilment.status === "failed") return { outcome: "ended" };
      if (fulfilment.status === "shipped") return endAnswer(fulfilment);
      if (fulfilment.charge !== "charged") throw new Error("an order is shipped before it is charged");
      const shipmentId = this.config.newId(this.config.now());
      const shipped = this.ended(fulfilment, { status: "shipped", stock: "shipped", shipmentId });
      const written = await this.put({
        fulfilment: shipped,
        at: endOf(shipped),
        shipment: true,
      });
      return written === "written" ? endAnswer(shipped) : undefined;
    });
  }

  /**
   * Ends an order as failed, unless it has ended already: from then on nothing is done for it but to give back what it holds.
   *
   * @param execution that has the order, where none could reserve it: another can take it over from that. @default none is told
   */
  async giveUp(event: OrderEvent, reason: FailureReason, execution?: string): Promise<EndAnswer> {
    const answer = await this.attempt(event.subject, async (found) => {
      if (found && found.status !== "open") return endAnswer(found);
      const begun = () => ({
        ...newFulfilment(event, this.config.approvalAboveCents),
        ...(execution !== undefined && { execution }),
      });
      const failed = await this.fail(found ?? begun(), reason);
      return failed && endAnswer(failed);
    });
    // Whoever waits for its approval waits in vain: another execution may, whoever has ended the order.
    if (answer.outcome === "failed") await this.wake(event.subject);
    return answer;
  }

  /** Books back what was charged for an order that failed. */
  refund({ subject }: OrderEvent): Promise<StepAnswer> {
    return this.attempt(subject, async (found) => {
      const fulfilment = failed(found, subject);
      if (fulfilment.charge !== "charged") return { outcome: "nothingCharged" };
      const written = await this.write(fulfilment, { charge: "refunded" }, { ledger: "refund" });
      return written === "written" ? { outcome: "refunded" } : undefined;
    });
  }

  /** Puts back the units that an order holds that failed. */
  release({ subject }: OrderEvent): Promise<StepAnswer> {
    return this.attempt(subject, async (found) => {
      const fulfilment = failed(found, subject);
      if (fulfilment.stock !== "reserved") return { outcome: "nothingReserved" };
      const forget = fulfilment.approval !== "notNeeded" && { approvalToken: null };
      const written = await this.write(fulfilment, { stock: "released" }, { stock: "putBack", ...forget });
      return written === "written" ? { outcome: "released" } : undefined;
    });
  }

  /** The orders that wait for approval, a page of them. @param from `next` of the page before */
  async approvals(from?: string): Promise<StepAnswer & ApprovalsPage> {
    return { outcome: "listed", ...(await this.config.store.waitingApprovals(this.signal, from)) };
  }

  /** What has become of an order. */
  async order(orderId: string): Promise<OrderAnswer> {
    const found = await this.config.store.find(orderId, this.signal);
    if (!found) return { outcome: "unknown" };
    const { status, approval, execution } = found;
    return { outcome: "known", status, approval, ...(execution !== undefined && { execution }) };
  }

  /** How long the oldest of the orders that wait for approval has waited. */
  async approvalAge(): Promise<ApprovalAgeAnswer> {
    const { approvals } = await this.config.store.waitingApprovals(this.signal);
    const [oldest] = approvals;
    const now = this.config.now().getTime();
    return { outcome: "measured", milliseconds: oldest ? Math.max(0, now - Date.parse(oldest.askedAt)) : 0 };
  }

  private async attempt<Answer>(
    orderId: string,
    decide: (found: Fulfilment | undefined) => Promise<Answer | undefined>,
  ): Promise<Answer> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const answer = await decide(await this.config.store.find(orderId, this.signal));
      if (answer !== undefined) return answer;
    }
    throw new Error("others keep changing the order");
  }

  private write(
    fulfilment: Fulfilment,
    fields: Partial<Fulfilment>,
    change: Omit<Change, "fulfilment" | "at"> = {},
    at = this.config.now().toISOString(),
  ) {
    const changed = { ...fulfilment, ...fields, revision: fulfilment.revision + 1 };
    return this.put({ fulfilment: changed, at, ...change });
  }

  private put(change: Change) {
    return this.config.store.write(change, this.signal);
  }

  /** @returns the record as it was written; nothing when it was changed meanwhile */
  private async fail(fulfilment: Fulfilment, reason: FailureReason): Promise<Fulfilment | undefined> {
    const failed = this.ended(fulfilment, { status: "failed", reason });
    // Who waits for approval waits in vain from now on.
    const waits = fulfilment.approval === "asked" && { waits: false };
    const written = await this.put({ fulfilment: failed, at: endOf(failed), ...waits });
    return written === "written" ? failed : undefined;
  }

  private ended(fulfilment: Fulfilment, fields: Partial<Fulfilment>): Fulfilment {
    const at = this.config.now();
    const end = { endedAt: at.toISOString(), eventId: this.config.newId(at) };
    return { ...fulfilment, ...fields, ...end, revision: fulfilment.revision + 1 };
  }

  private async wake(orderId: string): Promise<boolean> {
    const token = await this.config.store.approvalToken(orderId, this.signal);
    return token !== undefined && this.config.callbacks.wake(token, this.signal);
  }
}

function endAnswer(fulfilment: Fulfilment): EndAnswer {
  return { outcome: fulfilment.status === "shipped" ? "shipped" : "failed", event: endEvent(fulfilment) };
}

function endOf({ endedAt = "" }: Fulfilment): string {
  return endedAt;
}

function known(found: Fulfilment | undefined, orderId: string): Fulfilment {
  if (found) return found;
  throw new Error(`order ${orderId} is not being fulfilled`);
}

function failed(found: Fulfilment | undefined, orderId: string): Fulfilment {
  const fulfilment = known(found, orderId);
  if (fulfilment.status === "failed") return fulfilment;
  throw new Error(`order ${orderId} is ${fulfilment.status}: what it holds is given back once it has failed`);
}
