import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, type ProcessIdentity } from "./process-identity";

/** Asks again and again. @param pauseMilliseconds in between. @default 50 @returns whether the condition came true in time */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  seconds: number,
  pauseMilliseconds = 50,
): Promise<boolean> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(pauseMilliseconds)) {
    if (await condition()) return true;
  }
  return condition();
}

/** A busy machine answers late: what runs has so many seconds to answer before it is taken for hung. */
const HUNG_SECONDS = 10;

/**
 * Asks a process that should run whether it answers, until it does.
 *
 * @returns false when it has ended, or is hung
 */
export async function isResponsive(
  process: ProcessIdentity,
  answers: () => Promise<boolean>,
): Promise<boolean> {
  let answered = false;
  const settled = async () => {
    answered = await answers();
    return answered || !isRunning(process);
  };
  await waitUntil(settled, HUNG_SECONDS);
  return answered;
}
