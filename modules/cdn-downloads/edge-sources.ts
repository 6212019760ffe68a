import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Source texts of the functions that run at the edge. */
export interface EdgeFunctions {
  /** Brings requests that mean the same to one form. */
  readonly normaliseRequest: string;
  /** Answers 404. */
  readonly refuseRequest: string;
}

/**
 * Reads the functions' sources. They are deployed as they are written, so they are no part of the bundle that synthesises.
 *
 * @param root folder of the project
 */
export function loadEdgeFunctions(root: string): EdgeFunctions {
  const read = (name: string) => readFileSync(join(root, "modules", "cdn-downloads", `${name}.js`), "utf8");
  return { normaliseRequest: read("normalise-request"), refuseRequest: read("refuse-request") };
}
