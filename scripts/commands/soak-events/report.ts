import type { Violation } from "./check";

/** What a soak came to. */
export interface SoakReport {
  readonly seed: number;
  readonly orders: number;
  /** Of the orders. */
  readonly cancelled: number;
  /** That were committed. */
  readonly events: number;
  readonly relayKills: number;
  readonly projectorKills: number;
  /** Records of the stream whose event it had before. */
  readonly publishedAgain: number;
  /** Records that the projector was given more than once. */
  readonly deliveredAgain: number;
  /** From the first order until the last event was handled. */
  readonly seconds: number;
  readonly violations: readonly Violation[];
}

/** Ids that are shown of each violation. */
const SHOWN = 10;

/** The report for people. */
export function reportText(report: SoakReport): string {
  const { seed, orders, cancelled, events, seconds, violations } = report;
  return [
    `seed ${seed}: ${orders} orders, ${cancelled} of them cancelled, ${events} events in ${seconds} s`,
    `killed: relays ${report.relayKills} times, projectors ${report.projectorKills} times`,
    `came again: ${report.publishedAgain} events in the stream, ${report.deliveredAgain} records to the projector`,
    ...(violations.length === 0 ? ["every order is in the view once, as it is; nothing else is there"] : []),
    ...violations.map(({ what, ids }) => `${what}: ${ids.length}: ${ids.slice(0, SHOWN).join(", ")}`),
  ].join("\n");
}
