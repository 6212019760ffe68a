import type * as z from "zod";
import { checkEnvironment } from "./rules";
import { type EnvironmentInput, type EnvironmentSpec, environmentSpec } from "./spec";
import { checkTogether } from "./together";
import type { Violation } from "./violation";

/** Everything that is wrong with a set of environments, one line for each value. */
export class SpecificationError extends Error {
  override readonly name: string = "SpecificationError";

  constructor(readonly violations: readonly Violation[]) {
    super(
      violations
        .map(({ environment, path, message }) => `envs/${environment}: ${path} ${message}`)
        .join("\n"),
    );
  }
}

/** What no deployment may do: lose what is protected, move what cannot be. The stacks are synthesised, to be looked at. */
export class RefusedChange extends SpecificationError {
  override readonly name = "RefusedChange";
}

/**
 * Checks environments and fills in their defaults.
 *
 * @param inputs what the files under `envs/` hold, by name of the file
 * @throws SpecificationError with every violation of every environment at once
 */
export function loadEnvironments(inputs: Readonly<Record<string, EnvironmentInput>>): EnvironmentSpec[] {
  const violations: Violation[] = [];
  const specs: EnvironmentSpec[] = [];
  for (const [file, input] of Object.entries(inputs)) {
    const parsed = environmentSpec.safeParse(input, { reportInput: true });
    if (parsed.success) specs.push(parsed.data);
    else violations.push(...parsed.error.issues.flatMap((issue) => describe(file, issue, input)));
    if (parsed.success && parsed.data.name !== file) {
      violations.push({
        environment: file,
        path: "name",
        message: `must be that of its file, "${file}", got ${JSON.stringify(parsed.data.name)}`,
      });
    }
  }
  violations.push(...specs.flatMap(checkEnvironment), ...checkTogether(specs));
  if (violations.length > 0) throw new SpecificationError(violations);
  return specs;
}

function describe(environment: string, issue: z.core.$ZodIssue, input: unknown): Violation[] {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      environment,
      path: path === "" ? key : `${path}.${key}`,
      message: "is not a field; remove it or correct its name (envs/spec.ts lists all)",
    }));
  }
  if (issue.code === "invalid_key") {
    const [why] = issue.issues;
    return [{ environment, path, message: `${why?.message}, got ${JSON.stringify(issue.path.at(-1))}` }];
  }
  const value = valueAt(input, issue.path);
  const got = value === undefined ? "undefined" : JSON.stringify(value);
  return [{ environment, path: path || "the file", message: `${requirement(issue, value)}, got ${got}` }];
}

function requirement(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === "invalid_type" && value === undefined)
    return `must be set, ${withArticle(issue.expected)}`;
  if (issue.code === "invalid_type" && !issue.message.startsWith("must"))
    return `must be ${withArticle(issue.expected)}`;
  if (issue.code === "invalid_value")
    return `must be one of ${issue.values.map((v) => JSON.stringify(v)).join(", ")}`;
  if (issue.code === "too_small" && issue.origin !== "number" && !issue.message.startsWith("must")) {
    return `must have ${issue.minimum} or more ${issue.origin === "string" ? "characters" : "entries"}`;
  }
  if (issue.code === "too_big" && issue.origin !== "number" && !issue.message.startsWith("must")) {
    return `must have ${issue.maximum} or fewer ${issue.origin === "string" ? "characters" : "entries"}`;
  }
  return issue.message;
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined | null)?.[key],
    input,
  );
}
