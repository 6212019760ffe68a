import { explainFailure } from "./problems";

/** Which state it is: Terraform counts `serial` up with each that it writes, and `lineage` is that of all that came from one. */
export interface StateVersion {
  readonly lineage: string;
  readonly serial: number;
}

/** There is no state yet. */
const NONE: StateVersion = { lineage: "", serial: 0 };

/**
 * Which version a state is.
 *
 * @param text what a plan file or `terraform state pull` has of it; empty where nothing was deployed yet
 */
export function stateVersion(text: string): StateVersion {
  if (text.trim() === "") return NONE;
  const { lineage, serial } = JSON.parse(text) as StateVersion;
  return { lineage, serial };
}

/**
 * Refuses a plan that Terraform would refuse once it is asked to apply it: `--dry-run` does not get that far.
 * https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/local/backend_local.go
 *
 * @throws CommandError when the state is not the one that the plan was made with
 */
export function refuseStale(environment: string, planned: StateVersion, now: StateVersion): void {
  const first = planned.lineage === "" && planned.serial === 0;
  const summary =
    !first && planned.lineage !== now.lineage
      ? "Saved plan does not match the given state"
      : planned.serial !== now.serial && "Saved plan is stale";
  if (summary) throw explainFailure(environment, [{ summary }], false);
}
