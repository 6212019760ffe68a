import type { Rules } from "../item";
import { COMPUTE_RULES } from "./compute";
import { DATA_RULES } from "./data";
import { EDGE_RULES } from "./edge";
import { NETWORK_RULES } from "./network";
import { OPERATIONS_RULES } from "./operations";

/** What each type is charged for: a rule for each part, so that what is not known of one leaves the others priced. */
export const RULES: Rules = {
  ...COMPUTE_RULES,
  ...DATA_RULES,
  ...EDGE_RULES,
  ...NETWORK_RULES,
  ...OPERATIONS_RULES,
};
