import type { components } from "./generated/v1/types";

/** One page of a list. */
export type ProductPage = components["schemas"]["ProductPage"];
