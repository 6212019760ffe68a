import { PARTS, type ViewRow, type ViewService } from "./view";

/** How a generation that was built differs from that which serves, in orders. */
export interface Comparison {
  readonly serving: number;
  readonly built: number;
  /** As far in both. */
  readonly same: number;
  /** Further in the one that was built, or there alone: the one that serves had lost an event. */
  readonly ahead: number;
  /** Further in the one that serves. */
  readonly behind: number;
  /** In the one that serves alone. */
  readonly missing: number;
}

/** Who hears of a comparison as it goes on. */
export interface ComparisonWatch {
  /** Takes each row of the generation that serves which the one that was built does not have, or not as far, one after the other. */
  readonly lacking: (row: ViewRow) => Promise<void>;
  /** Rows that have been read, of all generations. What it throws ends the comparison. */
  readonly read: (rows: number) => void;
}

/**
 * Compares two generations, row by row, in memory that does not grow with them: each page of the table is held against its rows'
 * counterparts. What seems to lack something is looked at once more: events go on meanwhile, and a scan is no picture of one moment.
 */
export async function compareGenerations(
  view: Pick<ViewService, "counterparts" | "pages" | "row">,
  serving: number,
  built: number,
  watch: ComparisonWatch,
): Promise<Comparison> {
  const counts = { serving: 0, built: 0, same: 0, ahead: 0, behind: 0, missing: 0 };
  const look = async (row: ViewRow, counterpart: ViewRow | undefined) => {
    let [before, now]: readonly (ViewRow | undefined)[] = [row, counterpart];
    if (now === undefined || lacks(now, row)) {
      // The older one first: an event goes to both at once.
      before = await view.row(serving, row);
      now = await view.row(built, row);
    }
    if (before === undefined) return;
    if (now === undefined) counts.missing += 1;
    else if (lacks(now, before)) counts.behind += 1;
    else if (lacks(before, now)) counts.ahead += 1;
    else counts.same += 1;
    if (now === undefined || lacks(now, before)) await watch.lacking(before);
  };
  let read = 0;
  for await (const page of view.pages()) {
    const old = page.filter(({ generation }) => generation === serving);
    const made = page.filter(({ generation }) => generation === built);
    counts.serving += old.length;
    counts.built += made.length;
    for (const [index, counterpart] of (await view.counterparts(built, old)).entries()) {
      await look(old[index] as ViewRow, counterpart);
    }
    const alone = (await view.counterparts(serving, made)).filter((counterpart) => counterpart === undefined);
    counts.ahead += alone.length;
    read += page.length;
    watch.read(read);
  }
  return counts;
}

/** Whether a row has less than another of any part. */
function lacks(row: ViewRow, than: ViewRow): boolean {
  return PARTS.some((part) => row.sequences[part] < than.sequences[part]);
}
