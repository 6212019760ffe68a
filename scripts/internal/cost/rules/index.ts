import type { Rule } from "../item";
import { NETWORK_RULES } from "./network";

/** What each type is charged for. A rule of its own for each part, so that one unknown quantity leaves the others priced. */
export const RULES: Readonly<Record<string, readonly Rule[]>> = { ...NETWORK_RULES };
