import { CommandError, EXIT } from "../../internal/cli";
import type { LambdaService } from "../../internal/deployed-functions";
import type { Deployment, ShiftService } from "./codedeploy";
import type { FunctionShift } from "./shift";

/** How to wait. Tests replace the clock. */
export interface Patience {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds since 1970 after which it is given up. */
  readonly deadline: number;
  /** Told what is going on, for the user. */
  readonly onProgress: (text: string) => void;
}

const POLL_MILLISECONDS = 5000;

/**
 * Waits for the end of what is under way, and of what takes it back.
 *
 * @returns the same functions, as they are then
 * @throws CommandError when the time is up; CodeDeploy goes on by itself
 */
export async function waitForEnd(
  shifts: readonly FunctionShift[],
  lambda: LambdaService,
  codedeploy: ShiftService,
  patience: Patience,
): Promise<FunctionShift[]> {
  return await Promise.all(
    shifts.map(async (shifted): Promise<FunctionShift> => {
      const { deploymentId, deployedName, state } = shifted;
      if (deploymentId === undefined || state.startsWith("would-")) return shifted;
      let said = "";
      const onLook = async ({ status }: Deployment) => {
        const { version, weights } = await lambda.live(deployedName);
        const [[to, share] = []] = Object.entries(weights);
        const calls =
          to === undefined
            ? `version ${version} has all calls`
            : `${Math.round((share ?? 0) * 100)} % of the calls go to version ${to}`;
        const text = `${shifted.function}: ${status}, ${calls}`;
        if (text !== said) patience.onProgress(text);
        said = text;
      };
      const ended = await untilEnded(deploymentId, shifted, codedeploy, patience, onLook);
      if (ended.status === "Succeeded") return { ...shifted, state: "done" };
      const reason = ended.reason ?? ended.status;
      if (ended.takenBackBy === undefined) return { ...shifted, state: "failed", reason };
      const back = await untilEnded(ended.takenBackBy, shifted, codedeploy, patience, onLook);
      if (back.status !== "Succeeded") {
        return {
          ...shifted,
          state: "failed",
          reason: `${reason}; taking it back: ${back.reason ?? back.status}`,
        };
      }
      return { ...shifted, state: state === "stopping" ? "stopped" : "taken-back", reason };
    }),
  );
}

async function untilEnded(
  id: string,
  { function: name }: FunctionShift,
  codedeploy: ShiftService,
  { deadline, now, sleep }: Patience,
  onLook: (deployment: Deployment) => Promise<void>,
): Promise<Deployment> {
  for (;;) {
    const deployment = await codedeploy.get(id);
    await onLook(deployment);
    if (!deployment.active) return deployment;
    if (now() + POLL_MILLISECONDS > deadline) {
      throw new CommandError(
        `function ${name}`,
        `the shift (${id}) is not at its end by --timeout`,
        "CodeDeploy goes on by itself; run the same command again to wait on",
        EXIT.unfinished,
      );
    }
    await sleep(POLL_MILLISECONDS);
  }
}
