import { DataAwsSecretsmanagerRandomPassword } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-random-password";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
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
    const random = new DataAwsSecretsmanagerRandomPassword(this, "random", {
      passwordLength: 48,
      // A header of letters and digits passes unchanged everywhere.
      excludePunctuation: true,
    });
    const secret = new SecretsmanagerSecret(this, "secret", {
      name: label.name(`downloads-origin-${name}`, 512),
      description: "CloudFront sends it to the load balancer, which takes no request without it.",
      ...(config.kmsKeyArn !== undefined && { kmsKeyId: config.kmsKeyArn }),
      recoveryWindowInDays: config.deletionProtection ? 30 : 0,
    });
    const version = new SecretsmanagerSecretVersion(this, "version", {
      secretId: secret.id,
      secretString: random.randomPassword,
      // The data source is another text each time it is read; the first one stays.
      lifecycle: { ignoreChanges: ["secret_string"] },
    });
    this.arn = secret.arn;
    this.value = version.secretString;
  }
}
