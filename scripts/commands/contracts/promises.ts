import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../../internal/cli";
import { type Base, filesAt } from "./base";
import {
  changesBetween,
  contractsIn,
  documentOf,
  isContract,
  mendOf,
  nameOf,
  PUBLISHED,
  WITHDRAWN,
} from "./files";

/**
 * Holds the published copies themselves against what they were: else a change that breaks a contract would go through by changing its copy
 * as well.
 *
 * @param root folder of the project
 * @param bases commits that had them, the first to be named first
 * @returns what is wrong, each once, with how to mend it
 * @throws CommandError naming a file that cannot be read
 */
export function brokenPromises(root: string, bases: readonly Base[]): CommandError[] {
  const withdrawn = withdrawnContracts(root);
  const found = new Map<string, CommandError>();
  for (const base of bases) {
    for (const [path, before] of filesAt(root, base, PUBLISHED)) {
      if (!isContract(path) || withdrawn.includes(nameOf(path))) continue;
      for (const { place, what, mend } of broken(root, base, path, before)) {
        // What two commits have alike is told of once.
        const key = `${place} ${what}`;
        const since = `${shortOf(base)} (${base.what})`;
        if (!found.has(key)) found.set(key, new CommandError(place, `${what}, against ${since}`, mend));
      }
    }
  }
  return [...found.values()];
}

/** @param path of the contract below `api/published` */
function broken(root: string, base: Base, path: string, before: string) {
  const [name, file] = [nameOf(path), `${PUBLISHED}/${path}`];
  const restore = `git checkout ${shortOf(base)} -- ${file}`;
  if (!existsSync(join(root, file))) {
    const mend = `bring it back (${restore}); or, when nobody goes by it any more, say so in ${WITHDRAWN}`;
    return [{ place: file, what: "was published, and is gone", mend }];
  }
  const after = readFileSync(join(root, file), "utf8");
  const mend = mendOf(name, [...contractsIn(join(root, "api")).map(nameOf), name], `undo it (${restore})`);
  return changesBetween(name, [`${file} of ${shortOf(base)}`, before], [file, after]).map(
    ({ pointer, change }) => ({ place: `${file} ${pointer}`, what: change, mend }),
  );
}

const shortOf = ({ commit }: Base): string => commit.slice(0, 12);

/** @throws CommandError naming what is wrong with the list, or is on it and published nevertheless */
function withdrawnContracts(root: string): string[] {
  if (!existsSync(join(root, WITHDRAWN))) return [];
  const document = documentOf(WITHDRAWN, readFileSync(join(root, WITHDRAWN), "utf8"));
  const entries = typeof document === "object" && document !== null ? Object.entries(document) : [];
  const published = contractsIn(join(root, PUBLISHED)).map(nameOf);
  for (const [name, reason] of entries) {
    if (typeof reason !== "string" || reason === "") {
      throw new CommandError(`${WITHDRAWN} ${name}`, "gives no reason", "say why nobody goes by it any more");
    }
    if (published.includes(name)) {
      const mend = "take the line out; what is published anew is a new version";
      throw new CommandError(`${WITHDRAWN} ${name}`, "is published", mend);
    }
  }
  return entries.map(([name]) => name);
}
