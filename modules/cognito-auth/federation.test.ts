import type { CognitoAuthConfig } from ".";
import { synthesiseAuth } from "./fixture";

const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:oidc-AbCdEf";

const federation: Partial<CognitoAuthConfig> = {
  customAttributes: [{ name: "department", type: "String" }],
  oidcProviders: [
    {
      name: "Acme",
      issuer: "https://login.example.com",
      clientId: "client",
      clientSecretArn: SECRET_ARN,
      attributeMapping: { email: "email", email_verified: "email_verified", "custom:department": "dept" },
    },
  ],
  samlProviders: [
    {
      name: "Corp",
      metadataUrl: "https://idp.example.com/metadata.xml",
      attributeMapping: { email: "mail" },
    },
    { name: "Partner", metadataDocument: "<EntityDescriptor/>", attributeMapping: { email: "mail" } },
  ],
};

const synthesised = synthesiseAuth(federation);

describe("OIDC", () => {
  const provider = synthesised.one("aws_cognito_identity_provider", "oidc-Acme");

  test("is found by its issuer", () => {
    expect(provider).toMatchObject({ provider_name: "Acme", provider_type: "OIDC" });
    expect(provider.provider_details).toMatchObject({
      oidc_issuer: "https://login.example.com",
      client_id: "client",
      authorize_scopes: "openid email",
      attributes_request_method: "GET",
    });
  });

  test("control 26: its secret is a reference to Secrets Manager, never text", () => {
    const [[name, source] = []] = Object.entries<Record<string, unknown>>(
      synthesised.json["data"]["aws_secretsmanager_secret_version"],
    );
    expect(source).toMatchObject({ secret_id: SECRET_ARN });
    expect(provider.provider_details.client_secret).toBe(
      `\${data.aws_secretsmanager_secret_version.${name}.secret_string}`,
    );
  });

  test("maps the user name as Cognito does, and what is given", () => {
    expect(provider.attribute_mapping).toEqual({
      username: "sub",
      email: "email",
      email_verified: "email_verified",
      "custom:department": "dept",
    });
  });
});

describe("SAML", () => {
  test("metadata comes from a URL", () => {
    expect(synthesised.one("aws_cognito_identity_provider", "saml-Corp").provider_details).toEqual({
      MetadataURL: "https://idp.example.com/metadata.xml",
      RequestSigningAlgorithm: "rsa-sha256",
    });
  });

  test("metadata comes from a document", () => {
    expect(synthesised.one("aws_cognito_identity_provider", "saml-Partner").provider_details).toEqual({
      MetadataFile: "<EntityDescriptor/>",
      RequestSigningAlgorithm: "rsa-sha256",
    });
  });

  test("what Cognito reads from the metadata is no difference", () => {
    expect(synthesised.one("aws_cognito_identity_provider", "saml-Corp").lifecycle.ignore_changes).toEqual([
      'provider_details["ActiveEncryptionCertificate"]',
      'provider_details["SSORedirectBindingURI"]',
      'provider_details["SLORedirectBindingURI"]',
    ]);
  });
});

describe("the client", () => {
  const client = synthesised.one("aws_cognito_user_pool_client");

  test("offers every provider, and waits for each", () => {
    expect(client.supported_identity_providers).toEqual([
      "COGNITO",
      expect.stringMatching(/^\$\{aws_cognito_identity_provider\..*oidc-Acme.*\.provider_name\}$/),
      expect.stringMatching(/^\$\{aws_cognito_identity_provider\..*saml-Corp.*\.provider_name\}$/),
      expect.stringMatching(/^\$\{aws_cognito_identity_provider\..*saml-Partner.*\.provider_name\}$/),
    ]);
  });

  test("may write what the providers map, but for what Cognito sets by itself", () => {
    expect(client.write_attributes).toContain("custom:department");
    expect(client.write_attributes).not.toContain("email_verified");
  });

  test("without providers offers passwords alone", () => {
    expect(synthesiseAuth().one("aws_cognito_user_pool_client").supported_identity_providers).toEqual([
      "COGNITO",
    ]);
  });
});

test("control 29: sign-ins by providers alarm when Cognito refuses them for their number", () => {
  const names = synthesised.all("aws_cloudwatch_metric_alarm").map((alarm) => alarm["alarm_name"]);
  expect(names).toContain("acme-test-auth-federation-throttles");
});
