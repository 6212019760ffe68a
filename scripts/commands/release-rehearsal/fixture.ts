import type { Distribution } from "../../internal/cdn-model";
import { behaviourOf, distributionOf, originOf, policyOf } from "../../internal/cdn-model/fixture";
import { type Plan, parsePlan } from "./plan";

/** A plan of one file for a thousand clients in Europe, as it is changed. */
export function planOf(changes: Readonly<Record<string, unknown>> = {}): Plan {
  const plan = {
    clients: 1000,
    durationHours: 1,
    arrivals: { kind: "flat" },
    viewers: [{ geography: "europe", share: 1, edgeLocations: 2, regionalCaches: ["eu-west-1"] }],
    files: [{ path: "/updates/v1.2.3.zip", bytes: 1_000_000, share: 1 }],
    origin: { region: "eu-west-1" },
    responseHeaderBytes: 0,
    ...changes,
  };
  return parsePlan(JSON.stringify(plan), "plan.json");
}

/** A distribution that keeps answers for so many seconds, with Origin Shield where a region is given. */
export function keptFor(
  seconds: number,
  shieldRegion?: string,
  changes: Partial<Distribution> = {},
): Distribution {
  const cachePolicy = policyOf({ defaultTtlSeconds: seconds, maximumTtlSeconds: Math.max(seconds, 1) });
  return distributionOf([behaviourOf({ cachePolicy })], {
    origins: { alb: originOf(shieldRegion === undefined ? {} : { shieldRegion }) },
    ...changes,
  });
}
