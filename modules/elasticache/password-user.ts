import { CloudformationStack } from "@cdktf/provider-aws/lib/cloudformation-stack";
import { Fn, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "./config";

/** A user with a password. */
export interface PasswordUserConfig {
  /** Settings of the cache. */
  readonly settings: Settings;
  /** Name, and id, of the user. */
  readonly userName: string;
}

/** Characters of a password; ElastiCache takes 16 to 128. */
const PASSWORD_LENGTH = 64;

/**
 * A user whose passwords AWS makes up and hands over by itself, from Secrets Manager to ElastiCache: CloudFormation can name a secret
 * where Terraform's `aws_elasticache_user` would have to hold its text, and keep it in the state. Nothing here, in the state or in the
 * template knows a password.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
 */
export class PasswordUser extends Construct {
  /** What must be there before the user is. */
  readonly stack: CloudformationStack;
  /** ARN of the secret with `username` and `password`, in JSON. */
  readonly secretArn: string;

  constructor(scope: Construct, id: string, { settings, userName }: PasswordUserConfig) {
    super(scope, id);
    const { label, name, passwordNames } = settings;
    this.stack = new CloudformationStack(this, "stack", {
      name: label.name(`${name}-cache-user`, 128),
      templateBody: JSON.stringify({
        Description: `User of cache ${name}, and its passwords`,
        Resources: {
          ...Object.fromEntries(
            passwordNames.map((passwordName, index) => [
              logicalId(passwordName),
              secret(settings, userName, index === 0),
            ]),
          ),
          User: {
            Type: "AWS::ElastiCache::User",
            Properties: {
              UserId: userName,
              UserName: userName,
              Engine: settings.engine,
              AccessString: settings.accessString,
              Passwords: passwordNames.map(resolvePassword),
            },
          },
        },
        Outputs: { SecretArn: { Value: { Ref: logicalId(passwordNames[0] as string) } } },
      }),
    });
    // A reference without quotes, so that policies that hold it are JSON before Terraform renders them too.
    this.secretArn = new TerraformLocal(
      this,
      "secret-arn",
      Fn.lookup(this.stack.outputs, "SecretArn"),
    ).asString;
  }
}

/** Its name is CloudFormation's: one of ours would be taken for the 30 days in which a secret that was removed can be had back. */
function secret({ kmsKeyArn, name }: Settings, userName: string, current: boolean) {
  return {
    Type: "AWS::SecretsManager::Secret",
    Properties: {
      Description: `Password of the user of cache ${name}${current ? "" : ", until no client has it any more"}`,
      KmsKeyId: kmsKeyArn,
      GenerateSecretString: {
        SecretStringTemplate: JSON.stringify({ username: userName }),
        GenerateStringKey: "password",
        PasswordLength: PASSWORD_LENGTH,
        // Letters and digits alone pass unchanged everywhere.
        ExcludePunctuation: true,
      },
    },
  };
}

/** CloudFormation puts the password there when it makes the user. */
function resolvePassword(passwordName: string) {
  return {
    "Fn::Join": [
      "",
      ["{{resolve:secretsmanager:", { Ref: logicalId(passwordName) }, ":SecretString:password}}"],
    ],
  };
}

function logicalId(passwordName: string): string {
  return `Password${passwordName}`;
}
