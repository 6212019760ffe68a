import { bytes, number, percent, table } from "./format";
import type { ApplicationLoad, Result } from "./result";
import { describeCosts, describeVerdict } from "./show-costs";
import { OUTCOMES, type Outcome } from "./tally";

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  hit: "from the edge",
  collapsed: "waited for the same fetch",
  stale: "from the edge, asked anew behind it",
  refreshed: "expired at the edge, asked anew",
  miss: "not at the edge",
  passed: "not cached",
  edge: "redirected, refused or answered at the edge",
};

/** The result for a reader. */
export function describeResult(result: Result): string {
  const {
    environment,
    plan,
    clients,
    viewers,
    application,
    originShieldRequests,
    instance,
    costs,
    notIncluded,
  } = result;
  const shield = Object.values(originShieldRequests).reduce((sum, count) => sum + count, 0);
  return [
    `${environment}, ${plan}: ${number(clients)} clients, ${number(viewers.requests)} requests, ${bytes(viewers.bytes)}`,
    "",
    ...table([
      ["What viewers get", "requests", "bytes"],
      ...OUTCOMES.filter((outcome) => viewers.outcomes[outcome].requests > 0).map((outcome) => {
        const traffic = viewers.outcomes[outcome];
        return [OUTCOME_WORDS[outcome], number(traffic.requests), bytes(traffic.bytes)];
      }),
    ]),
    ...describeRatios(viewers),
    ...(shield > 0 ? [`Origin Shield takes ${number(shield)} requests as a layer more.`] : []),
    "",
    ...describeApplication(application),
    describeInstance(instance),
    "",
    ...describeCosts(costs),
    "",
    ...describeVerdict(costs, viewers),
    `Not in these figures: ${notIncluded.join("; ")}.`,
  ].join("\n");
}

function describeRatios({ edgeHitRatio, hitRatio, byteHitRatio }: Result["viewers"]): string[] {
  if (edgeHitRatio === undefined || hitRatio === undefined) return ["Nothing of it is cached."];
  return [
    `Hit ratio: ${percent(edgeHitRatio)} at the edge, ${percent(hitRatio)} over all layers, ${percent(byteHitRatio)} of the bytes.`,
  ];
}

function describeApplication({ before, after }: Result["application"]): string[] {
  const row = (title: string, value: (load: ApplicationLoad) => string) => [
    title,
    value(before),
    value(after),
  ];
  return table([
    ["What the application does", "without CloudFront", "behind it"],
    row("requests", (load) => number(load.requests)),
    row("bytes", (load) => bytes(load.bytes)),
    row("most requests in a second", (load) => number(load.peakRequestsPerSecond)),
    row("most Mbit in a second", (load) => number(Math.ceil(load.peakMegabitsPerSecond))),
    row(
      "instances at its busiest minute",
      ({ instances, limitedBy }) => `${number(instances)}, by ${limitedBy}`,
    ),
  ]);
}

function describeInstance(instance: Result["instance"]): string {
  const { instanceType, instanceRequestsPerSecond, instanceMegabitsPerSecond, targetUtilisation } = instance;
  return (
    `Each ${instanceType} is taken to do ${number(instanceRequestsPerSecond)} requests and ${number(instanceMegabitsPerSecond)} Mbit ` +
    `a second, at most to ${Math.round(targetUtilisation * 100)} %: the plan says so; measure the application.`
  );
}
