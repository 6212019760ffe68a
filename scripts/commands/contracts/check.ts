import { CommandError } from "../../internal/cli";
import { type BaseRequest, type FoundBases, findBases, isBaseRequired } from "./base";
import { brokenContracts, type CheckedContract, checkContracts } from "./contracts";
import { PUBLISHED } from "./files";
import { brokenPromises } from "./promises";
import { type BrokenPromise, namesOf } from "./withdrawn";

/** How contracts stand to what was published of them, and that to what it was. With `missing` it is not known of the latter. */
export interface Check extends FoundBases {
  readonly contracts: readonly CheckedContract[];
  /** What is wrong with the published copies and the list of what is withdrawn; none when every promise is held. */
  readonly promises: readonly BrokenPromise[];
}

/** A check, and what it fails with. */
export interface Checked {
  readonly result: Check;
  /** Each with how to mend it; none when nobody is broken, as far as it is known, and has to be. */
  readonly errors: readonly CommandError[];
}

/**
 * Holds contracts against what was published of them, and that against what it was.
 *
 * @param root folder of the project
 * @throws CommandError naming a file that cannot be read, or when Git does not know the commit that is asked for
 */
export function check(root: string, request: BaseRequest): Checked {
  const contracts = checkContracts(root);
  const found = findBases(root, request);
  const promises = brokenPromises(root, found.bases);
  return {
    result: { contracts, ...found, promises },
    errors: [
      ...(isBaseRequired(request) ? notCompared(found) : []),
      ...brokenContracts(contracts, namesOf(root).withdrawn),
      ...promises.map(({ place, what, mend }) => new CommandError(place, what, mend)),
    ],
  };
}

function notCompared({ missing }: FoundBases): CommandError[] {
  if (missing === undefined) return [];
  const mend = "check it in a clone that Git can read, with the whole history (fetch-depth: 0)";
  return [new CommandError(PUBLISHED, `cannot be held against what it was: ${missing}`, mend)];
}
