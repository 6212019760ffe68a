import { Label } from "../internal/label";
import { synthesise } from "../internal/synth-test";
import { CognitoAuth, type CognitoAuthConfig } from ".";
import { leastConfig, synthesiseAuth } from "./fixture";

const own = {
  domainName: "auth.example.com",
  certificateArn: "arn:aws:acm:us-east-1:111111111111:certificate/1",
};

describe("the hosted domain", () => {
  test("is a prefix of Cognito's, named globally", () => {
    expect(synthesiseAuth().one("aws_cognito_user_pool_domain")).toMatchObject({
      domain: leastConfig.label.globalName("auth"),
      managed_login_version: 1,
    });
  });

  test("is an own one", () => {
    expect(synthesiseAuth(own).one("aws_cognito_user_pool_domain")).toMatchObject({
      domain: "auth.example.com",
      certificate_arn: own.certificateArn,
    });
  });

  test("an own one has its records in the zone, when the zone is given", () => {
    const records = synthesiseAuth({ ...own, hostedZoneId: "Z0123456789ABC" }).all("aws_route53_record");
    expect(records.map(({ type }) => type).sort()).toEqual(["A", "AAAA"]);
    for (const record of records) {
      expect(record).toMatchObject({
        zone_id: "Z0123456789ABC",
        name: "auth.example.com",
        alias: {
          name: expect.stringMatching(/^\$\{aws_cognito_user_pool_domain\..+\.cloudfront_distribution\}$/),
          zone_id: expect.stringMatching(
            /^\$\{aws_cognito_user_pool_domain\..+\.cloudfront_distribution_zone_id\}$/,
          ),
        },
      });
    }
    expect(synthesiseAuth(own).types).not.toContain("aws_route53_record");
  });
});

describe("outputs", () => {
  function outputs(changes: Partial<CognitoAuthConfig>): CognitoAuth {
    let auth: CognitoAuth | undefined;
    synthesise((stack) => {
      auth = new CognitoAuth(stack, "auth", { ...leastConfig, ...changes });
    });
    return auth as CognitoAuth;
  }

  test("a prefix's URL names the region, and needs no record", () => {
    const auth = outputs({});
    expect(auth.hostedDomainUrl).toMatch(/^https:\/\/.*\.auth\.eu-west-1\.amazoncognito\.com$/);
    expect(auth.hostedDomainAliasTarget).toBeUndefined();
  });

  test("an own domain's record has a target", () => {
    expect(outputs(own).hostedDomainAliasTarget).toBeDefined();
  });
});

describe("control 29: alarms", () => {
  const names = (changes: Partial<CognitoAuthConfig>) =>
    synthesiseAuth(changes)
      .all("aws_cloudwatch_metric_alarm")
      .map((alarm) => alarm["alarm_name"])
      .sort();

  test("tell of requests refused for their number", () => {
    expect(names({})).toEqual([
      "acme-test-auth-sign-in-throttles",
      "acme-test-auth-sign-up-throttles",
      "acme-test-auth-token-refresh-throttles",
    ]);
  });

  test("tell of attacks that threat protection sees, also when it only watches", () => {
    expect(names({ threatProtection: "audit" })).toEqual(
      expect.arrayContaining(["acme-test-auth-compromised", "acme-test-auth-takeover"]),
    );
  });

  test("tell the topic", () => {
    for (const alarm of synthesiseAuth({ threatProtection: "audit" }).all("aws_cloudwatch_metric_alarm")) {
      expect(alarm["alarm_actions"]).toEqual([leastConfig.alarmTopicArn]);
    }
  });
});

