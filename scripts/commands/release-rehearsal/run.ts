import { readFileSync, writeFileSync } from "node:fs";
import type { Distribution } from "../../internal/cdn-model";
import { CommandError, EXIT } from "../../internal/cli";
import { loadPrices } from "../../internal/prices";
import { runSteps } from "../../internal/steps";
import { readDistribution, synthesiseDistribution } from "../../internal/synthesised-distribution";
import { checkEnvironmentName } from "../../internal/synthesised-stack";
import { chartOf } from "./chart";
import { checkGeographies, type Plan, parsePlan } from "./plan";
import { type Rehearsal, rehearse } from "./rehearse";
import { resultOf } from "./result";
import { describeResult } from "./show";

/** What the command is told besides environment and plan. */
export interface RunOptions {
  /** A synthesised stack. @default the environments are synthesised */
  readonly stack?: string;
  /** File that the chart is written to. @default none */
  readonly chart?: string;
  readonly freeTier: boolean;
  readonly json: boolean;
}

/**
 * Rehearses a release.
 *
 * @param root folder of the project
 * @returns what the command prints
 * @throws CommandError
 */
export async function run(
  root: string,
  environment: string,
  planFile: string,
  options: RunOptions,
): Promise<string> {
  checkEnvironmentName(environment);
  const plan = parsePlan(readPlan(planFile), planFile);
  const prices = loadPrices();
  let distribution: Distribution | undefined;
  let rehearsal: Rehearsal | undefined;
  await runSteps(
    [
      {
        title: `Read the distribution of ${environment}`,
        run: async () => {
          distribution =
            options.stack === undefined
              ? synthesiseDistribution(root, environment)
              : readDistribution(options.stack, environment);
          checkGeographies(plan, distribution, planFile);
        },
      },
      {
        title: `Rehearse ${plan.name}`,
        run: async ({ done }) => {
          rehearsal = rehearsed(plan, distribution as Distribution, planFile);
          done(`Rehearsed ${plan.name}: ${rehearsal.requests} requests`);
        },
      },
    ],
    options.json,
  );
  const [known, made] = [distribution, rehearsal] as [Distribution, Rehearsal];
  const result = resultOf(environment, made, known, { prices, freeTier: options.freeTier });
  if (options.chart !== undefined) {
    const { before, after } = made;
    writeChart(
      options.chart,
      chartOf({ title: `${environment}, ${plan.name}: load of the application`, before, after }),
    );
  }
  return options.json ? JSON.stringify(result, null, 2) : describeResult(result);
}

/** What does not go together is the plan's to mend. */
function rehearsed(plan: Plan, distribution: Distribution, place: string): Rehearsal {
  try {
    return rehearse(plan, distribution);
  } catch (error) {
    if (/^(files|viewers|clients|arrivals)\b/.test((error as Error).message)) {
      throw new CommandError(place, (error as Error).message, undefined, EXIT.usage);
    }
    throw error;
  }
}

function readPlan(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(
      file,
      `cannot be read: ${(error as Error).message}`,
      "--example prints a plan to begin with",
      EXIT.usage,
    );
  }
}

function writeChart(file: string, svg: string): void {
  try {
    writeFileSync(file, svg);
  } catch (error) {
    throw new CommandError("--chart", `cannot be written: ${(error as Error).message}`);
  }
}
