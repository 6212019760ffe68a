import type { BuildFailure } from "esbuild";

/**
 * Says what esbuild has failed with, each error as `file:line:column: message`.
 *
 * @param what was built, e.g. `functions`
 */
export function describeFailure(what: string, failure: BuildFailure): string {
  if (!Array.isArray(failure.errors)) return `${what}: ${failure.message}`;
  return failureOf(
    what,
    failure.errors.map(({ location, text }) =>
      location ? `${location.file}:${location.line}:${location.column + 1}: ${text}` : text,
    ),
  );
}

/** The same for errors that were found otherwise. */
export function failureOf(what: string, errors: readonly string[]): string {
  return [`${what}: the build failed, nothing was written:`, ...errors.map((error) => `  ${error}`)].join(
    "\n",
  );
}
