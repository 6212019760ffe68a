import { distance } from "fastest-levenshtein";

/** How many names are told at most. */
const TOLD = 3;

/**
 * What may have been meant by a name that is none: names with the same last part first, then those that fewest letters tell apart.
 *
 * @param name e.g. `todo-tabel/table`
 * @returns a sentence's end, e.g. `; did you mean todo-table/table?`, or nothing where no name is near
 */
export function didYouMean(name: string, names: Iterable<string>): string {
  const near = [...new Set(names)]
    .map((known) => ({ known, far: farness(name, known) }))
    .filter(({ far }) => far <= 0.5)
    .sort((left, right) => left.far - right.far || (left.known < right.known ? -1 : 1))
    .slice(0, TOLD)
    .map(({ known }) => known);
  return near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
}

/** 0 for the same name, 1 for one without a letter in common. */
function farness(left: string, right: string): number {
  return distance(left, right) / Math.max(left.length, right.length);
}
