/** What is about to be made. */
export interface Skeleton {
  /** As its user calls it, e.g. `modules/mail-queue`. */
  readonly place: string;
  /** Text of each new file, by its path from the project's folder. */
  readonly files: Readonly<Record<string, string>>;
  /** The same of the files that it changes. */
  readonly changed: Readonly<Record<string, string>>;
  /** Paths of what is generated from these, e.g. goldens; those that there are not afterwards are passed over. */
  readonly generated: readonly string[];
  /** What is left for its user to do, a sentence each. */
  readonly next: readonly string[];
}
