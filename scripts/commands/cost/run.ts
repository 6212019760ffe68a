import { CommandError, EXIT } from "../../internal/cli";
import type { SynthesisedTerraform } from "../../internal/cost";
import { monthlyCost, regionOf, resourcesOfStack, trafficOf } from "../../internal/cost";
import { readJson } from "../../internal/json-file";
import { synthesiseStacks } from "../../internal/synthesised-stack";
import { describeCosts, type EnvironmentCost, markdownOf } from "./show";

/** What the command is told besides environments. */
export interface RunOptions {
  readonly format: "text" | "markdown";
  /** Shows what each resource is charged for. */
  readonly lines: boolean;
  readonly freeTier: boolean;
  /** A synthesised stack, of the only environment. @default the environments are synthesised */
  readonly stack?: string;
  readonly json: boolean;
}

/**
 * Works out what environments cost.
 *
 * @param root folder of the project
 * @returns what the command prints
 * @throws CommandError
 */
export function run(root: string, environments: readonly string[], options: RunOptions): string {
  const stacks =
    options.stack === undefined
      ? synthesiseStacks<SynthesisedTerraform>(root, environments)
      : [readStack(options.stack, environments)];
  const costs = stacks.map((stack, index) => costOf(environments[index] as string, stack, options));
  if (options.json) return JSON.stringify({ version: 1, environments: costs.map(rounded) }, null, 2);
  const show = options.format === "markdown" ? markdownOf : describeCosts;
  return costs.map((cost) => show(cost, options)).join("\n\n");
}

function readStack(file: string, environments: readonly string[]): SynthesisedTerraform {
  if (environments.length > 1) {
    throw new CommandError("--stack", "is of one environment", "name one alone", EXIT.usage);
  }
  const stack = readJson<SynthesisedTerraform>(file);
  if (stack === undefined) throw new CommandError(file, "there is no such file");
  return stack;
}

function costOf(environment: string, stack: SynthesisedTerraform, { freeTier }: RunOptions): EnvironmentCost {
  try {
    const cost = monthlyCost(resourcesOfStack(stack), trafficOf(stack), regionOf(stack), { freeTier });
    return { environment, ...cost };
  } catch (error) {
    throw new CommandError(environment, (error as Error).message);
  }
}

/** Amounts to the ten-thousandth: what is behind it is how binary fractions are. */
function rounded({ modules, ...cost }: EnvironmentCost): EnvironmentCost {
  const round = (amount: number) => Math.round(amount * 1e4) / 1e4;
  return {
    ...cost,
    monthly: round(cost.monthly),
    fixed: round(cost.fixed),
    modules: modules.map(({ lines, ...module }) => ({
      ...module,
      monthly: round(module.monthly),
      fixed: round(module.fixed),
      lines: lines.map((line) => ({ ...line, monthly: round(line.monthly) })),
    })),
  };
}
