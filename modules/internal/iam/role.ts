import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type PolicyStatement, policyDocument, type TrustStatement, trustDocument } from "./policy";

/** A role with everything it may do in one inline policy, so that both live and die together. */
export interface RoleConfig {
  /** Role name, at most 64 characters, unique in the account. */
  readonly name: string;
  /** Who may assume the role. */
  readonly trust: readonly TrustStatement[];
  /** What the role may do. Nothing, when there are none: what has the role is known by it all the same. */
  readonly statements: readonly PolicyStatement[];
  /** Longest session in seconds. @default 3600 */
  readonly maxSessionSeconds?: number;
}

/** IAM role with one inline policy, or none where it may do nothing: AWS takes no empty policy. */
export class Role extends Construct {
  /** ARN of the role. What uses it at once depends on `policy` as well: the ARN is there before the rights are. */
  readonly arn: string;
  /** Name of the role. */
  readonly name: string;
  /** The inline policy, to depend on where rights must exist before use; the role itself where it has none. */
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, config: RoleConfig) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: config.name,
      assumeRolePolicy: trustDocument(config.trust),
      maxSessionDuration: config.maxSessionSeconds ?? 3600,
    });
    this.policy =
      config.statements.length === 0
        ? role
        : new IamRolePolicy(this, "policy", {
            name: "access",
            role: role.name,
            policy: policyDocument(config.statements),
          });
    this.arn = role.arn;
    this.name = role.name;
  }
}
