import { existsSync, readFileSync } from "node:fs";
import { strFromU8, unzipSync } from "fflate";
import { CommandError } from "../../internal/cli";
import { type StateVersion, stateVersion } from "./stale";

/** What a plan file of Terraform says of itself: it is a zip with the configuration that it was made of. */
export interface PlanFile {
  /** The stack as it was when the plan was made: the text of its `cdk.tf.json`. */
  readonly stack: string;
  /** Lock file of the providers that made the plan. Terraform takes a plan with no others. */
  readonly lockFile: string;
  /** The state that the plan was made with. */
  readonly state: StateVersion;
}

/** https://github.com/hashicorp/terraform/blob/v1.11.4/internal/plans/planfile/config_snapshot.go */
const STACK = "tfconfig/m-/cdk.tf.json";
const LOCK_FILE = ".terraform.lock.hcl";
/** https://github.com/hashicorp/terraform/blob/v1.11.4/internal/plans/planfile/reader.go */
const STATE = "tfstate";

/**
 * Opens a plan file.
 *
 * @throws CommandError when there is none, or it is no plan of a stack of this project
 */
export function readPlanFile(path: string): PlanFile {
  if (!existsSync(path)) {
    throw new CommandError(
      path,
      "does not exist",
      "make the plan: scripts/diff <environment> --out <folder>",
    );
  }
  const [stack, lockFile, state] = unzip(path);
  if (stack !== undefined && lockFile !== undefined && state !== undefined) {
    return { stack, lockFile, state: stateVersion(state) };
  }
  throw new CommandError(path, "is not a plan of a stack of this project", "make it with scripts/diff");
}

function unzip(path: string): (string | undefined)[] {
  try {
    const wanted = [STACK, LOCK_FILE, STATE];
    const files = unzipSync(readFileSync(path), { filter: ({ name }) => wanted.includes(name) });
    return wanted.map((name) => files[name] && strFromU8(files[name]));
  } catch {
    return [];
  }
}