describe("refuses", () => {
  const saml = { name: "Corp", metadataUrl: "https://idp.example.com/", attributeMapping: { email: "mail" } };
  const group = { name: "admins", description: "", precedence: 1 };
  const cases: readonly { name: string; changes: Partial<CognitoAuthConfig>; message: string }[] = [
    {
      name: "a short password",
      changes: { passwordMinimumLength: 7 },
      message: "passwordMinimumLength must be a whole number from 8 to 99, got 7",
    },
    {
      name: "a token that lives too short",
      changes: { accessTokenMinutes: 4 },
      message: "accessTokenMinutes must be a whole number from 5 to 1440, got 4",
    },
    {
      name: "a refresh token that lives half a day",
      changes: { refreshTokenDays: 0.5 },
      message: "refreshTokenDays must be a whole number from 1 to 3650, got 0.5",
    },
    {
      name: "a long grace period",
      changes: { refreshTokenRotationGraceSeconds: 61 },
      message: "refreshTokenRotationGraceSeconds must be a whole number from 0 to 60, got 61",
    },
    {
      name: "no callback URL",
      changes: { callbackUrls: [] },
      message: "callbackUrls must name one URL or more, got none",
    },
    {
      name: "a domain without its certificate",
      changes: { domainName: "auth.example.com" },
      message: 'certificateArn must be set with domainName "auth.example.com", got undefined',
    },
    {
      name: "a certificate without its domain",
      changes: { certificateArn: own.certificateArn },
      message: `domainName must be set with certificateArn "${own.certificateArn}", got undefined`,
    },
    {
      name: "a zone without its domain",
      changes: { hostedZoneId: "Z0123456789ABC" },
      message: 'domainName must be set with hostedZoneId "Z0123456789ABC", got undefined',
    },
    {
      name: "a domain prefix with a reserved word",
      changes: {
        label: new Label({ project: "awsome", environment: "dev", accountId: "1", region: "eu-west-1" }),
      },
      message:
        'domainName must be set, or project and environment be named otherwise: Cognito allows no "aws" in a domain prefix, ' +
        'got "awsome-dev"',
    },
    {
      name: "a sender without SES",
      changes: { senderEmail: "hi@example.com" },
      message: 'sesIdentityArn must be set with senderEmail "hi@example.com", got undefined',
    },
    {
      name: "threats acted on without SES",
      changes: { threatProtection: "enforced" },
      message:
        'sesIdentityArn must be set when threatProtection is "enforced", which acts on suspicious sign-ins and tells the user ' +
        "by mail, got undefined",
    },
    {
      name: "an SES identity that is not known yet",
      changes: { sesIdentityArn: "${TfToken[TOKEN.0]}" },
      message: "senderEmail must be set when sesIdentityArn is known only after a deployment, got undefined",
    },
    {
      name: "two providers of one name",
      changes: { samlProviders: [saml, saml] },
      message: 'oidcProviders and samlProviders: name must be unique, got "Corp" twice',
    },
    {
      name: "a provider named as Cognito",
      changes: { samlProviders: [{ ...saml, name: "Cognito" }] },
      message: 'identity provider "Cognito": name must not be that of Cognito itself',
    },
    {
      name: "a provider that maps no e-mail",
      changes: { samlProviders: [{ ...saml, attributeMapping: {} }] },
      message: 'identity provider "Corp": attributeMapping must hold email, which every user has',
    },
    {
      name: "a SAML provider without metadata",
      changes: { samlProviders: [{ name: "Corp", attributeMapping: { email: "mail" } }] },
      message: 'identity provider "Corp": one of metadataUrl and metadataDocument must be set, got neither',
    },
    {
      name: "a SAML provider with two metadata",
      changes: { samlProviders: [{ ...saml, metadataDocument: "<EntityDescriptor/>" }] },
      message: 'identity provider "Corp": one of metadataUrl and metadataDocument must be set, got both',
    },
    {
      name: "an attribute with its prefix",
      changes: { customAttributes: [{ name: "custom:plan", type: "String" }] },
      message:
        "customAttributes: name must be 1 to 20 letters, digits, dots, hyphens or underscores, without custom:, " +
        'got "custom:plan"',
    },
    {
      name: "51 attributes",
      changes: {
        customAttributes: Array.from({ length: 51 }, (_, index) => ({
          name: `a${index}`,
          type: "String" as const,
        })),
      },
      message: "customAttributes must name 50 or fewer, got 51",
    },
    {
      name: "two groups of one name",
      changes: { groups: [group, group] },
      message: 'groups: name must be unique, got "admins" twice',
    },
    {
      name: "two scopes of one name",
      changes: {
        scopes: [
          { name: "read", description: "a" },
          { name: "read", description: "b" },
        ],
      },
      message: 'scopes: name must be unique, got "read" twice',
    },
    {
      name: "several wrong fields, all at once",
      changes: { accessTokenMinutes: 1, callbackUrls: [] },
      message:
        "accessTokenMinutes must be a whole number from 5 to 1440, got 1\n" +
        "callbackUrls must name one URL or more, got none",
    },
  ];

  test.each(cases)("$name", ({ changes, message }) => {
    expect(() => synthesiseAuth(changes)).toThrow(new Error(message));
  });
});
