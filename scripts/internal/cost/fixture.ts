import type { CostReport } from "./monthly-cost";
import type { PricedResource } from "./resources";
import type { AssumedTraffic } from "./traffic";

/** A resource in module `part`, unless its path says otherwise. */
export function resourceOf(
  type: string,
  values: PricedResource["values"] = {},
  { name = "it", path = `part/${name}` }: { readonly name?: string; readonly path?: string } = {},
): PricedResource {
  return { address: `${type}.${name}`, type, path, values };
}

/** Traffic of module `part` alone. */
export function trafficOfPart(part: AssumedTraffic["parts"][string] = {}): AssumedTraffic {
  return { parts: { part }, viewersIn: "europe" };
}

/** Amounts by what they are for, rounded to a ten-thousandth. */
export function amountsOf({ modules }: CostReport): Record<string, number> {
  const lines = modules.flatMap((module) => module.lines);
  return Object.fromEntries(lines.map(({ what, monthly }) => [what, Math.round(monthly * 1e4) / 1e4]));
}
