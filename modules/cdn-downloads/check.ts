import { createPublicKey } from "node:crypto";
import { Token } from "cdktf";
import { checkPathClasses } from "./check-path-classes";
import { type CdnDownloadsConfig, GLOBAL_REGION } from "./config";
import { originsOf } from "./origins";
import { DEFAULT_PATH_CLASSES } from "./path-classes";
import { checkNames, type Report } from "./report";
import { SHIELD_REGIONS, shieldNear } from "./shield";

/**
 * Checks what can be known before a deployment.
 *
 * @throws Error with one line for each field that is wrong
 */
export function checkConfig(config: CdnDownloadsConfig): void {
  const problems: string[] = [];
  const report: Report = (message) => problems.push(message);
  checkOrigin(config, report);
  checkNumbers(config, report);
  checkDomain(config, report);
  checkViewers(config, report);
  checkSigningKeys(config, report);
  checkPathClasses(config.pathClasses ?? DEFAULT_PATH_CLASSES, originsOf(config).includes("s3"), report);
  if (
    isKnown(config.globalAlarmTopicArn) &&
    !config.globalAlarmTopicArn.startsWith(`arn:aws:sns:${GLOBAL_REGION}:`)
  ) {
    report(
      `globalAlarmTopicArn must be of ${GLOBAL_REGION}, where CloudFront's metrics are, got "${config.globalAlarmTopicArn}"`,
    );
  }
  if (config.label.region !== GLOBAL_REGION && config.globalProvider === undefined) {
    report(`globalProvider must be set outside ${GLOBAL_REGION}, got undefined in ${config.label.region}`);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

function checkOrigin(config: CdnDownloadsConfig, report: Report): void {
  const { origin, albDomainName, albPort, originShieldRegion, label } = config;
  if (originsOf(config).includes("alb") && albDomainName === undefined) {
    report(`albDomainName must be set with origin "${origin}", got undefined`);
  }
  if (isKnown(albDomainName) && !/^([a-z0-9-]+\.)+[a-z0-9-]+$/i.test(albDomainName)) {
    report(`albDomainName must be a domain name without scheme, port or path, got "${albDomainName}"`);
  }
  if (isKnown(albPort) && albPort !== 80 && albPort !== 443) {
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html#DownloadDistValuesHTTPPort
    checkWhole("albPort", albPort, 1024, 65_535, report, "80, 443 or ");
  }
  if (originShieldRegion === undefined && shieldNear(label.region) === undefined) {
    report(
      `originShieldRegion must be set in ${label.region}, for which no near region is known, got undefined`,
    );
  }
  if (isKnown(originShieldRegion) && ![...SHIELD_REGIONS, "off"].includes(originShieldRegion)) {
    report(
      `originShieldRegion must be "off" or one of ${SHIELD_REGIONS.join(", ")}, got "${originShieldRegion}"`,
    );
  }
  const names = config.originSecretNames ?? ["1"];
  if (names.length < 1 || names.length > 3) {
    report(`originSecretNames must name 1 to 3 secrets, got ${names.length}`);
  }
  checkNames("originSecretNames", names, report);
}

function checkNumbers(config: CdnDownloadsConfig, report: Report): void {
  const bounded: readonly [keyof CdnDownloadsConfig, number, number][] = [
    ["originReadTimeoutSeconds", 1, 60],
    ["noncurrentVersionDays", 1, 36_500],
    ["errorTtlSeconds", 0, 300],
    ["accessLogRetentionDays", 1, 36_500],
    ["alarmOriginLatencyMilliseconds", 1, 60_000],
    ["alarmOriginRequestsPerMinute", 1, Number.MAX_SAFE_INTEGER],
  ];
  for (const [field, minimum, maximum] of bounded) {
    const value = config[field];
    if (typeof value === "number") checkWhole(field, value, minimum, maximum, report);
  }
  for (const field of [
    "alarmErrorRatePercent",
    "alarmForbiddenRatePercent",
    "alarmCacheHitRatePercent",
  ] as const) {
    const value = config[field];
    if (isKnown(value) && !(value > 0 && value < 100)) {
      report(`${field} must be above 0 and below 100, got ${value}`);
    }
  }
}

function checkDomain({ domainName, certificateArn, hostedZoneId }: CdnDownloadsConfig, report: Report): void {
  if (domainName !== undefined && certificateArn === undefined) {
    report(`certificateArn must be set with domainName "${domainName}", got undefined`);
  }
  if (domainName === undefined && certificateArn !== undefined) {
    report(`domainName must be set with certificateArn "${certificateArn}", got undefined`);
  }
  if (domainName === undefined && hostedZoneId !== undefined) {
    report(`domainName must be set with hostedZoneId "${hostedZoneId}", got undefined`);
  }
  if (isKnown(certificateArn) && !certificateArn.startsWith(`arn:aws:acm:${GLOBAL_REGION}:`)) {
    report(
      `certificateArn must be of ${GLOBAL_REGION}, where CloudFront looks for it, got "${certificateArn}"`,
    );
  }
}

function checkViewers(config: CdnDownloadsConfig, report: Report): void {
  const { webAclArn, allowedCountries, deniedCountries } = config;
  if (isKnown(webAclArn) && !webAclArn.startsWith(`arn:aws:wafv2:${GLOBAL_REGION}:`)) {
    report(`webAclArn must be of the scope CLOUDFRONT, in ${GLOBAL_REGION}, got "${webAclArn}"`);
  }
  if (allowedCountries !== undefined && deniedCountries !== undefined) {
    report("one of allowedCountries and deniedCountries must be left out, got both");
  }
  for (const [field, countries] of Object.entries({ allowedCountries, deniedCountries })) {
    if (countries?.length === 0) report(`${field} must name one country or more, got none`);
    for (const country of countries ?? []) {
      if (!/^[A-Z]{2}$/.test(country)) {
        report(`${field} must be codes of two capital letters, got "${country}"`);
      }
    }
  }
  for (const origin of config.corsOrigins ?? []) {
    if (!/^(\*|https?:\/\/[^/]+)$/.test(origin)) {
      report(
        `corsOrigins must be * or of a scheme and a host, e.g. https://www.example.com, got "${origin}"`,
      );
    }
  }
  for (const extension of config.lowerCasedExtensions ?? []) {
    if (!/^[a-z0-9]+$/.test(extension)) {
      report(
        `lowerCasedExtensions must be lower-case letters and digits, without the dot, got "${extension}"`,
      );
    }
  }
}

function checkSigningKeys(config: CdnDownloadsConfig, report: Report): void {
  const { signingKeys = [], pathClasses = DEFAULT_PATH_CLASSES } = config;
  const signed = pathClasses.filter((pathClass) => pathClass.signed);
  for (const { name } of signed) {
    if (signingKeys.length === 0)
      report(`signingKeys must be set with path class "${name}" signed, got none`);
  }
  if (signingKeys.length > 0 && signed.length === 0) {
    report("pathClasses: one must be signed with signingKeys set, got none");
  }
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
  if (signingKeys.length > 5) report(`signingKeys must be 5 or fewer, got ${signingKeys.length}`);
  checkNames(
    "signingKeys",
    signingKeys.map(({ name }) => name),
    report,
  );
  for (const { name, publicKeyPem } of signingKeys) {
    if (isKnown(publicKeyPem)) checkPublicKey(name, publicKeyPem, report);
  }
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html */
function checkPublicKey(name: string, pem: string, report: Report): void {
  const wanted = `signing key "${name}": publicKeyPem must be a public key, RSA of 2048 bits or ECDSA P-256,`;
  if (!pem.trimStart().startsWith("-----BEGIN PUBLIC KEY-----")) {
    // Never the text itself: it may be the private half.
    report(`${wanted} as PEM that begins with -----BEGIN PUBLIC KEY-----, got something else`);
    return;
  }
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem);
    const isRsa = asymmetricKeyType === "rsa" && asymmetricKeyDetails?.modulusLength === 2048;
    const isEcdsa = asymmetricKeyType === "ec" && asymmetricKeyDetails?.namedCurve === "prime256v1";
    if (isRsa || isEcdsa) return;
    const { modulusLength, namedCurve } = asymmetricKeyDetails ?? {};
    report(`${wanted} got ${[asymmetricKeyType, modulusLength, namedCurve].filter(Boolean).join(" ")}`);
  } catch {
    report(`${wanted} got PEM that cannot be read`);
  }
}

function checkWhole(
  field: string,
  value: number,
  minimum: number,
  maximum: number,
  report: Report,
  besides = "",
): void {
  if (Token.isUnresolved(value)) return;
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    report(`${field} must be ${besides}a whole number from ${minimum} to ${maximum}, got ${value}`);
  }
}

/** A value that is given and no reference to what is known only after a deployment. */
function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value);
}
