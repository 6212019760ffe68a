import {
  CognitoUserPool,
  type CognitoUserPoolEmailConfiguration,
  type CognitoUserPoolSchema,
} from "@cdktf/provider-aws/lib/cognito-user-pool";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import type { Construct } from "constructs";
import { type CognitoAuthConfig, type CustomAttribute, thingName } from "./config";

/** Adds the user pool: users sign up and in by their e-mail address, in whatever case they write it. */
export function addUserPool(scope: Construct, config: CognitoAuthConfig): CognitoUserPool {
  const { deletionProtection, threatProtection } = config;
  const pool = new CognitoUserPool(scope, "user-pool", {
    name: config.label.name(thingName(config, "users"), 128),
    usernameAttributes: ["email"],
    usernameConfiguration: { caseSensitive: false },
    autoVerifiedAttributes: ["email"],
    // Else whoever holds a session could move the account to an address that is not theirs.
    userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ["email"] },
    accountRecoverySetting: { recoveryMechanism: [{ name: "verified_email", priority: 1 }] },
    adminCreateUserConfig: { allowAdminCreateUserOnly: false },
    passwordPolicy: {
      minimumLength: config.passwordMinimumLength ?? 12,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: true,
      temporaryPasswordValidityDays: 3,
      passwordHistorySize: 5,
    },
    mfaConfiguration: config.mfa === "required" ? "ON" : "OPTIONAL",
    softwareTokenMfaConfiguration: { enabled: true },
    // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
    userPoolTier: threatProtection === "off" ? "ESSENTIALS" : "PLUS",
    userPoolAddOns: {
      advancedSecurityMode: threatProtection.toUpperCase(),
    },
    emailConfiguration: emailConfiguration(config),
    schema: [EMAIL, ...(config.customAttributes ?? []).map(schemaAttribute)],
    deletionProtection: deletionProtection ? "ACTIVE" : "INACTIVE",
    lifecycle: { preventDestroy: deletionProtection },
  });
  if (config.webAclArn !== undefined) {
    new Wafv2WebAclAssociation(scope, "web-acl", { resourceArn: pool.arn, webAclArn: config.webAclArn });
  }
  return pool;
}

/**
 * Address that mail comes from.
 *
 * @returns nothing when Cognito's own sender is used
 */
export function senderEmail({ sesIdentityArn, senderEmail }: CognitoAuthConfig): string | undefined {
  if (sesIdentityArn === undefined || senderEmail !== undefined) return senderEmail;
  const identity = sesIdentityArn.slice(sesIdentityArn.indexOf("/") + 1);
  return identity.includes("@") ? identity : `no-reply@${identity}`;
}

function emailConfiguration(config: CognitoAuthConfig): CognitoUserPoolEmailConfiguration {
  const from = senderEmail(config);
  if (config.sesIdentityArn === undefined || from === undefined) {
    return { emailSendingAccount: "COGNITO_DEFAULT" };
  }
  return {
    emailSendingAccount: "DEVELOPER",
    sourceArn: config.sesIdentityArn,
    fromEmailAddress: from,
  };
}

/** Cognito's own attribute, here required: it is what users sign in by. */
const EMAIL: CognitoUserPoolSchema = {
  name: "email",
  attributeDataType: "String",
  developerOnlyAttribute: false,
  required: true,
  mutable: true,
  stringAttributeConstraints: { minLength: "0", maxLength: "2048" },
};

/**
 * Every constraint is written out: what Cognito fills in by itself would come back as a difference of the schema, which the
 * provider takes for a removal (https://github.com/hashicorp/terraform-provider-aws/issues/21654).
 */
function schemaAttribute({ name, type, mutable }: CustomAttribute): CognitoUserPoolSchema {
  return {
    name,
    attributeDataType: type,
    developerOnlyAttribute: false,
    required: false,
    mutable: mutable ?? true,
    ...(type === "String" && { stringAttributeConstraints: { minLength: "0", maxLength: "2048" } }),
    ...(type === "Number" && {
      numberAttributeConstraints: {
        minValue: String(Number.MIN_SAFE_INTEGER),
        maxValue: String(Number.MAX_SAFE_INTEGER),
      },
    }),
  };
}
