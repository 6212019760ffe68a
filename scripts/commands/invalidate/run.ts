import { join } from "node:path";
import { runSteps, type Step } from "../../internal/steps";
import { localDirectory } from "../local/directory";
import { openCloudFront } from "./client";
import { invalidate, type MadeInvalidation } from "./invalidate";
import { cdktfOf, findDistribution } from "./outputs";
import type { Plan } from "./plan";
import { CLOCK } from "./retry";

/** How to run a plan. */
export interface RunOptions {
  /** Id of the distribution. @default the environment's output */
  readonly distribution?: string;
  /** Goes on until every invalidation is completed. */
  readonly wait: boolean;
  /** Seconds to go on in all. */
  readonly timeout: number;
  /** Shows no steps. */
  readonly json: boolean;
}

/**
 * Finds the distribution and invalidates what is planned, step by step for the user to see.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 */
export async function runPlan(
  root: string,
  environment: string,
  { paths, reference }: Plan,
  { distribution, wait, timeout, json }: RunOptions,
): Promise<{ distributionId: string; invalidations: MadeInvalidation[] }> {
  const deadline = CLOCK.now() + timeout * 1000;
  const cutOff = AbortSignal.timeout(timeout * 1000);
  let distributionId = distribution ?? "";
  let invalidations: MadeInvalidation[] = [];
  const find: Step = {
    title: `Find the distribution of ${environment}`,
    run: async () => {
      distributionId = await findDistribution(environment, cdktfOf(root, cutOff));
    },
  };
  const send: Step = {
    title: wait ? "Invalidate, and wait for the end" : "Invalidate",
    run: async ({ progress }) => {
      const service = await openCloudFront(distributionId, { deadline: cutOff });
      try {
        invalidations = await invalidate(
          {
            distributionId,
            paths,
            ...(reference !== undefined && { reference }),
            wait,
            stateFolder: join(localDirectory(root).path, "invalidate"),
            budget: { clock: CLOCK, deadline },
            onProgress: progress,
          },
          service,
        );
      } finally {
        service.close();
      }
    },
  };
  await runSteps(distribution === undefined ? [find, send] : [send], json);
  return { distributionId, invalidations };
}
