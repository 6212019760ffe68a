import type { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import { DataAwsCognitoUserPool } from "@cdktf/provider-aws/lib/data-aws-cognito-user-pool";
import { type Precondition, TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import type { CustomAttribute } from "./config";

/**
 * Makes the condition under which `attributes` can be applied to the pool: every custom attribute that the pool has is among
 * them, with its type and mutability. For another resource to carry: it must be known when that resource is planned.
 *
 * The pool is read when planning, as soon as it exists. Terraform would put that off until the pool had changed, and so too
 * late, if the data source carried the condition itself or named the pool without the local value in between
 * (https://github.com/hashicorp/terraform/issues/27171).
 */
export function schemaGuard(
  scope: Construct,
  pool: CognitoUserPool,
  attributes: readonly CustomAttribute[],
): Precondition {
  const poolId = new TerraformLocal(scope, "user-pool-id", pool.id);
  const actual = new DataAwsCognitoUserPool(scope, "user-pool-as-it-is", { userPoolId: poolId.asString });
  const kept = attributes.map(({ name, type, mutable }) => `custom:${name} ${type} ${mutable ?? true}`);
  const lost =
    `[for a in ${dataSourceAddress(actual)}.schema_attributes : a.name if startswith(a.name, "custom:") && ` +
    `!contains(${JSON.stringify(kept)}, "\${a.name} \${a.attribute_data_type} \${a.mutable}")]`;
  return {
    condition: `\${length(${lost}) == 0}`,
    errorMessage:
      `customAttributes must keep \${join(", ", ${lost})} as it is: Cognito can neither rename, change nor remove an ` +
      "attribute of a user pool. Add the new one beside it.",
  };
}

/** `data.<type>.<name>`, for use within an expression: `fqn` is a whole one. */
function dataSourceAddress(source: DataAwsCognitoUserPool): string {
  return `data.${source.terraformResourceType}.${source.friendlyUniqueId}`;
}
