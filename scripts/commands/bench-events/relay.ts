import { waitUntil } from "../../internal/wait-until";
import { cpuMicrosecondsOf } from "../bench-services/measure";
import { newEventText } from "./orders";
import type { PlainRelayEvent } from "./plain/relay";
import type { Run, Throughput } from "./report";
import { BUS, type Shop } from "./shop";
import type { Surroundings } from "./surroundings";

const WORK = "publish events";
const PLAIN_STREAM = "plain-relay-events";
const CLIENTS = 10;
const SECONDS = 120;

/**
 * Measures how many events one relay publishes, from a full outbox to the stream and the bus, in turn with bare puts of the same bytes.
 *
 * @param events of each run
 */
export async function measureRelay(
  surroundings: Surroundings,
  shop: Shop,
  { rounds, events }: { readonly rounds: number; readonly events: number },
): Promise<Throughput[]> {
  const plain = await surroundings.startPlain("relay", { AWS_ENDPOINT_URL: shop.endpoint });
  await shop.streams.create(PLAIN_STREAM);
  await placeAll(shop, events);
  const put = (count: number, bus?: string) => async (): Promise<Run> => {
    const event: PlainRelayEvent = {
      ...{ stream: PLAIN_STREAM, events: Array.from({ length: count }, newEventText) },
      ...(bus !== undefined && { bus }),
    };
    const { milliseconds, cpuMicroseconds } = await plain.invoke([event]);
    return { count, milliseconds, cpuMicroseconds };
  };
  const subjects = [
    { work: WORK, subject: "bare: put into the stream and the bus", run: put(events, BUS) },
    { work: WORK, subject: "bare: put into the stream alone", run: put(events) },
    { work: WORK, subject: "relay", run: () => publishAgain(shop) },
  ].map((subject) => ({ ...subject, runs: [] as Run[] }));
  // One of each in turn; the first round warms them up.
  for (let round = 0; round <= rounds; round++) {
    for (const { run, runs } of subjects) {
      const measured = await run();
      if (round > 0) runs.push(measured);
    }
  }
  return subjects;
}

async function placeAll(shop: Shop, count: number): Promise<void> {
  let left = count;
  const client = async () => {
    while (left-- > 0) await shop.place();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  await published(shop, count, 0);
}

/** By the relay's own lines, from the end of its first batch to that of its last: so its looks at an empty outbox are not counted. */
async function publishAgain(shop: Shop): Promise<Run> {
  const { lines, child } = shop.relay;
  const from = lines.length;
  const cpuBefore = cpuMicrosecondsOf(child.pid ?? 0);
  const all = await shop.publishAgain();
  await published(shop, all, from);
  const cpuAfter = cpuMicrosecondsOf(child.pid ?? 0);
  const batches = lines.slice(from).flatMap(({ message, events, timestamp }) => {
    return message === "batch published"
      ? [{ events: Number(events), at: Date.parse(String(timestamp)) }]
      : [];
  });
  const [first, last] = [batches[0], batches.at(-1)];
  if (!first || !last || first === last)
    throw new Error("the relay published all in one batch: take more events");
  const cpu = cpuBefore !== undefined && cpuAfter !== undefined ? cpuAfter - cpuBefore : undefined;
  const count = all - first.events;
  return {
    ...{ count, milliseconds: last.at - first.at },
    // The CPU time is that of all events.
    ...(cpu !== undefined && { cpuMicroseconds: (cpu / all) * count }),
  };
}

/** Waits until the relay has told of so many events. @param from line that is the first to count */
async function published(shop: Shop, count: number, from: number): Promise<void> {
  let done = 0;
  let next = from;
  const isDone = () => {
    for (const { message, events } of shop.relay.lines.slice(next)) {
      if (message === "batch published") done += Number(events);
      next++;
    }
    return done >= count;
  };
  if (await waitUntil(isDone, SECONDS)) return;
  throw new Error(`the relay published ${done} of ${count} events within ${SECONDS} s`);
}
