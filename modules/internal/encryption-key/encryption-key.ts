import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type PolicyStatement, policyDocument } from "../iam";

/** A symmetric key for encryption at rest. */
export interface EncryptionKeyConfig {
  /** Name of the alias, without `alias/`, unique in account and region. */
  readonly name: string;
  /** What the key encrypts: shown in the console. */
  readonly description: string;
  /** Account whose IAM policies decide who may use and administer the key. */
  readonly accountId: string;
  /** Days between the request to delete the key and its end, 7 to 30. */
  readonly deletionWindowDays: number;
  /** Terraform refuses to destroy or replace the key: what it encrypted would be lost with it. */
  readonly deletionProtection: boolean;
  /** Further statements of the key policy, for what IAM policies cannot allow: AWS services. @default none */
  readonly statements?: readonly PolicyStatement[];
  /** Provider of the key's region. @default the stack's own */
  readonly provider?: TerraformProvider;
}

/**
 * KMS key and its alias.
 *
 * @throws Error when `deletionWindowDays` is out of range
 */
export class EncryptionKey extends Construct {
  /** ARN of the key. */
  readonly arn: string;
  /** Id of the key. */
  readonly keyId: string;
  /** Name of the alias, with `alias/`. */
  readonly aliasName: string;

  constructor(scope: Construct, id: string, config: EncryptionKeyConfig) {
    super(scope, id);
    const days = config.deletionWindowDays;
    if (!Number.isInteger(days) || days < 7 || days > 30) {
      throw new Error(`deletionWindowDays must be a whole number from 7 to 30, got ${days}`);
    }
    const provider = config.provider && { provider: config.provider };
    const key = new KmsKey(this, "key", {
      description: config.description,
      enableKeyRotation: true,
      deletionWindowInDays: days,
      policy: policyDocument([administration(config.accountId), ...(config.statements ?? [])]),
      lifecycle: { preventDestroy: config.deletionProtection },
      ...provider,
    });
    const alias = new KmsAlias(this, "alias", {
      name: `alias/${config.name}`,
      targetKeyId: key.keyId,
      ...provider,
    });
    this.arn = key.arn;
    this.keyId = key.keyId;
    this.aliasName = alias.name;
  }
}

/**
 * Hands the key to the account's IAM policies. Without it nobody could mend the key policy, not even the account's root:
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
function administration(accountId: string): PolicyStatement {
  return {
    sid: "AdministeredByAccount",
    principals: { AWS: `arn:aws:iam::${accountId}:root` },
    actions: ["kms:*"],
    resources: ["*"],
  };
}
