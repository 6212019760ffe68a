import { existsSync, readdirSync } from "node:fs";
import { parse } from "yaml";
import { CommandError } from "../../internal/cli";
import { apiChanges } from "./api-changes";
import { eventChanges } from "./event-changes";
import type { Change } from "./findings";

/** Below the project's folder: a copy of each contract as it was published, in folders as below `api/`. */
export const PUBLISHED = "api/published";

/** What of it nobody goes by any more: names to reasons, e.g. `{ "todos/v1": "off since March" }`. */
export const WITHDRAWN = `${PUBLISHED}/withdrawn.json`;

/** Contracts: versions of APIs, versions of events, what all events have in common. */
const CONTRACT = /^([a-z0-9-]+\/v\d+\.yaml|events\/[a-z0-9-]+\/v\d+\.json|events\/envelope\.json)$/;

/** Contracts below a folder: their paths from there, e.g. `todos/v1.yaml`. */
export function contractsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(isContract);
}

/** @param path from `api/` or `api/published`, e.g. `todos/v1.yaml` */
export function isContract(path: string): boolean {
  return CONTRACT.test(path);
}

/** @param path e.g. `todos/v1.yaml` */
export function nameOf(path: string): string {
  return path.replace(/\.(yaml|json)$/, "");
}

/**
 * How to mend what breaks somebody.
 *
 * @param all names of the contracts that there are: a new version is to be the next
 * @param undo how to have it as it was
 */
export function mendOf(name: string, all: readonly string[], undo: string): string {
  if (name === "events/envelope") return `${undo}: every event of every version has this form`;
  const prefix = name.replace(/\d+$/, "");
  const versions = all
    .filter((other) => other.startsWith(prefix))
    .map((other) => Number(other.slice(prefix.length)));
  const next = `${prefix}${Math.max(...versions) + 1}`;
  const how = name.startsWith("events/")
    ? `make it ${next}, a type of its own`
    : `make it ${next}: scripts/new version ${next}`;
  return `${undo}, or ${how}`;
}

/**
 * What in a contract breaks who goes by it as it was.
 *
 * @param before, after where it is, and its text
 * @throws CommandError naming the one that cannot be read
 */
export function changesBetween(
  name: string,
  before: readonly [place: string, text: string],
  after: readonly [place: string, text: string],
): readonly Change[] {
  if (before[1] === after[1]) return [];
  const changesOf = name.startsWith("events/") ? eventChanges : apiChanges;
  const documents = [documentOf(...before), documentOf(...after)];
  try {
    return changesOf(documents[0], documents[1]);
  } catch (error) {
    const mend = `compare it with ${before[0]} by hand, or mend it`;
    throw new CommandError(after[0], (error as Error).message, mend);
  }
}

/**
 * Reads YAML, which JSON is, too.
 *
 * @throws CommandError naming the place when it is none
 */
export function documentOf(place: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new CommandError(place, `cannot be read: ${(error as Error).message.split("\n")[0]}`);
  }
}
