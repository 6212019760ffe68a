import { type Generations, historyKey } from "../../runtime";
import type { Change } from "./change";
import type { View } from "./view";

/** For tests: the view in memory, by the same rule. */
export class MemoryView implements View {
  generationsNow: Generations = { serving: 1 };
  /** Parts of rows by key. */
  readonly rows = new Map<string, Record<string, string | number>>();

  async generations(): Promise<Generations> {
    return this.generationsNow;
  }

  async apply(generation: number, { principal, orderId, part, sequence, content }: Change): Promise<boolean> {
    const { pk, sk } = historyKey(generation, principal, orderId);
    const row = this.rows.get(`${pk}/${sk}`) ?? {};
    if (Number(row[`${part}Sequence`] ?? 0) >= sequence) return false;
    this.rows.set(`${pk}/${sk}`, { ...row, [part]: content, [`${part}Sequence`]: sequence });
    return true;
  }

  /** Rows of one generation, by user and order. */
  of(generation: number): Record<string, Record<string, string | number>> {
    const own = [...this.rows].filter(([key]) => key.startsWith(`${generation}#`));
    return Object.fromEntries(own.map(([key, row]) => [key.slice(key.indexOf("#") + 1), row]));
  }
}
