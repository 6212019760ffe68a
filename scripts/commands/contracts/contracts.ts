import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { CommandError, CommandErrors, EXIT } from "../../internal/cli";
import { apiChanges } from "./api-changes";
import { eventChanges } from "./event-changes";
import type { Change } from "./findings";

/** Below the project's folder: a copy of each contract as it was published, in folders as below `api/`. */
const PUBLISHED = "api/published";

/** Contracts: versions of APIs, versions of events, what all events have in common. */
const CONTRACT = /^([a-z0-9-]+\/v\d+\.yaml|events\/[a-z0-9-]+\/v\d+\.json|events\/envelope\.json)$/;

/**
 * How a contract stands to its published copy.
 *
 * - `published`: it says the same
 * - `extended`: it has changed so that nobody is broken; the changes are no promise before they are published
 * - `broken`: somebody is broken by `changes`
 * - `unpublished`: nobody was promised anything, it may change in any way
 * - `gone`: it was published, and is there no more
 */
export type State = "published" | "extended" | "broken" | "unpublished" | "gone";

/** A contract, held against its published copy. */
export interface CheckedContract {
  /** Its file below `api/` without the ending, e.g. `todos/v1` or `events/order-placed/v1`. */
  readonly name: string;
  /** From the project's folder, e.g. `api/todos/v1.yaml`. */
  readonly file: string;
  /** The copy, which is not there while it is unpublished, e.g. `api/published/todos/v1.yaml`. */
  readonly published: string;
  readonly state: State;
  /** What breaks somebody; of `broken` contracts one or more. */
  readonly changes: readonly Change[];
}

/**
 * Holds every contract below `api/` against its published copy.
 *
 * @param root folder of the project
 * @returns in the order of their names
 * @throws CommandError naming a file that cannot be read
 */
export function checkContracts(root: string): CheckedContract[] {
  const [current, published] = [contractsIn(join(root, "api")), contractsIn(join(root, PUBLISHED))];
  return [...new Set([...current, ...published])].sort().map((path) => {
    const contract = { name: nameOf(path), file: `api/${path}`, published: `${PUBLISHED}/${path}` };
    if (!published.includes(path)) return { ...contract, state: "unpublished", changes: [] };
    if (!current.includes(path)) return { ...contract, state: "gone", changes: [] };
    return { ...contract, ...compared(root, contract) };
  });
}

/**
 * Publishes contracts as they are now: from then on nobody who goes by them may be broken. Where one of those to publish breaks what was
 * published of it, none is.
 *
 * @param root folder of the project
 * @param names those to publish, e.g. `todos/v2`. @default all
 * @returns names of those that were not published as they are
 * @throws CommandErrors as `brokenContracts` has them; CommandError naming a contract that is not there
 */
export function publishContracts(root: string, names: readonly string[] = []): string[] {
  const all = checkContracts(root);
  for (const name of names) {
    if (all.some((contract) => contract.name === name && contract.state !== "gone")) continue;
    const known = all.filter(({ state }) => state !== "gone").map((contract) => contract.name);
    throw new CommandError(name, "no such contract", `these are there: ${known.join(", ")}`, EXIT.usage);
  }
  const chosen = all.filter(({ name }) => names.length === 0 || names.includes(name));
  const broken = brokenContracts(chosen, all);
  if (broken.length > 0) throw new CommandErrors(broken);
  const changed = chosen.filter(({ state }) => state === "unpublished" || state === "extended");
  for (const { file, published } of changed) {
    mkdirSync(dirname(join(root, published)), { recursive: true });
    copyFileSync(join(root, file), join(root, published));
  }
  return changed.map(({ name }) => name);
}

/**
 * What is wrong with contracts, each with how to mend it; none when nobody is broken.
 *
 * @param all those that there are: a new version is to be the next. @default contracts
 */
export function brokenContracts(
  contracts: readonly CheckedContract[],
  all: readonly CheckedContract[] = contracts,
): CommandError[] {
  return contracts.flatMap((contract) => {
    if (contract.state === "gone") {
      const mend = `bring it back; or, when nobody goes by it any more, remove ${contract.published} too`;
      return [new CommandError(contract.file, "was published, and is gone", mend)];
    }
    const mend = mendOf(contract, all);
    return contract.changes.map(
      ({ pointer, change }) => new CommandError(`${contract.file} ${pointer}`, change, mend),
    );
  });
}

function mendOf({ name, published }: CheckedContract, contracts: readonly CheckedContract[]): string {
  if (name === "events/envelope") return "undo it: every event of every version has this form";
  const prefix = name.replace(/\d+$/, "");
  const versions = contracts
    .filter((other) => other.name.startsWith(prefix))
    .map((other) => Number(other.name.slice(prefix.length)));
  const next = `${prefix}${Math.max(...versions) + 1}`;
  const how = name.startsWith("events/")
    ? `make it ${next}, a type of its own`
    : `make it ${next}: scripts/new version ${next}`;
  return `undo it (${published} has it as it was), or ${how}`;
}

function compared(
  root: string,
  { name, file, published }: Pick<CheckedContract, "name" | "file" | "published">,
) {
  if (readFileSync(join(root, file)).equals(readFileSync(join(root, published)))) {
    return { state: "published" as const, changes: [] };
  }
  const changesOf = name.startsWith("events/") ? eventChanges : apiChanges;
  const [before, after] = [documentAt(root, published), documentAt(root, file)];
  try {
    const changes = changesOf(before, after);
    return { state: changes.length > 0 ? ("broken" as const) : ("extended" as const), changes };
  } catch (error) {
    throw new CommandError(
      file,
      (error as Error).message,
      `compare it with ${published} by hand, or mend it`,
    );
  }
}

/** JSON is YAML, too. */
function documentAt(root: string, file: string): unknown {
  try {
    return parse(readFileSync(join(root, file), "utf8"));
  } catch (error) {
    throw new CommandError(file, `cannot be read: ${(error as Error).message.split("\n")[0]}`);
  }
}

function contractsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => CONTRACT.test(path));
}

function nameOf(path: string): string {
  return path.replace(/\.(yaml|json)$/, "");
}
