/**
 * The rebuild against the emulator: its archive, its replays, its queue and its table, and the projector itself.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { eventsOf } from "../../../functions/order-history/fixture";
import { newUuidV7 } from "../../../runtime";
import { startTemporaryEmulator, type TemporaryEmulator } from "../../internal/temporary-emulator";
import { TestHistory } from "./fixture";
import type { Patience, RebuildPlan, RebuildResult } from "./request";
import { type RebuildOptions, rebuildAt } from "./run";

jest.setTimeout(120_000);

let emulator: TemporaryEmulator;
const before = { ...process.env };
let endpoint: string;
let history: TestHistory;
let histories = 0;

beforeAll(async () => {
  emulator = await startTemporaryEmulator("rebuild-view");
  Object.assign(process.env, emulator.variables);
  endpoint = emulator.endpoint;
}, 300_000);

afterAll(async () => {
  process.env = before;
  await emulator?.stop();
});

beforeEach(async () => {
  histories += 1;
  history = await TestHistory.start(`history-${histories}`, endpoint);
});
afterEach(() => history.stop());

function rebuild(options: Partial<RebuildOptions> = {}, change: Partial<Patience> = {}) {
  const given = { abort: false, dryRun: false, lacking: "refuse", keepDays: 7, ...options } as const;
  const patience = {
    ...{ now: Date.now, sleep, deadline: Date.now() + 60_000 },
    // The emulator's archive takes whole seconds.
    ...{ settleMilliseconds: 1100, quietMilliseconds: 300, forgetMilliseconds: 0, pollMilliseconds: 20 },
    ...change,
  };
  return rebuildAt("envs/test", history.targets, given, patience, true);
}

/** Begins a rebuild and stops it, as its time is up, when what is replayed waits in the queue. */
async function stopAtQueue(): Promise<{ readonly stopped: unknown }> {
  history.takesReplays = false;
  let late = 0;
  const stopped = rebuild({}, { now: () => Date.now() + late }).catch((error: unknown) => error);
  while (((await rebuild({ dryRun: true })) as RebuildPlan).waiting === 0) await sleep(20);
  late = 120_000;
  return { stopped: await stopped };
}

const newOrder = (user: string) => eventsOf(newUuidV7(Date.now(), randomBytes(10)), user);

test("a view that has lost events is built anew while orders go on, and nobody else hears of what is replayed", async () => {
  const orders = Array.from({ length: 12 }, (_, index) => newOrder(`user-${index % 3}`));
  for (const [index, { placed, shipped, cancelled }] of orders.entries()) {
    await history.happen(placed, { lost: index === 0 });
    if (index % 2 === 0) await history.happen(shipped, { lost: index === 2 });
    if (index % 3 === 0) await history.happen(cancelled, { lost: index === 0 });
  }
  let happened = 12 + 6 + 4;
  const rebuilding = rebuild();
  let ended = false;
  const end = () => {
    ended = true;
  };
  rebuilding.then(end, end);
  while (!ended) {
    await history.happen(newOrder("user-1").placed);
    happened += 1;
    await sleep(50);
  }
  const result = await rebuilding;
  expect(result).toMatchObject({
    ...{ environment: "envs/test", action: "rebuilt", serving: 2, left: 1, failed: 0 },
    replay: expect.stringMatching(/^history-\d+-2-[a-z0-9]+$/),
    comparison: { ahead: 2, behind: 0, missing: 0 },
  });
  // What was lost has come back: the order whose every event was but one, and the shipment of another.
  const [lost, halfLost] = [orders[0]?.placed.subject, orders[2]?.placed.subject];
  const [old, built] = [await history.rows(1), await history.rows(2)];
  expect(Object.keys(built)).toHaveLength(happened - 6 - 4);
  expect(old[`user-0/${lost}`]).not.toHaveProperty("order");
  expect(built[`user-0/${lost}`]).toMatchObject({ orderSequence: 2, fulfilmentSequence: 2 });
  expect(old[`user-2/${halfLost}`]).not.toHaveProperty("fulfilment");
  expect(built[`user-2/${halfLost}`]).toMatchObject({ orderSequence: 1, fulfilmentSequence: 2 });
  // The old one ends in a week, the new one never.
  const ends = await history.ends(1);
  expect(ends.length).toBeGreaterThanOrEqual(orders.length);
  expect(new Date(Number(ends[0]) * 1000).toISOString()).toBe((result as RebuildResult).ends);
  expect(await history.ends(2)).toEqual([]);
  expect(await history.heardByOthers()).toBe(happened);
});

