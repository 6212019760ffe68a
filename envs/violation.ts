import type { EnvironmentSpec } from "./spec";

/** A value that breaks a rule which no single field can hold. */
export interface Violation {
  /** Name of the environment. */
  readonly environment: string;
  /** Path of the field, e.g. `todo.dax.nodes`. */
  readonly path: string;
  /** What it must be, what it is. */
  readonly message: string;
}

/** Takes a path and what is wrong there. */
export type Report = (path: string, message: string) => void;
/** Reports what breaks it. */
export type Rule = (spec: EnvironmentSpec, report: Report) => void;
