import type { Move } from "./move";

/**
 * Resources whose construct path has changed: Terraform then moves them in its state, where it would destroy the old and create the new.
 * `scripts/moved` proposes entries. One may go once every environment has been deployed with it.
 */
export const moves: readonly Move[] = [];
