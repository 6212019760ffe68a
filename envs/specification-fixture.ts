import { environments } from ".";
import { loadEnvironments, SpecificationError } from "./load";
import type { EnvironmentInput } from "./spec";

/** Prod with one value set, or removed when undefined, at a dotted path. */
export function prodWith(path: string, value: unknown): EnvironmentInput {
  const copy = structuredClone(environments["prod"]) as unknown as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop() as string;
  let node = copy;
  for (const key of keys) {
    node[key] ??= {};
    node = node[key] as Record<string, unknown>;
  }
  if (value === undefined) delete node[last];
  else node[last] = value;
  return copy as unknown as EnvironmentInput;
}

/** The lines that loading `inputs` fails with. */
export function errorsOf(inputs: Record<string, EnvironmentInput>): string[] {
  try {
    loadEnvironments(inputs);
  } catch (error) {
    if (error instanceof SpecificationError) return error.message.split("\n");
    throw error;
  }
  return [];
}
