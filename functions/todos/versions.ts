import type { Operations } from "./operations";
import { operations as v1 } from "./v1/operations";
import { operations as v2 } from "./v2/operations";

/** The operations of each version of the API. A version is served by functions of its own, from the one bundle. */
export const versions: Readonly<Record<string, Operations>> = { v1, v2 };
