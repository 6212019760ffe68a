import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import { TerraformOutput } from "cdktf";
import type * as z from "zod";
import { CognitoAuth } from "../modules/cognito-auth";
import type { PolicyStatement } from "../modules/internal/iam";
import type { Label } from "../modules/internal/label";
import type { auth as authSpec } from "./auth-spec";

/** What sign-up and sign-in stand on. */
export interface AuthFoundation {
  /** Folder of the project. */
  readonly root: string;
  readonly label: Label;
  readonly alarmTopicArn: string;
  readonly deletionProtection: boolean;
  /** What a signed-in user may do with AWS credentials. @default nothing */
  readonly authenticatedStatements?: readonly PolicyStatement[];
  /** ARN of the regional web ACL before the pool. @default none */
  readonly webAclArn?: string;
}

/**
 * Adds sign-up and sign-in, and their outputs.
 *
 * @throws Error naming the file that a SAML provider lacks
 */
export function addAuth(
  stack: TerraformStack,
  spec: z.output<typeof authSpec>,
  foundation: AuthFoundation,
): CognitoAuth {
  const { domain, samlProviders, sesIdentityArn, senderEmail, refreshTokenRotationGraceSeconds, ...fields } =
    spec;
  const auth = new CognitoAuth(stack, "auth", {
    ...fields,
    label: foundation.label,
    alarmTopicArn: foundation.alarmTopicArn,
    deletionProtection: foundation.deletionProtection,
    ...(foundation.authenticatedStatements && {
      authenticatedStatements: foundation.authenticatedStatements,
    }),
    ...(foundation.webAclArn !== undefined && { webAclArn: foundation.webAclArn }),
    ...(refreshTokenRotationGraceSeconds !== undefined && { refreshTokenRotationGraceSeconds }),
    ...(sesIdentityArn !== undefined && { sesIdentityArn }),
    ...(senderEmail !== undefined && { senderEmail }),
    ...(domain && { domainName: domain.name, certificateArn: domain.certificateArn }),
    ...(domain?.hostedZoneId !== undefined && { hostedZoneId: domain.hostedZoneId }),
    samlProviders: samlProviders.map(({ metadataFile, metadataUrl, ...provider }) => ({
      ...provider,
      ...(metadataUrl !== undefined && { metadataUrl }),
      ...(metadataFile !== undefined && {
        metadataDocument: readFileSync(join(foundation.root, metadataFile), "utf8"),
      }),
    })),
  });
  const outputs = {
    user_pool_id: auth.userPoolId,
    mobile_client_id: auth.mobileClientId,
    identity_pool_id: auth.identityPoolId,
    hosted_domain_url: auth.hostedDomainUrl,
    ...(domain && { hosted_domain_target: auth.hostedDomainAliasTarget ?? "" }),
  };
  for (const [name, value] of Object.entries(outputs)) new TerraformOutput(stack, name, { value });
  return auth;
}
