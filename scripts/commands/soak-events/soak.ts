import { setTimeout as wait } from "node:timers/promises";
import { runSteps, type StepReport } from "../../internal/steps";
import type { Surroundings } from "../bench-events/surroundings";
import { randomOf } from "../release-rehearsal/random";
import { type KnownOrder, violationsOf } from "./check";
import { placeOrders } from "./client";
import { projectorProgram } from "./projectors";
import { Relays } from "./relays";
import type { SoakReport } from "./report";
import { readShard, ShardReader } from "./shard-reader";
import { SHARDS, Shop } from "./shop";

/** What a soak does. */
export interface SoakConfig {
  readonly orders: number;
  /** Of what is killed when, and which orders are cancelled. */
  readonly seed: number;
  /** Between two kills of a relay, and of each projector, on average. @default 2000 */
  readonly killMilliseconds?: number;
  /** Between two requests of a client, on average. @default 20 */
  readonly pauseMilliseconds?: number;
  /** Shows no progress. @default false */
  readonly quiet?: boolean;
}

const CLIENTS = 8;
/** When nothing has arrived for so long, what is missing is taken for lost. */
const SILENCE_SECONDS = 120;

/**
 * Places orders while relays and projectors are killed, waits until all that was committed has been handled, and checks what the view has.
 * The seed gives the same kills and cancellations; what they meet is a matter of the machine.
 */
export async function soak(surroundings: Surroundings, config: SoakConfig): Promise<SoakReport> {
  const { seed, killMilliseconds = 2000, pauseMilliseconds = 20, quiet = false } = config;
  const orders = new Map<string, KnownOrder>();
  let report: SoakReport | undefined;
  const prepare = async () => {
    const shop = await Shop.start(surroundings);
    const relays = await Relays.start(surroundings, shop);
    const start = projectorProgram(surroundings, shop);
    const readers = SHARDS.map((shard, index) => {
      const random = randomOf(seed + 1 + index);
      return new ShardReader({ kinesis: shop.kinesis, shard, start, random, killMilliseconds });
    });
    surroundings.onEnd(() => Promise.all(readers.map((reader) => reader.stop())));
    return { shop, relays, readers };
  };
  let prepared: Awaited<ReturnType<typeof prepare>> | undefined;
  const run = async (step: StepReport) => {
    const { shop, relays, readers } = prepared as NonNullable<typeof prepared>;
    const startedAt = performance.now();
    const killing = new AbortController();
    const { signal } = killing;
    const kills = { random: randomOf(seed), meanMilliseconds: killMilliseconds, signal };
    const clients = Array.from({ length: CLIENTS }, (_, index) => {
      const share = Math.floor((config.orders + index) / CLIENTS);
      const principal = `user-${index + 1}`;
      const client = {
        store: shop.store,
        principal,
        random: randomOf(seed + 100 + index),
        pauseMilliseconds,
      };
      return placeOrders(client, share, (id, order) => orders.set(id, order));
    });
    const work = async () => {
      await Promise.all([Promise.all(clients), showOrders(step, orders, config.orders)]);
      await handled(shop, readers, step);
      killing.abort();
      await relays.stop();
      for (const reader of readers) reader.drain();
    };
    try {
      await Promise.all([work(), relays.killAtRandom(kills), ...readers.map((reader) => reader.run())]);
    } finally {
      killing.abort();
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const outbox = await shop.outbox();
    const stream = (await Promise.all(SHARDS.map((shard) => readShard(shop.kinesis, shard)))).flat();
    const sum = (count: (reader: ShardReader) => number) =>
      readers.reduce((total, reader) => total + count(reader), 0);
    report = {
      ...{ seed, orders: orders.size, events: outbox.length },
      cancelled: [...orders.values()].filter(({ status }) => status === "cancelled").length,
      relayKills: relays.kills,
      projectorKills: sum(({ kills }) => kills),
      publishedAgain: stream.length - new Set(stream.map(({ id }) => id)).size,
      deliveredAgain: sum(({ deliveredAgain }) => deliveredAgain),
      seconds,
      violations: violationsOf({ orders, outbox, stream, view: await shop.view() }),
    };
  };
  await runSteps(
    [
      {
        title: "Start the database, the emulator and the relays",
        run: async () => {
          prepared = await prepare();
        },
      },
      { title: `Place orders and kill (seed ${seed})`, run },
    ],
    quiet,
  );
  return report as unknown as SoakReport;
}

async function showOrders(
  step: StepReport,
  orders: ReadonlyMap<string, KnownOrder>,
  all: number,
): Promise<void> {
  for (; orders.size < all; await wait(200)) {
    step.count(orders.size, all, `${orders.size} of ${all} orders placed`);
  }
}

/** Waits until every event that was committed is published and handled, or nothing has arrived for long. */
async function handled(shop: Shop, readers: readonly ShardReader[], step: StepReport): Promise<void> {
  const all = (await shop.outbox()).length;
  let before = -1;
  for (let since = Date.now(); Date.now() - since < SILENCE_SECONDS * 1000; await wait(200)) {
    const done = readers.reduce((count, reader) => count + reader.handled.size, 0);
    step.count(done, all, `${done} of ${all} events handled`);
    if (done === all && (await shop.unpublished()) === 0) return;
    if (done !== before) since = Date.now();
    before = done;
  }
}
