import { CommandError, CommandErrors } from "../../internal/cli";

/** What a check has found. */
export interface Finding {
  /** `ok`; `problem`: something will fail; `note`: nothing fails, and it is worth knowing; `skipped`: it could not be looked at. */
  readonly status: "ok" | "problem" | "note" | "skipped";
  /** What was looked at, e.g. `Terraform`. */
  readonly name: string;
  /** What was found, e.g. `1.11.4`. */
  readonly what: string;
  /** What to do about it. @default nothing */
  readonly mend?: string;
}

/** One thing to look at. It changes nothing. */
export interface Check {
  /** E.g. `Terraform`. */
  readonly name: string;
  /** An error that it fails with is a problem. */
  readonly look: () => Promise<readonly Finding[]>;
}

/**
 * Looks at all beside one another.
 *
 * @param timeoutSeconds that each has; one that takes longer is a problem, and the others go on
 * @returns findings in the order of the checks
 */
export async function runChecks(checks: readonly Check[], timeoutSeconds: number): Promise<Finding[]> {
  return (await Promise.all(checks.map((check) => withTimeout(check, timeoutSeconds)))).flat();
}

async function withTimeout({ name, look }: Check, seconds: number): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Finding[]>((done) => {
    const what = `there was no answer within ${seconds} s`;
    timer = setTimeout(
      () => done([problem(name, what, "try again with a longer --timeout")]),
      seconds * 1000,
    );
  });
  try {
    return await Promise.race([look(), late]);
  } catch (error) {
    return problemsOf(name, error);
  } finally {
    clearTimeout(timer);
  }
}

/** What an error of a command says, as problems. */
export function problemsOf(name: string, error: unknown): Finding[] {
  if (error instanceof CommandErrors) return error.errors.flatMap((one) => problemsOf(one.place, one));
  if (error instanceof CommandError) {
    const what = error.place === name ? error.what : `${error.place}: ${error.what}`;
    return [problem(name, what, error.mend)];
  }
  return [problem(name, error instanceof Error ? error.message : String(error))];
}

/** All is well. */
export function ok(name: string, what: string): Finding {
  return { status: "ok", name, what };
}

/** Something will fail. */
export function problem(name: string, what: string, mend?: string): Finding {
  return { status: "problem", name, what, ...(mend !== undefined && { mend }) };
}

/** Nothing fails, and it is worth knowing. */
export function note(name: string, what: string, mend?: string): Finding {
  return { status: "note", name, what, ...(mend !== undefined && { mend }) };
}

/** It could not be looked at. */
export function skipped(name: string, what: string): Finding {
  return { status: "skipped", name, what };
}
