import { CognitoIdentityProvider } from "@cdktf/provider-aws/lib/cognito-identity-provider";
import type { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import { DataAwsSecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-version";
import { Construct } from "constructs";
import type { CognitoAuthConfig, OidcProvider, SamlProvider } from "./config";

/**
 * Adds the identity providers that users may sign in by instead of a password of their own.
 *
 * @returns their names, as references: what uses them waits for them
 */
export function addFederation(scope: Construct, pool: CognitoUserPool, config: CognitoAuthConfig): string[] {
  const oidc = (config.oidcProviders ?? []).map((provider) => addOidc(scope, pool, provider));
  const saml = (config.samlProviders ?? []).map((provider) => addSaml(scope, pool, provider));
  return [...oidc, ...saml].map(({ providerName }) => providerName);
}

function addOidc(scope: Construct, pool: CognitoUserPool, provider: OidcProvider): CognitoIdentityProvider {
  const here = new Construct(scope, `oidc-${provider.name}`);
  const secret = new DataAwsSecretsmanagerSecretVersion(here, "client-secret", {
    secretId: provider.clientSecretArn,
  });
  return new CognitoIdentityProvider(here, "provider", {
    userPoolId: pool.id,
    providerName: provider.name,
    providerType: "OIDC",
    providerDetails: {
      oidc_issuer: provider.issuer,
      client_id: provider.clientId,
      client_secret: secret.secretString,
      authorize_scopes: (provider.scopes ?? ["openid", "email"]).join(" "),
      attributes_request_method: "GET",
      // Cognito fills it in, and the provider would take it for a difference.
      attributes_url_add_attributes: "false",
    },
    // Cognito adds the mapping of the user name by itself: left out, it would come back as a difference.
    attributeMapping: { username: "sub", ...provider.attributeMapping },
  });
}

function addSaml(scope: Construct, pool: CognitoUserPool, provider: SamlProvider): CognitoIdentityProvider {
  const here = new Construct(scope, `saml-${provider.name}`);
  return new CognitoIdentityProvider(here, "provider", {
    userPoolId: pool.id,
    providerName: provider.name,
    providerType: "SAML",
    providerDetails: {
      ...(provider.metadataUrl !== undefined && { MetadataURL: provider.metadataUrl }),
      ...(provider.metadataDocument !== undefined && { MetadataFile: provider.metadataDocument }),
      RequestSigningAlgorithm: "rsa-sha256",
    },
    attributeMapping: { ...provider.attributeMapping },
    // Cognito reads these from the metadata: https://github.com/hashicorp/terraform-provider-aws/issues/36912
    lifecycle: {
      ignoreChanges: [
        'provider_details["ActiveEncryptionCertificate"]',
        'provider_details["SSORedirectBindingURI"]',
        'provider_details["SLORedirectBindingURI"]',
      ],
    },
  });
}
