import type { CostKind, CostLine } from "./cost-lines";
import { bytes, money, number, table } from "./format";
import type { Bill, Costs, Result } from "./result";

/** A month's costs, line by line. */
export function describeCosts({ currency, releasesPerMonth, freeTier, before, after }: Costs): string[] {
  const releases = `${releasesPerMonth} ${releasesPerMonth === 1 ? "release" : "releases"} a month`;
  const free = freeTier
    ? "what is free each month is taken off"
    : "what is free each month is not taken off (--free-tier)";
  return [
    `Costs of ${releases} in ${currency}; ${free}.`,
    ...table([
      ["Without CloudFront", "quantity", "", "a month", "price of"],
      ...before.lines.map(rowOf),
      totalRow(before),
      ["", "", "", "", ""],
      ["With CloudFront", "quantity", "", "a month", "price of"],
      ...after.lines.map(rowOf),
      totalRow(after),
    ]),
    ...[...before.lines, ...after.lines].flatMap(({ what, unknown }) =>
      unknown === undefined ? [] : [`Unknown: ${what}: ${unknown}.`],
    ),
  ];
}

function rowOf({ what, quantity, unit, amount, date }: CostLine): string[] {
  const counted =
    quantity >= 100 || Number.isInteger(quantity) ? number(Math.round(quantity)) : quantity.toPrecision(3);
  return [`  ${what}`, counted, unit, amount === undefined ? "unknown" : money(amount), date ?? ""];
}

function totalRow({ total, isComplete }: Bill): string[] {
  return [isComplete ? "  in all" : "  in all, of what is known", "", "", money(total), ""];
}

const KIND_WORDS: Readonly<Record<CostKind, string>> = {
  transfer: "data transfer",
  requests: "requests, functions, firewall and what else is charged by piece",
  "load balancer": "load balancer",
  instances: "instances",
};

/** Which is cheaper, why, and where that turns. */
export function describeVerdict(costs: Costs, viewers: Result["viewers"]): string[] {
  const { difference, differences, breakEven } = costs.verdict;
  const parts = differences
    .filter(({ amount }) => Math.abs(amount) >= 0.005)
    .map(
      ({ kind, amount }) =>
        `  ${KIND_WORDS[kind]}: ${amount > 0 ? `${money(amount)} more` : `${money(-amount)} less`}`,
    );
  if (difference === undefined)
    return ["Which is cheaper cannot be told, as not all prices are known. What is known:", ...parts];
  const mean = viewers.requests === 0 ? 0 : viewers.bytes / viewers.requests;
  const words = difference > 0 ? "COSTS MORE" : "costs less";
  return [
    `With CloudFront it ${words}: ${money(Math.abs(difference))} a month.`,
    ...parts,
    ...describeReasons(costs, viewers),
    breakEven === undefined
      ? "  No size of the files, all else the same, makes both cost the same."
      : `  Both cost the same where an answer has ${bytes(breakEven.bytesPerRequest)} on average; CloudFront is cheaper for ${breakEven.cheaperWhen} ones. Here it is ${bytes(mean)}.`,
  ];
}

/** What makes CloudFront dearer, whatever else it saves. */
function describeReasons({ releasesPerMonth, before, after }: Costs, viewers: Result["viewers"]): string[] {
  const perGigabyte = ({ amount = 0, quantity }: CostLine) => (quantity === 0 ? 0 : amount / quantity);
  const transfer = (lines: readonly CostLine[]) => lines.filter(({ kind }) => kind === "transfer");
  const direct = Math.max(0, ...transfer(before.lines).map(perGigabyte));
  const dearer = transfer(after.lines).filter((line) => perGigabyte(line) > direct);
  const pieces = after.lines.reduce(
    (sum, { kind, amount = 0 }) => sum + (kind === "requests" ? amount : 0),
    0,
  );
  const requests = viewers.requests * releasesPerMonth;
  return [
    ...(dearer.length === 0
      ? []
      : [
          `  A GB costs ${direct.toFixed(3)} without CloudFront, with it ${dearer.map((line) => `${perGigabyte(line).toFixed(3)} from ${line.region}`).join(", ")}.`,
        ]),
    ...(requests === 0
      ? []
      : [`  A million requests cost ${money((pieces * 1e6) / requests)}, whatever their size.`]),
  ];
}
