import { isDeepStrictEqual } from "node:util";

/** How many places a message names. */
const TOLD = 5;

/**
 * Where two stacks differ, whatever the order of their fields.
 *
 * @param planned `cdk.tf.json` that the plan was made of, parsed
 * @param now the same as it is synthesised now
 * @returns places, e.g. `resource.aws_kms_key.data-key_key_0F`, at most five; none when the stacks are the same
 */
export function differences(planned: unknown, now: unknown): string[] {
  const places = [...compare(planned, now, [])];
  if (places.length <= TOLD) return places;
  return [...places.slice(0, TOLD - 1), `and ${places.length - TOLD + 1} more`];
}

/** Down to blocks of resources, which are what a person can look up. */
function* compare(left: unknown, right: unknown, path: readonly string[]): Generator<string> {
  if (isDeepStrictEqual(left, right)) return;
  const depth = path[0] === "resource" || path[0] === "data" ? 3 : 2;
  if (path.length >= depth || !isObject(left) || !isObject(right)) {
    yield path.join(".");
    return;
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    yield* compare(left[key], right[key], [...path, key]);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
