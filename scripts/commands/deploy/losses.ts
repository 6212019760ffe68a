import { resolve } from "node:path";
import { CommandError } from "../../internal/cli";
import { readJson } from "../../internal/json-file";
import type { Plan, PlannedChange, SynthesisedStack, TerraformPlan } from "../../internal/plan";

/** Attributes by which AWS refuses to delete, and the values that let it, by type. */
type DeletionProtection = Readonly<Record<string, { readonly attribute: string; readonly lifted: unknown }>>;

const DELETION_PROTECTION = resolve(__dirname, "../../../envs/deletion-protection.json");

/** What a plan does to a resource that loses it. */
const LOSING: Readonly<Partial<Record<PlannedChange["action"], "replace" | "destroy">>> = {
  replace: "replace",
  delete: "destroy",
  forget: "destroy",
};

/**
 * What a plan would lose and may not: the last line of defence, whatever happened to `prevent_destroy` and to the committed lists.
 *
 * @param plan as it is read
 * @param raw the same plan, as Terraform shows it
 * @returns an error for each resource; none where the environment is not protected
 */
export function findLosses(plan: Plan, raw: TerraformPlan, stack: SynthesisedStack): CommandError[] {
  // Without deletionProtection the stack says nothing of what is acknowledged.
  const acknowledged = stack["//"]?.acknowledged;
  if (acknowledged === undefined) return [];
  return plan.changes.flatMap((change) => {
    const action = LOSING[change.action];
    if (!change.stateful || action === undefined) return [];
    const { path, type, holds = "data", replacedBy } = change;
    const verb = action === "replace" ? "replaced" : "destroyed";
    if (!acknowledged.some((it) => it.path === path && it.action === action)) {
      const why = replacedBy.length > 0 ? `, for ${replacedBy.join(", ")}` : "";
      return [
        new CommandError(
          path,
          `${type} would be ${verb}${why}, and its ${holds} lost`,
          `if that is right: { path: "${path}", action: "${action}", reason: "…" } in acknowledged of ${plan.environment}.ts`,
        ),
      ];
    }
    const attribute = standsInTheWay(change, raw);
    if (attribute === undefined) return [];
    return [
      new CommandError(
        path,
        `${type} cannot be ${verb} yet: AWS still protects it by ${attribute}`,
        "first deploy the acknowledgement alone, which lifts that, then this change",
      ),
    ];
  });
}

/** Attribute by which AWS would refuse half-way: Terraform destroys a resource as it is deployed, not as it is configured. */
function standsInTheWay({ address, type }: PlannedChange, raw: TerraformPlan): string | undefined {
  const protection = readJson<DeletionProtection>(DELETION_PROTECTION)?.[type];
  if (!protection) return undefined;
  const { change } = raw.resource_changes?.find((it) => it.address === address) ?? {};
  const before = change?.before as Readonly<Record<string, unknown>> | null | undefined;
  const value = before?.[protection.attribute] ?? !protection.lifted;
  return value === protection.lifted ? undefined : protection.attribute;
}
