import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contractsIn, documentOf, isContract, mendOf, nameOf, PUBLISHED, WITHDRAWN } from "./files";

/** What is wrong with what was published, or withdrawn. */
export interface BrokenPromise {
  /** E.g. `api/published/todos/v1.yaml #/paths/~1todos/get`. */
  readonly place: string;
  readonly what: string;
  readonly mend: string;
}

/** A project's contracts: names, e.g. `todos/v1`. */
export interface Names {
  /** Of those below `api/`. */
  readonly contracts: readonly string[];
  /** Of those below `api/published`. */
  readonly published: readonly string[];
  /** Of those that nobody goes by any more. */
  readonly withdrawn: readonly string[];
}

/**
 * Reads which contracts a project has.
 *
 * @param root its folder
 * @throws CommandError when the list of what is withdrawn cannot be read
 */
export function namesOf(root: string): Names {
  const namesIn = (folder: string) => contractsIn(join(root, folder)).map(nameOf);
  return {
    contracts: namesIn("api"),
    published: namesIn(PUBLISHED),
    withdrawn: withdrawnIn(WITHDRAWN, listOf(root)),
  };
}

/**
 * Names on a list of what is withdrawn. What is no contract's name says nothing.
 *
 * @param place where it is, and its text
 * @throws CommandError when it cannot be read
 */
export function withdrawnIn(place: string, text: string): string[] {
  return entriesOf(place, text).flatMap(([name]) => (pathOf(name) === undefined ? [] : [name]));
}

/**
 * What is wrong with the list of what is withdrawn, whatever was before.
 *
 * @param root folder of the project
 */
export function brokenList(root: string, { contracts, published }: Names): BrokenPromise[] {
  return entriesOf(WITHDRAWN, listOf(root)).flatMap(([name, reason]) => {
    const [place, path] = [`${WITHDRAWN} ${name}`, pathOf(name)];
    const still = (what: string, file: string) => ({
      place,
      what,
      mend: `remove ${file} too, or take the line out if it is new`,
    });
    if (path === undefined)
      return { place, what: "is no contract's name", mend: "write it as todos/v1 or events/order-placed/v1" };
    return [
      ...(typeof reason === "string" && reason !== ""
        ? []
        : [{ place, what: "gives no reason", mend: "say why nobody goes by it any more" }]),
      ...(contracts.includes(name) ? [still("is served", `api/${path}`)] : []),
      ...(published.includes(name) ? [still("is published", `${PUBLISHED}/${path}`)] : []),
    ];
  });
}

/**
 * What was withdrawn, and is so no longer. Some client may still have it, and would take another contract of that name for its own.
 *
 * @param before names on the list as it was. @param restore how to read that list
 */
export function backAgain(now: Names, before: readonly string[], restore: string): BrokenPromise[] {
  const all = [...now.contracts, ...now.withdrawn, ...before];
  return before.flatMap((name) => {
    if (now.published.includes(name)) {
      const file = `${PUBLISHED}/${pathOf(name)}`;
      const mend = mendOf(name, all, `remove ${file}`);
      return { place: file, what: "was withdrawn, and is published anew", mend };
    }
    if (now.withdrawn.includes(name)) return [];
    const mend = mendOf(name, all, `put its line back (${restore})`);
    return { place: `${WITHDRAWN} ${name}`, what: "was withdrawn, and is no longer listed", mend };
  });
}

function listOf(root: string): string {
  const file = join(root, WITHDRAWN);
  return existsSync(file) ? readFileSync(file, "utf8") : "{}";
}

function entriesOf(place: string, text: string): [string, unknown][] {
  const document = documentOf(place, text);
  return typeof document === "object" && document !== null ? Object.entries(document) : [];
}

/** @returns a contract's path below `api/`, e.g. `todos/v1.yaml`, or nothing where none has such a name */
function pathOf(name: string): string | undefined {
  return [`${name}.yaml`, `${name}.json`].find(isContract);
}
