import type { DeployReport } from "./run";

/** What was deployed, as a person reads it. */
export function show({ environment, outputs, used }: DeployReport): string {
  if (outputs === undefined) return `The plan of ${environment} can be applied.`;
  const lines = Object.entries(outputs).map(([name, { sensitive, value }]) => {
    const shown = typeof value === "string" ? value : JSON.stringify(value);
    return `${name} = ${sensitive ? "(sensitive)" : shown}`;
  });
  const advice = used.map(
    (path) => `${path} was lost as acknowledged: take that back from ${environment}.ts.`,
  );
  return [...lines, ...(advice.length > 0 ? ["", ...advice] : [])].join("\n");
}
