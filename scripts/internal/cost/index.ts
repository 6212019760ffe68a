/**
 * What the resources of an environment cost in a month, by module: what is there by the hour or the month, and what is used, by the
 * traffic that the specification assumes. A pure function: nothing is read but the price files of scripts/internal/prices.
 *
 * ```ts
 * const stack = JSON.parse(readFileSync("cdktf.out/envs/prod/cdk.tf.json", "utf8"));
 * const { monthly, modules, unpriced } = monthlyCost(resourcesOfStack(stack), trafficOf(stack), regionOf(stack));
 *
 * const plan = JSON.parse(terraformShowJson);
 * const before = resourcesOfState(plan.prior_state.values, stack);
 * const after = resourcesOfPlan(plan.planned_values, stack);
 * ```
 *
 * What has no price, or a quantity that is known only once it runs, is in `unpriced` with the reason: it is never counted as nothing.
 *
 * @module
 */
export { type CostReport, monthlyCost } from "./monthly-cost";
export { regionOf, resourcesOfPlan, resourcesOfStack, resourcesOfState } from "./resources";
export type { SynthesisedTerraform } from "./stack";
export { type AssumedTraffic, trafficOf } from "./traffic";