test("one that was stopped goes on where it was", async () => {
  await history.happen(newOrder("user-1").placed);
  const { stopped } = await stopAtQueue();
  expect(stopped).toMatchObject({
    message:
      "envs/test: the rebuild is not at its end by --timeout; the same command goes on; --abort gives it up",
    exitCode: 5,
  });
  const plan = await rebuild({ dryRun: true });
  expect(plan).toMatchObject({ action: "would-go-on", serving: 1, generation: 2, waiting: 1 });
  history.takesReplays = true;
  const result = await rebuild();
  expect(result).toMatchObject({ action: "rebuilt", serving: 2, comparison: { same: 1 } });
  expect((result as RebuildResult).replay).toBe((plan as RebuildPlan).replay);
});

test("orders that the archive has not are not left behind unless that is asked for, and can be carried over", async () => {
  const old = newUuidV7(Date.parse("2020-01-01"), randomBytes(10));
  await history.put(1, "user-1", old);
  await history.happen(newOrder("user-1").placed);
  await expect(rebuild()).rejects.toThrow(
    `envs/test: of 2 orders generation 2 lacks 1 and has 0 not as far (${old}); 1 of these were placed before the archive ` +
      "begins, 0 replayed events are in the dead-letter queue; nothing was switched; mend what failed and run this again, or say by " +
      "--lacking what becomes of them, or --abort",
  );
  expect(await rebuild({ lacking: "carry-over" })).toMatchObject({
    ...{ serving: 2, carriedOver: 1 },
    comparison: { serving: 2, built: 2, same: 2, missing: 0 },
  });
  expect(await history.rows(2)).toEqual(await history.rows(1));
  // Built once more, without it.
  expect(await rebuild({ lacking: "leave-out" })).toMatchObject({ serving: 3, comparison: { missing: 1 } });
  expect(Object.keys(await history.rows(3))).toHaveLength(1);
});

test("one that is given up leaves everything as it was, and its number is not used again", async () => {
  await history.happen(newOrder("user-1").placed);
  const expected = await history.rows(1);
  expect((await stopAtQueue()).stopped).toMatchObject({ exitCode: 5 });
  const slept: number[] = [];
  const abortion = rebuild(
    { abort: true },
    { forgetMilliseconds: 7, sleep: async (milliseconds) => slept.push(milliseconds) },
  );
  expect(await abortion).toMatchObject({ action: "aborted", serving: 1, left: 2 });
  // Until no process writes to it any more.
  expect(slept).toContain(7);
  await expect(rebuild({ abort: true })).rejects.toThrow(
    "envs/test: builds no generation; there is nothing to abort",
  );
  // What it had replayed is left out.
  history.takesReplays = true;
  while (((await rebuild({ dryRun: true })) as RebuildPlan).waiting > 0) await sleep(20);
  expect(await history.rows(2)).toEqual({});
  expect(await history.rows(1)).toEqual(expected);
  expect(await history.ends(1)).toEqual([]);
  expect(await rebuild()).toMatchObject({ serving: 3, left: 1 });
});

test("one that was stopped behind the switch only lets the old generation end", async () => {
  await history.happen(newOrder("user-1").placed);
  const stopped = async () => {
    throw new Error("stopped");
  };
  // The last step alone waits for so long.
  const sleepAgain = (milliseconds: number) => (milliseconds === 999 ? stopped() : sleep(milliseconds));
  await expect(rebuild({}, { forgetMilliseconds: 999, sleep: sleepAgain })).rejects.toThrow("stopped");
  expect(await rebuild({ dryRun: true })).toMatchObject({ action: "would-end", serving: 2, generation: 1 });
  expect(await rebuild({ keepDays: 1 })).toMatchObject({ action: "ended", serving: 2, left: 1 });
  expect(await history.ends(1)).toHaveLength(1);
});

test("a dry run changes nothing", async () => {
  await history.happen(newOrder("user-1").placed);
  const plan = await rebuild({ dryRun: true });
  expect(plan).toEqual({
    ...{ environment: "envs/test", action: "would-begin", serving: 1, generation: 2 },
    ...{ replay: null, replayState: null, waiting: 0, failed: 0 },
    archive: { events: 1, since: expect.stringMatching(/^20.*Z$/), retentionDays: 30 },
  });
  expect(await rebuild({ dryRun: true })).toEqual(plan);
});
