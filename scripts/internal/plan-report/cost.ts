import { monthlyCost, regionOf, resourcesOfPlan, resourcesOfState, trafficOf } from "../cost";
import type { PlannedChange, TerraformPlan } from "../plan";
import type { CostChange } from "./report";

/** What costs are worked out from. */
export type PricedStack = Parameters<typeof trafficOf>[0];

/**
 * What a month costs before and after a plan, by the traffic that the specification assumes.
 *
 * @returns null where the plan does not hold the state, or the stack has no region
 */
export function costChange(
  plan: TerraformPlan,
  stack: PricedStack,
  changes: readonly PlannedChange[],
): CostChange | null {
  const after = plan.planned_values;
  if (after?.root_module === undefined || !stack.provider?.aws?.some(({ region }) => region !== undefined))
    return null;
  const [region, traffic] = [regionOf(stack), trafficOf(stack)];
  const now = monthlyCost(resourcesOfState(plan.prior_state?.values ?? {}, stack), traffic, region);
  const then = monthlyCost(resourcesOfPlan(after, stack), traffic, region);
  // What is only changed is as unknown before as after.
  const changed = new Set(
    changes.filter(({ action }) => action === "create" || action === "delete").map(({ address }) => address),
  );
  const unpriced = [...now.unpriced, ...then.unpriced]
    .filter(({ addresses }) => addresses.some((address) => changed.has(address)))
    .map(({ type }) => type);
  return { before: now.monthly, after: then.monthly, unpriced: [...new Set(unpriced)].sort() };
}
