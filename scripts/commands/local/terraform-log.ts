import { stripVTControlCharacters } from "node:util";

/** How far a deployment has come. */
export interface DeployProgress {
  /** Resources created, changed or destroyed so far. */
  readonly finished: number;
  /** Resources of the plan; undefined until it is made. */
  readonly planned?: number;
}

const PLAN = /^\s*(?:\S+\s+)?Plan: (?:\d+ to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy\./;
const FINISHED = /: (?:Creation|Modifications|Destruction) complete after /;

/** Takes terminal colours out of a program's output. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text);
}

/** Follows Terraform's output, line by line. */
export function followDeploy(progress: DeployProgress, line: string): DeployProgress {
  const plan = PLAN.exec(line);
  if (plan) {
    const planned = plan.slice(1).reduce((sum, count) => sum + Number(count), 0);
    return { finished: 0, planned };
  }
  return FINISHED.test(line) ? { ...progress, finished: progress.finished + 1 } : progress;
}

/**
 * The errors in a deployment's log: Terraform's, each a box of lines that begins with `Error:`, or else what cdktf said last.
 *
 * @returns lines without colours, frames and the stack's name
 */
export function findErrors(log: string): string[] {
  const lines = plainText(log)
    .split("\n")
    .map((line) =>
      line.replace(/^\s*(?:\[[^\]]*\]\s*\[ERROR\]\s*\S+\s*-\s*)?(?:envs\/\S+\s+)?[╷│╵]?\s?/, "").trimEnd(),
    );
  const errors: string[] = [];
  let inside = false;
  for (const line of lines) {
    if (/^(?:Error|SpecificationError):/.test(line)) inside = true;
    else if (line === "" && inside && errors.at(-1) === "") inside = false;
    if (inside) errors.push(line);
  }
  const found = errors.filter((line, index) => line !== "" && errors.indexOf(line) === index);
  return found.length > 0 ? found : lines.filter((line) => line !== "").slice(-10);
}

/**
 * Failures that a deployment on a fresh start does not have again: the AWS provider lost an answer, as it may when one comes before it has
 * sent all of its call, and asked a second time, when the first call had already made the resource.
 */
export function isTransient(log: string): boolean {
  return /already ?exist|AlreadyOwnedByYou|ResourceInUse|ResourceConflict/i.test(log);
}
