import { CONTROL_KEY, type Generations, type HistoryKey, type HistoryPart } from "../../../runtime";

/** The row that names the generations, with what a rebuild must remember. */
export interface Control extends Generations {
  /** When building began, as an ISO time. Beside `building`. */
  readonly since?: string;
  /** A generation that is read no more, whose rows do not all end yet. */
  readonly leaving?: number;
  /** The highest that there has been: numbers are not used twice. */
  readonly last: number;
  /** Counts the changes. 0 where there is no row. */
  readonly revision: number;
}

/** A row of the view, as far as generations are compared. */
export interface ViewRow {
  readonly generation: number;
  readonly principal: string;
  readonly orderId: string;
  /** Sequence of each part's last event, 0 for none. */
  readonly sequences: Readonly<Record<HistoryPart, number>>;
  /** It ends by itself. */
  readonly ends: boolean;
}

/** What is asked of the view's table. */
export interface ViewService {
  control(): Promise<Control>;
  /** Writes the row, unless somebody else has meanwhile. @returns whether it was written */
  change(from: Control, to: Omit<Control, "revision">): Promise<boolean>;
  /** All rows of all generations, in no order, some at a time. */
  pages(): AsyncIterable<readonly ViewRow[]>;
  /** The rows of another generation that are of the same orders, in their order; nothing for each that it does not have. */
  counterparts(generation: number, rows: readonly ViewRow[]): Promise<readonly (ViewRow | undefined)[]>;
  /** One row as it is now. */
  row(generation: number, row: Pick<ViewRow, "principal" | "orderId">): Promise<ViewRow | undefined>;
  /** Copies the parts of a row that the other generation lacks, or has older ones of. */
  copy(row: ViewRow, generation: number): Promise<void>;
  /** Has a row end by itself. @param at seconds since 1970 */
  end(row: ViewRow, at: number): Promise<void>;
  close(): void;
}

/** The parts that a row can have. */
export const PARTS: readonly HistoryPart[] = ["order", "fulfilment"];

/** What a row's generation has no second of. */
export function nameOf({ principal, orderId }: Pick<ViewRow, "principal" | "orderId">): string {
  return `${orderId} ${principal}`;
}

/** Reads a row. @returns nothing for the one that names the generations */
export function viewRowOf(row: Readonly<Record<string, unknown>>): ViewRow | undefined {
  const { pk, sk } = row as unknown as HistoryKey;
  if (pk === CONTROL_KEY.pk) return undefined;
  const cut = pk.indexOf("#");
  const sequence = (part: HistoryPart) => Number(row[`${part}Sequence`] ?? 0);
  return {
    ...{ generation: Number(pk.slice(0, cut)), principal: pk.slice(cut + 1), orderId: sk },
    sequences: { order: sequence("order"), fulfilment: sequence("fulfilment") },
    ends: row["expiresAt"] !== undefined,
  };
}
