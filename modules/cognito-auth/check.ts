import { Token } from "cdktf";
import type { CognitoAuthConfig } from "./config";

type Report = (message: string) => void;

/**
 * Checks what can be known before a deployment.
 *
 * @throws Error with one line for each field that is wrong
 */
export function checkConfig(config: CognitoAuthConfig): void {
  const problems: string[] = [];
  const report: Report = (message) => problems.push(message);
  checkName(config, report);
  checkNumbers(config, report);
  checkDomain(config, report);
  checkMail(config, report);
  checkProviders(config, report);
  checkAttributes(config, report);
  reportRepeated("groups", config.groups ?? [], report);
  reportRepeated("scopes", config.scopes ?? [], report);
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

function checkName({ name }: CognitoAuthConfig, report: Report): void {
  if (name === undefined || /^[a-z][a-z0-9-]*$/.test(name)) return;
  report(`name must be lower-case letters, digits and hyphens, after a letter, got "${name}"`);
}

function checkNumbers(config: CognitoAuthConfig, report: Report): void {
  const bounded: readonly [keyof CognitoAuthConfig, number, number][] = [
    ["passwordMinimumLength", 8, 99],
    ["accessTokenMinutes", 5, 1440],
    ["refreshTokenDays", 1, 3650],
    ["refreshTokenRotationGraceSeconds", 0, 60],
  ];
  for (const [field, minimum, maximum] of bounded) {
    const value = config[field];
    if (typeof value !== "number" || Token.isUnresolved(value)) continue;
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      report(`${field} must be a whole number from ${minimum} to ${maximum}, got ${value}`);
    }
  }
  if (config.callbackUrls.length === 0) report("callbackUrls must name one URL or more, got none");
}

function checkDomain(config: CognitoAuthConfig, report: Report): void {
  const { label, domainName, certificateArn, hostedZoneId } = config;
  if (domainName !== undefined && certificateArn === undefined) {
    report(`certificateArn must be set with domainName "${domainName}", got undefined`);
  }
  if (domainName === undefined && certificateArn !== undefined) {
    report(`domainName must be set with certificateArn "${certificateArn}", got undefined`);
  }
  if (domainName === undefined && hostedZoneId !== undefined) {
    report(`domainName must be set with hostedZoneId "${hostedZoneId}", got undefined`);
  }
  if (domainName !== undefined) return;
  // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
  const prefix = `${label.prefix}${config.name === undefined ? "" : `-${config.name}`}`;
  const reserved = ["aws", "amazon", "cognito"].find((word) => prefix.includes(word));
  if (reserved !== undefined) {
    report(
      `domainName must be set, or project and environment be named otherwise: Cognito allows no "${reserved}" in a domain ` +
        `prefix, got "${prefix}"`,
    );
  }
}

function checkMail(
  { sesIdentityArn, senderEmail, threatProtection }: CognitoAuthConfig,
  report: Report,
): void {
  if (threatProtection === "enforced" && sesIdentityArn === undefined) {
    // AWS provider 5.100.0 wants `notify_configuration.source_arn` wherever takeovers are acted on.
    report(
      'sesIdentityArn must be set when threatProtection is "enforced", which acts on suspicious sign-ins and tells the user ' +
        "by mail, got undefined",
    );
  }
  if (senderEmail !== undefined && sesIdentityArn === undefined) {
    report(`sesIdentityArn must be set with senderEmail "${senderEmail}", got undefined`);
  }
  if (sesIdentityArn !== undefined && senderEmail === undefined && Token.isUnresolved(sesIdentityArn)) {
    report("senderEmail must be set when sesIdentityArn is known only after a deployment, got undefined");
  }
}

function checkProviders(config: CognitoAuthConfig, report: Report): void {
  const oidc = config.oidcProviders ?? [];
  const saml = config.samlProviders ?? [];
  reportRepeated("oidcProviders and samlProviders", [...oidc, ...saml], report);
  for (const { name, attributeMapping } of [...oidc, ...saml]) {
    if (name.toLowerCase() === "cognito") {
      report(`identity provider "${name}": name must not be that of Cognito itself`);
    }
    if (!("email" in attributeMapping)) {
      report(`identity provider "${name}": attributeMapping must hold email, which every user has`);
    }
  }
  for (const { name, metadataUrl, metadataDocument } of saml) {
    if ((metadataUrl === undefined) === (metadataDocument === undefined)) {
      const got = metadataUrl === undefined ? "neither" : "both";
      report(`identity provider "${name}": one of metadataUrl and metadataDocument must be set, got ${got}`);
    }
  }
}

function checkAttributes({ customAttributes = [] }: CognitoAuthConfig, report: Report): void {
  reportRepeated("customAttributes", customAttributes, report);
  if (customAttributes.length > 50) {
    report(`customAttributes must name 50 or fewer, got ${customAttributes.length}`);
  }
  for (const { name } of customAttributes) {
    if (!/^[A-Za-z0-9_.-]{1,20}$/.test(name)) {
      report(
        `customAttributes: name must be 1 to 20 letters, digits, dots, hyphens or underscores, without custom:, got "${name}"`,
      );
    }
  }
}

function reportRepeated(field: string, named: readonly { readonly name: string }[], report: Report): void {
  const seen = new Set<string>();
  for (const { name } of named) {
    if (seen.has(name)) report(`${field}: name must be unique, got "${name}" twice`);
    seen.add(name);
  }
}
