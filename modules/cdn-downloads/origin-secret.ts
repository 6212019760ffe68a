import { DataAwsSecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-version";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { TerraformElement } from "cdktf";
import { Construct } from "constructs";
import type { Label } from "../internal/label";

/** A secret that CloudFront sends to the load balancer. */
export interface OriginSecretConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Name of the secret among those of the distribution. */
  readonly name: string;
  /** ARN of the KMS key. @default the account's own of Secrets Manager */
  readonly kmsKeyArn?: string;
  /** A secret that is removed can be brought back for 30 days; without it, it is gone at once. */
  readonly deletionProtection: boolean;
}

/**
 * A random secret. AWS makes it up while Terraform applies, so the synthesised JSON holds a reference to it alone. The state
 * holds it, as it holds the distribution that sends it: who reads the state can pass for CloudFront.
 */
export class OriginSecret extends Construct {
  /** ARN of the secret. */
  readonly arn: string;
  /** Reference to the secret's text, marked as sensitive by the provider. */
  readonly value: string;

  constructor(scope: Construct, id: string, { label, name, ...config }: OriginSecretConfig) {
    super(scope, id);
    const random = new RandomPassword(this, "random");
    const secret = new SecretsmanagerSecret(this, "secret", {
      name: label.name(`downloads-origin-${name}`, 512),
      description: "CloudFront sends it to the load balancer, which takes no request without it.",
      ...(config.kmsKeyArn !== undefined && { kmsKeyId: config.kmsKeyArn }),
      recoveryWindowInDays: config.deletionProtection ? 30 : 0,
    });
    const version = new SecretsmanagerSecretVersion(this, "version", {
      secretId: secret.id,
      secretStringWo: random.text,
      // What is made up is another text in each run; it is written for a new number alone, so the first one stays.
      secretStringWoVersion: 1,
    });
    const written = new DataAwsSecretsmanagerSecretVersion(this, "written", {
      secretId: version.secretId,
      versionId: version.versionId,
    });
    this.arn = secret.arn;
    this.value = written.secretString;
  }
}

/**
 * A text of 48 letters and digits, which pass unchanged in a header everywhere, and which Terraform keeps nowhere. The data source
 * of the same name has the text as its id, and every run writes ids into its log. cdktf has no class for ephemeral resources.
 */
class RandomPassword extends TerraformElement {
  /** Reference to the text, for write-only arguments alone. */
  readonly text: string;

  constructor(scope: Construct, id: string) {
    super(scope, id, "ephemeral.aws_secretsmanager_random_password");
    this.text = `\${ephemeral.aws_secretsmanager_random_password.${this.friendlyUniqueId}.random_password}`;
  }

  override toTerraform(): object {
    return {
      ephemeral: {
        aws_secretsmanager_random_password: {
          [this.friendlyUniqueId]: { password_length: 48, exclude_punctuation: true },
        },
      },
    };
  }
}
