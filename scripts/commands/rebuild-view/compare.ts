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

/** Rows of the generation that serves which the one that was built does not have, or not as far. */
export interface Compared {
  readonly comparison: Comparison;
  readonly lacking: readonly ViewRow[];
}

/** How far each order is in a generation. */
type Progress = Map<string, ViewRow>;

/**
 * Compares two generations, row by row. What seems to lack something is looked at once more: events go on meanwhile, and a scan is no
 * picture of one moment.
 */
export async function compareGenerations(
  view: Pick<ViewService, "row" | "rows">,
  serving: number,
  built: number,
): Promise<Compared> {
  const [old, made]: [Progress, Progress] = [new Map(), new Map()];
  for await (const row of view.rows()) {
    if (row.generation === serving) old.set(nameOf(row), row);
    if (row.generation === built) made.set(nameOf(row), row);
  }
  const counts = { same: 0, ahead: 0, behind: 0, missing: 0 };
  const lacking: ViewRow[] = [];
  for (const [name, row] of old) {
    let [before, now]: readonly (ViewRow | undefined)[] = [row, made.get(name)];
    if (now === undefined || lacks(now, row)) {
      // The older one first: an event goes to both at once.
      before = await view.row(serving, row);
      now = await view.row(built, row);
    }
    if (before === undefined) continue;
    if (now === undefined) counts.missing += 1;
    else if (lacks(now, before)) counts.behind += 1;
    else if (lacks(before, now)) counts.ahead += 1;
    else counts.same += 1;
    if (now === undefined || lacks(now, before)) lacking.push(before);
  }
  for (const name of made.keys()) if (!old.has(name)) counts.ahead += 1;
  return { comparison: { serving: old.size, built: made.size, ...counts }, lacking };
}

/** Whether a row has less than another of any part. */
function lacks(row: ViewRow, than: ViewRow): boolean {
  return PARTS.some((part) => row.sequences[part] < than.sequences[part]);
}

function nameOf({ principal, orderId }: ViewRow): string {
  return `${orderId} ${principal}`;
}
