/** Any order of steps, of workflows that run side by side, of faults before and after a write: the books balance. */
import fc from "fast-check";
import { cancelledEvent, ORDERS, placedEvent, stepsInMemory } from "./fixture";
import type { OrderEvent } from "./fulfilment";
import type { MemoryStore } from "./memory-store";
import type { EndAnswer, Steps } from "./steps";

/** More by hand: SAGA_RUNS=20000 npx jest functions/fulfilment/saga */
const RUNS = Number(process.env["SAGA_RUNS"] ?? 200);
const AVAILABLE = 6;
const [FIRST, SECOND] = ORDERS;
const THIRD = "01890a5d-ac96-774b-bcce-b302099a8059";

/** What befalls one call of the store: it goes through, is not done, or is done and its answer is lost. */
const fate = fc.constantFrom("through", "through", "through", "refused", "lost");
const workflow = fc.record({
  order: fc.constantFrom(FIRST, SECOND, THIRD),
  kind: fc.constantFrom("fulfil", "fulfil", "cancel", "approve", "reject"),
});
const sizes = fc.record({
  quantities: fc.tuple(...ORDERS.map(() => fc.integer({ min: 1, max: 4 })), fc.integer({ min: 1, max: 4 })),
  creditLimitCents: fc.integer({ min: 100, max: 1000 }),
  approvalAboveCents: fc.integer({ min: 0, max: 500 }),
});

class Fault extends Error {}

/** Every call of the store is a turn of the scheduler, and meets its fate. */
function troubled(store: MemoryStore, scheduler: fc.Scheduler, fates: readonly string[]): void {
  let calls = 0;
  for (const name of ["find", "write", "approvalToken"] as const) {
    const call = store[name].bind(store) as (argument: never) => Promise<unknown>;
    Object.assign(store, {
      [name]: async (argument: never) => {
        // Troubles end, or nothing would ever come to an end.
        const met = fates[calls++] ?? "through";
        await scheduler.schedule(Promise.resolve());
        if (met === "refused") throw new Fault();
        const result = await call(argument);
        if (met === "lost") throw new Fault();
        return result;
      },
    });
  }
}

/** As a task with retries does a step. @param attempts the last of which throws */
async function tried<Answer>(attempts: number, step: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof Fault) || attempt >= attempts) throw error;
    }
  }
}

/** As envs/fulfilment-workflow.ts leads from step to step. */
class Workflows {
  readonly ends: { readonly orderId: string; readonly text: string }[] = [];
  private executions = 0;

  constructor(
    private readonly steps: Steps,
    private readonly scheduler: fc.Scheduler,
  ) {}

  async fulfil(event: OrderEvent): Promise<void> {
    const end = await this.forward(event).catch((error: unknown) => {
      if (error instanceof Fault) return undefined;
      throw error;
    });
    if (end === "elsewhere") return;
    await this.giveBack(end ?? (await tried(99, () => this.steps.giveUp(event, "error"))), event);
  }

  async cancel(event: OrderEvent): Promise<void> {
    await this.giveBack(await tried(99, () => this.steps.giveUp(event, "cancelled")), event);
  }

  async answer(orderId: string, decision: "approved" | "rejected"): Promise<void> {
    await tried(99, () => this.steps.answerApproval(orderId, decision));
  }

  private async forward(event: OrderEvent): Promise<EndAnswer | "elsewhere" | undefined> {
    const execution = `execution-${++this.executions}`;
    const { outcome, needsApproval } = await tried(2, () => this.steps.reserve(event, execution));
    if (outcome === "elsewhere") return outcome;
    if (outcome !== "reserved") return undefined;
    if (needsApproval) {
      await tried(2, () => this.steps.requestApproval(event, execution));
      // For as long as it waits, others have their turns; then it has waited too long.
      for (let turn = 0; turn < 5; turn++) await this.scheduler.schedule(Promise.resolve());
      const approval = await tried(2, () => this.steps.concludeApproval(event));
      if (approval.outcome !== "approved") return undefined;
    }
    const charge = await tried(2, () => this.steps.charge(event));
    if (charge.outcome !== "charged") return undefined;
    const shipped = await tried(2, () => this.steps.ship(event));
    return "event" in shipped ? shipped : undefined;
  }

  private async giveBack(end: EndAnswer, event: OrderEvent): Promise<void> {
    if (end.outcome !== "shipped") {
      await tried(99, () => this.steps.refund(event));
      await tried(99, () => this.steps.release(event));
    }
    this.ends.push({ orderId: event.subject, text: JSON.stringify(end.event) });
  }
}

/** What must be true at any moment. */
function expectBalance({ available, records, owed, entries, shipments }: MemoryStore): void {
  const all = [...records.values()];
  const held = all.filter(({ stock }) => stock === "reserved" || stock === "shipped");
  const units = held.flatMap(({ items }) => items).reduce((sum, { quantity }) => sum + quantity, 0);
  expect((available.get("teapot") ?? 0) + units).toBe(AVAILABLE);
  expect(available.get("teapot")).toBeGreaterThanOrEqual(0);
  const charged = all.filter(({ charge }) => charge === "charged");
  const total = charged.reduce((sum, { totalCents }) => sum + totalCents, 0);
  expect(owed.get("user-1#EUR") ?? 0).toBe(total);
  expect([...entries.values()].reduce((sum, cents) => sum + cents, 0)).toBe(total);
  expect(shipments.size).toBe(all.filter(({ status }) => status === "shipped").length);
}

test("control 9: whatever comes twice, at once, in any order, or fails in between, stock and ledger balance, and each order ends once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(workflow, { minLength: 1, maxLength: 8 }),
      fc.array(fate, { maxLength: 40 }),
      sizes,
      async (scheduler, workflows, fates, { quantities, ...limits }) => {
        const { store, steps } = stepsInMemory({ available: AVAILABLE, ...limits });
        troubled(store, scheduler, fates);
        const write = store.write.bind(store);
        store.write = async (change) => {
          try {
            return await write(change);
          } finally {
            expectBalance(store);
          }
        };
        const runs = new Workflows(steps, scheduler);
        const orders = [...ORDERS, THIRD];
        const running = workflows.map(({ order, kind }) => {
          const placed = placedEvent(order, { quantity: quantities[orders.indexOf(order)] ?? 1 });
          if (kind === "fulfil") return runs.fulfil(placed);
          if (kind === "cancel") return runs.cancel(cancelledEvent(placed));
          return runs.answer(order, kind === "approve" ? "approved" : "rejected");
        });
        await scheduler.waitFor(Promise.all(running));

        expectBalance(store);
        for (const { orderId, status, stock, charge } of store.records.values()) {
          const failed = [
            ["failed", "none", "none"],
            ["failed", "released", "none"],
            ["failed", "released", "refunded"],
          ];
          expect([["shipped", "shipped", "charged"], ...failed]).toContainEqual([status, stock, charge]);
          const told = runs.ends.filter((end) => end.orderId === orderId);
          expect(new Set(told.map(({ text }) => text)).size).toBe(1);
        }
        expect(store.tokens.size).toBe(0);
      },
    ),
    { numRuns: RUNS },
  );
});
