/** A change that breaks somebody who goes by what was published. */
export interface Change {
  /** Where, as a JSON pointer: of what is gone, in the published copy; else in the contract. */
  readonly pointer: string;
  /** What has changed and whom it breaks, e.g. `allows "shipped" besides: clients know no such answer`. */
  readonly change: string;
}

/** Collects changes. What several operations share is told once. */
export class Findings {
  private readonly found = new Map<string, Change>();

  /** @param where the place, or a pointer to it */
  add(where: { readonly pointer: string } | string, change: string): void {
    const pointer = typeof where === "string" ? where : where.pointer;
    this.found.set(`${pointer} ${change}`, { pointer, change });
  }

  /** In the order in which they were found. */
  get changes(): Change[] {
    return [...this.found.values()];
  }
}
