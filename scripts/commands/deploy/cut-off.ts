import { CommandError } from "../../internal/cli";
import { statefulTypes } from "../../internal/plan";

/** Terraform's state as `terraform show -json` prints it, as far as it is looked at. */
export interface ShownState {
  readonly values?: {
    readonly root_module?: {
      readonly resources?: readonly {
        readonly address: string;
        readonly type: string;
        /** Its creation has begun, and has not come to a good end. */
        readonly tainted?: boolean;
      }[];
    };
  };
}

/**
 * Protected resources whose creation was cut off. Terraform would make them anew, and their protection forbids it: every further plan fails.
 * They are new, and most often whole.
 *
 * @param folder of the stack, where Terraform is run
 * @param paths construct paths by address
 * @returns an error for each
 */
export function findCutOff(
  { values }: ShownState,
  folder: string,
  paths: ReadonlyMap<string, string>,
): CommandError[] {
  const stateful = statefulTypes();
  return (values?.root_module?.resources ?? [])
    .filter(({ tainted, type }) => tainted === true && type in stateful)
    .map(
      ({ address }) =>
        new CommandError(
          paths.get(address) ?? address,
          "was cut off while it was made, and its protection keeps Terraform from making it anew",
          `look whether AWS has it whole, then: terraform -chdir=${folder} untaint ${address}`,
        ),
    );
}
