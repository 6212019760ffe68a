import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Base, filesAt } from "./base";
import { changesBetween, isContract, mendOf, nameOf, PUBLISHED, WITHDRAWN } from "./files";
import { type BrokenPromise, backAgain, brokenList, type Names, namesOf, withdrawnIn } from "./withdrawn";

/**
 * Holds the published copies themselves against what they were: else a change that breaks a contract would go through by changing its copy
 * as well. What was withdrawn stays so.
 *
 * @param root folder of the project
 * @param bases commits that had them, the first to be named first
 * @returns what is wrong, each once, with how to mend it
 * @throws CommandError naming a file that cannot be read
 */
export function brokenPromises(root: string, bases: readonly Base[]): BrokenPromise[] {
  const now = namesOf(root);
  const found = new Map<string, BrokenPromise>();
  for (const base of bases) {
    const files = filesAt(root, base, PUBLISHED);
    const copies = [...files].filter(([path]) => isContract(path) && !now.withdrawn.includes(nameOf(path)));
    const list = files.get(WITHDRAWN.slice(PUBLISHED.length + 1)) ?? "{}";
    const before = withdrawnIn(`${WITHDRAWN} of ${shortOf(base)}`, list);
    for (const { place, what, mend } of [
      ...copies.flatMap(([path, text]) => broken(root, now, base, path, text)),
      ...backAgain(now, before, `git show ${shortOf(base)}:./${WITHDRAWN}`),
    ]) {
      // What two commits have alike is told of once.
      const key = `${place} ${what}`;
      const since = `${shortOf(base)} (${base.what})`;
      if (!found.has(key)) found.set(key, { place, what: `${what}, against ${since}`, mend });
    }
  }
  return [...brokenList(root, now), ...found.values()];
}

/** @param path of the contract below `api/published`. @param before its text, as the base has it */
function broken(root: string, now: Names, base: Base, path: string, before: string): BrokenPromise[] {
  const [name, file] = [nameOf(path), `${PUBLISHED}/${path}`];
  const restore = `git checkout ${shortOf(base)} -- ${file}`;
  if (!existsSync(join(root, file))) {
    const mend = `bring it back (${restore}); or, when nobody goes by it any more, say so in ${WITHDRAWN}`;
    return [{ place: file, what: "was published, and is gone", mend }];
  }
  const after = readFileSync(join(root, file), "utf8");
  const mend = mendOf(name, [...now.contracts, ...now.withdrawn, name], `undo it (${restore})`);
  return changesBetween(name, [`${file} of ${shortOf(base)}`, before], [file, after]).map(
    ({ pointer, change }) => ({ place: `${file} ${pointer}`, what: change, mend }),
  );
}

const shortOf = ({ commit }: Base): string => commit.slice(0, 12);
