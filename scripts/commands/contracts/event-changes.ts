import { type Change, Findings } from "./findings";
import { Place } from "./place";
import { compareSchemas } from "./schema-changes";

/** What events are found by, beside their data. */
const IDENTITY = ["x-type", "x-source"];

/**
 * What in the schema of an event, or in the envelope, breaks consumers that know the published one, or those that know the new one when
 * they read events of before: of the archive, and those under way. What is left to be added are fields that may be absent.
 *
 * @param published the schema (JSON Schema 2020-12) as it was published
 * @param current as it is now
 * @returns none when every consumer goes on as before
 * @throws Error naming a reference that cannot be followed
 */
export function eventChanges(published: unknown, current: unknown): Change[] {
  const findings = new Findings();
  const [before, after] = [Place.of(published), Place.of(current)];
  for (const name of IDENTITY) {
    const [was, is] = [before.get(name)?.value, after.get(name)?.value];
    if (was !== is) findings.add(after, `${name} is ${is}, it was ${was}: rules and consumers go by it`);
  }
  compareSchemas(before, after, "event", findings);
  return findings.changes;
}
