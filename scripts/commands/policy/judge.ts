import { covers, type Exception } from "./exceptions";
import type { Finding, StackScan } from "./scan";

/** How a stack stands to the policies. */
export interface StackVerdict {
  /** Its name, e.g. `envs/prod`. */
  readonly stack: string;
  /** How many checks passed. */
  readonly passed: number;
  /** Faults that nobody has accepted. */
  readonly failed: readonly Finding[];
  /** Faults that an exception covers, each with its reason. */
  readonly excepted: readonly (Finding & { readonly because: string })[];
}

/** How all stacks stand. */
export interface Verdict {
  readonly stacks: readonly StackVerdict[];
  /** Exceptions, or parts of them, that cover no fault any more, in words. */
  readonly stale: readonly string[];
}

/**
 * Tells the faults that are accepted from those that are not.
 *
 * @param scans what was found. Only an exception all of whose stacks are among them can be found stale
 * @param allStacks names of the stacks that there are
 */
export function judge(
  scans: readonly StackScan[],
  exceptions: readonly Exception[],
  allStacks: readonly string[],
): Verdict {
  const used = new Set<string>();
  const stacks = scans.map(({ stack, findings }) => {
    const failed: Finding[] = [];
    const excepted: (Finding & { because: string })[] = [];
    for (const finding of findings) {
      if (finding.result !== "failed") continue;
      const reasons = exceptions.flatMap((exception) => {
        const patterns = coveringPatterns(exception, stack, finding);
        for (const pattern of patterns) used.add(useOf(exception, pattern));
        return patterns.length > 0 ? [exception.because] : [];
      });
      const [because] = reasons;
      if (because === undefined) failed.push(finding);
      else excepted.push({ ...finding, because });
    }
    return { stack, passed: findings.filter(({ result }) => result === "passed").length, failed, excepted };
  });
  const scanned = new Set(scans.map(({ stack }) => stack));
  const stale = exceptions
    .filter(({ stacks: own = ["*/*"] }) =>
      allStacks.every((stack) => scanned.has(stack) || !own.some((pattern) => covers(pattern, stack))),
    )
    .flatMap((exception) =>
      [...exception.resources, ...(exception.stacks ?? [])]
        .filter((pattern) => !used.has(useOf(exception, pattern)))
        .map((pattern) => `${exception.check}: nothing that "${pattern}" covers fails it any more`),
    );
  return { stacks, stale };
}

/** The patterns of an exception, of resources and of stacks, that cover a fault; none when the exception does not. */
function coveringPatterns(exception: Exception, stack: string, { check, path }: Finding): readonly string[] {
  if (exception.check !== check) return [];
  const resources = exception.resources.filter((pattern) => covers(pattern, path));
  const stacks = exception.stacks?.filter((pattern) => covers(pattern, stack));
  return resources.length > 0 && stacks?.length !== 0 ? [...resources, ...(stacks ?? [])] : [];
}

/** Two exceptions from one check may name the same path, each with a reason of its own. */
function useOf(exception: Exception, pattern: string): string {
  return JSON.stringify([exception.check, exception.because, pattern]);
}
