/**
 * Runs checks of a configuration one after the other, so that all that is wrong is told at once.
 *
 * @param checks each throws an Error when something is wrong
 * @throws Error with the message of each that failed, one to a line
 */
export function checkAll(checks: readonly (() => void)[]): void {
  const problems = checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
