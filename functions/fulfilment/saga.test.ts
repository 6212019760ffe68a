/** The workflows as they are defined, side by side in any order, with faults before and after each call: the books balance. */
import fc from "fast-check";
import { Executions, StepError } from "../../envs/fulfilment-emulator/executions";
import { cancellationWorkflow, fulfilmentWorkflow } from "../../envs/fulfilment-workflow";
import { cancelledEvent, ORDERS, placedEvent } from "./fixture";
import type { OrderEvent } from "./fulfilment";
import { InvalidInput, readInput } from "./input";
import { MemoryStore } from "./memory-store";
import { Steps } from "./steps";

/** More by hand: SAGA_RUNS=20000 npx jest functions/fulfilment/saga */
const RUNS = Number(process.env["SAGA_RUNS"] ?? 200);
/** Calls that trouble may befall. A step that must not be given up has more attempts: no execution fails. */
const TROUBLES = 30;
const AVAILABLE = 6;
const [FIRST, SECOND] = ORDERS;
const THIRD = "01890a5d-ac96-774b-bcce-b302099a8059";

const CALLS = { functionArn: "fulfilment", busArn: "shop", approvalSeconds: 60 };
const FULFILMENT = fulfilmentWorkflow(CALLS);
const CANCELLATION = cancellationWorkflow(CALLS);

/** What befalls one call: it goes through, is not done, or is done and its answer is lost. */
const fate = fc.constantFrom("through", "through", "through", "refused", "lost");
/** Trouble lasts: a long one takes all attempts of a step that may be given up. */
const fates = fc
  .array(fc.tuple(fate, fc.integer({ min: 1, max: 12 })), { maxLength: 12 })
  .map((spells) =>
    spells.flatMap(([befalls, times]) => Array<string>(times).fill(befalls)).slice(0, TROUBLES),
  );
const workflow = fc.record({
  order: fc.constantFrom(FIRST, SECOND, THIRD),
  kind: fc.constantFrom("fulfil", "fulfil", "cancel", "approve", "reject"),
});
const sizes = fc.record({
  quantities: fc.tuple(...ORDERS.map(() => fc.integer({ min: 1, max: 4 })), fc.integer({ min: 1, max: 4 })),
  creditLimitCents: fc.integer({ min: 100, max: 1000 }),
  approvalAboveCents: fc.integer({ min: 0, max: 500 }),
  patience: fc.integer({ min: 1, max: 60 }),
});

/** The workflows, the function's steps and its store, all in memory. */
class Shop {
  readonly store: MemoryStore;
  /** What was put on the bus. */
  readonly told: { readonly orderId: unknown; readonly text: string }[] = [];
  readonly executions: Executions;
  private readonly steps: Steps;
  private calls = 0;
  private made = 0;

  constructor(
    private readonly turn: () => Promise<unknown> = async () => {},
    private readonly fates: readonly string[] = [],
    { creditLimitCents = 1000, approvalAboveCents = 1000, patience = 1 } = {},
  ) {
    this.store = new MemoryStore(new Map([["teapot", AVAILABLE]]), creditLimitCents);
    for (const name of ["find", "write", "approvalToken"] as const) {
      const call = this.store[name].bind(this.store) as (argument: never) => Promise<unknown>;
      Object.assign(this.store, { [name]: (argument: never) => this.met(() => call(argument)) });
    }
    this.steps = new Steps({
      store: this.store,
      callbacks: { wake: (token) => this.met(async () => this.executions.wake(token)) },
      approvalAboveCents,
      now: () => new Date(Date.parse("2026-01-01T00:00:00.000Z") + 1000 * this.made++),
      newId: () => `01890a5d-ac96-774b-bcce-${String(this.made++).padStart(12, "0")}`,
    });
    this.executions = new Executions({
      ...{ turn, patience },
      call: (payload) => this.step(payload),
      put: (event) =>
        this.met(async () => {
          this.told.push({ orderId: event["subject"], text: JSON.stringify(event) });
        }),
    });
  }

  fulfil(placed: OrderEvent): Promise<void> {
    return this.executions.execute(FULFILMENT, { ...placed });
  }

  async cancel(cancelled: OrderEvent): Promise<void> {
    await this.executions.execute(CANCELLATION, { ...cancelled });
    const { subject } = cancelled;
    expect(this.executions.waiting()).not.toContainEqual(expect.objectContaining({ subject }));
  }

  /** Somebody decides, again until it is done. */
  async decide(orderId: string, decision: "approved" | "rejected"): Promise<void> {
    for (let attempt = 0; attempt <= TROUBLES; attempt++) {
      try {
        await this.steps.answerApproval(orderId, decision);
        return;
      } catch (error) {
        if (!(error instanceof StepError)) throw error;
      }
    }
  }

  private async step(payload: object): Promise<unknown> {
    const input = readStep(payload);
    switch (input.step) {
      case "reserve":
        return this.steps.reserve(input.event, input.execution);
      case "requestApproval":
        return this.steps.requestApproval(input.event, input.token);
      case "giveUp":
        return this.steps.giveUp(input.event, input.reason, input.execution);
      case "charge":
      case "concludeApproval":
      case "refund":
      case "release":
      case "ship":
        return this.steps[input.step](input.event);
      default:
        throw new Error(`${input.step} is no step of a workflow`);
    }
  }

  /** Every call is a turn, and meets its fate. Trouble ends, or nothing would ever come to an end. */
  private async met<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const met = this.fates[this.calls++] ?? "through";
    await this.turn();
    if (met === "refused") throw new StepError("Error");
    const answer = await call();
    if (met === "lost") throw new StepError("Error");
    return answer;
  }
}

/** As the handler does: a workflow knows the error by its name. */
function readStep(payload: object) {
  try {
    return readInput(payload, "steps");
  } catch (error) {
    throw error instanceof InvalidInput ? new StepError(error.name) : error;
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
      fates,
      sizes,
      async (scheduler, workflows, befalling, { quantities, ...limits }) => {
        const shop = new Shop(() => scheduler.schedule(Promise.resolve()), befalling, limits);
        const { store } = shop;
        const write = store.write.bind(store);
        store.write = async (change) => {
          try {
            return await write(change);
          } finally {
            expectBalance(store);
          }
        };
        const orders = [...ORDERS, THIRD];
        const running = workflows.map(({ order, kind }) => {
          const placed = placedEvent(order, { quantity: quantities[orders.indexOf(order)] ?? 1 });
          if (kind === "fulfil") return shop.fulfil(placed);
          if (kind === "cancel") return shop.cancel(cancelledEvent(placed));
          return shop.decide(order, kind === "approve" ? "approved" : "rejected");
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
          const told = shop.told.filter((end) => end.orderId === orderId);
          expect(new Set(told.map(({ text }) => text)).size).toBe(1);
        }
        expect(store.tokens.size).toBe(0);
      },
    ),
    { numRuns: RUNS },
  );
});

test.each([
  ["placed", (shop: Shop, event: OrderEvent) => shop.fulfil(event), ["Reserve", "GiveUp"]],
  ["cancelled", (shop: Shop, event: OrderEvent) => shop.cancel(event), ["GiveUp"]],
] as const)(
  "an event that an order was %s, and that the function refuses, fails the execution at once",
  async (_name, run, attempts) => {
    const shop = new Shop();
    await expect(run(shop, { ...placedEvent(), subject: "" })).rejects.toThrow(new StepError("InvalidInput"));
    expect(shop.executions.attempts).toEqual(attempts);
  },
);
