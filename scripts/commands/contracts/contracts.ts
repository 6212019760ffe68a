import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CommandError, CommandErrors, EXIT } from "../../internal/cli";
import { changesBetween, contractsIn, mendOf, nameOf, PUBLISHED, WITHDRAWN } from "./files";
import type { Change } from "./findings";
import { namesOf } from "./withdrawn";

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
 * @throws CommandErrors as `brokenContracts` has them, and of what was withdrawn; CommandError naming a contract that is not there
 */
export function publishContracts(root: string, names: readonly string[] = []): string[] {
  const all = checkContracts(root);
  for (const name of names) {
    if (all.some((contract) => contract.name === name && contract.state !== "gone")) continue;
    const known = all.filter(({ state }) => state !== "gone").map((contract) => contract.name);
    throw new CommandError(name, "no such contract", `these are there: ${known.join(", ")}`, EXIT.usage);
  }
  const chosen = all.filter(({ name }) => names.length === 0 || names.includes(name));
  const { withdrawn } = namesOf(root);
  const broken = [...brokenContracts(chosen, withdrawn, all), ...publishedAnew(chosen, withdrawn, all)];
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
 * @param withdrawn names of those that nobody goes by any more. @param all those that there are: a new version is to be the next of both.
 * @default contracts
 */
export function brokenContracts(
  contracts: readonly CheckedContract[],
  withdrawn: readonly string[],
  all: readonly CheckedContract[] = contracts,
): CommandError[] {
  const names = [...all.map(({ name }) => name), ...withdrawn];
  return contracts.flatMap((contract) => {
    if (contract.state === "gone") {
      const mend = `bring it back; or, when nobody goes by it any more, remove ${contract.published} too, and say so in ${WITHDRAWN}`;
      return [new CommandError(contract.file, "was published, and is gone", mend)];
    }
    const mend = mendOf(contract.name, names, `undo it (${contract.published} has it as it was)`);
    return contract.changes.map(
      ({ pointer, change }) => new CommandError(`${contract.file} ${pointer}`, change, mend),
    );
  });
}

/** Those of `contracts` that were withdrawn: some client may still have what had the name. */
function publishedAnew(
  contracts: readonly CheckedContract[],
  withdrawn: readonly string[],
  all: readonly CheckedContract[],
): CommandError[] {
  const names = [...all.map(({ name }) => name), ...withdrawn];
  return contracts
    .filter(({ name }) => withdrawn.includes(name))
    .map(({ name, file }) => new CommandError(file, "was withdrawn", mendOf(name, names, `remove ${file}`)));
}

function compared(
  root: string,
  { name, file, published }: Pick<CheckedContract, "name" | "file" | "published">,
) {
  const text = (path: string) => readFileSync(join(root, path), "utf8");
  const [before, after] = [text(published), text(file)];
  if (before === after) return { state: "published" as const, changes: [] };
  const changes = changesBetween(name, [published, before], [file, after]);
  return { state: changes.length > 0 ? ("broken" as const) : ("extended" as const), changes };
}
