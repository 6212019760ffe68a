import { generateKeyPairSync } from "node:crypto";
import { Token } from "cdktf";
import { Label } from "../internal/label";
import type { CdnDownloadsConfig, PathClass } from ".";
import { checkConfig } from "./check";
import { leastConfig, synthesiseDownloads } from "./fixture";

const labelOf = (region: string) =>
  new Label({ project: "acme", environment: "test", accountId: "111111111111", region });

/** In us-east-1, where no provider need be given. */
const config: CdnDownloadsConfig = { ...leastConfig, label: labelOf("us-east-1") };

const check = (changes: Partial<CdnDownloadsConfig>) => () => checkConfig({ ...config, ...changes });

const pem = (curve: string) =>
  generateKeyPairSync("ec", { namedCurve: curve })
    .publicKey.export({ type: "spki", format: "pem" })
    .toString();

const p256 = pem("prime256v1");
const signedClass: PathClass = {
  name: "paid",
  pathPattern: "/paid/*",
  originCacheHeaders: "honour",
  defaultTtlSeconds: 60,
  signed: true,
};
const wantedKey = 'signing key "a": publicKeyPem must be a public key, RSA of 2048 bits or ECDSA P-256,';

test("the least configuration is right", () => {
  expect(check({})).not.toThrow();
});

describe("fields", () => {
  const cases: { name: string; changes: Partial<CdnDownloadsConfig>; message: string }[] = [
    {
      name: "a URL for the load balancer",
      changes: { albDomainName: "https://origin.example.com/" },
      message:
        'albDomainName must be a domain name without scheme, port or path, got "https://origin.example.com/"',
    },
    {
      name: "a port that CloudFront does not reach",
      changes: { albPort: 81 },
      message: "albPort must be 80, 443 or a whole number from 1024 to 65535, got 81",
    },
    {
      name: "a region without Origin Shield",
      changes: { originShieldRegion: "eu-west-3" },
      message:
        'originShieldRegion must be "off" or one of ap-northeast-1, ap-northeast-2, ap-south-1, ap-southeast-1, ' +
        "ap-southeast-2, eu-central-1, eu-west-1, eu-west-2, sa-east-1, us-east-1, us-east-2, us-west-2, " +
        'got "eu-west-3"',
    },
    {
      name: "no secret",
      changes: { originSecretNames: [] },
      message: "originSecretNames must name 1 to 3 secrets, got 0",
    },
    {
      name: "one secret twice",
      changes: { originSecretNames: ["1", "1"] },
      message: 'originSecretNames: name must be unique, got "1" twice',
    },
    {
      name: "a patience of none",
      changes: { originReadTimeoutSeconds: 0 },
      message: "originReadTimeoutSeconds must be a whole number from 1 to 60, got 0",
    },
    {
      name: "errors that stay",
      changes: { errorTtlSeconds: 3600 },
      message: "errorTtlSeconds must be a whole number from 0 to 300, got 3600",
    },
    {
      name: "a rate of more than all",
      changes: { alarmCacheHitRatePercent: 100 },
      message: "alarmCacheHitRatePercent must be above 0 and below 100, got 100",
    },
    {
      name: "a domain without a certificate",
      changes: { domainName: "d.example.com" },
      message: 'certificateArn must be set with domainName "d.example.com", got undefined',
    },
    {
      name: "a certificate without a domain",
      changes: { certificateArn: "arn:aws:acm:us-east-1:1:certificate/c" },
      message:
        'domainName must be set with certificateArn "arn:aws:acm:us-east-1:1:certificate/c", got undefined',
    },
    {
      name: "a zone without a domain",
      changes: { hostedZoneId: "Z1" },
      message: 'domainName must be set with hostedZoneId "Z1", got undefined',
    },
    {
      name: "a certificate of another region",
      changes: { domainName: "d.example.com", certificateArn: "arn:aws:acm:eu-west-1:1:certificate/c" },
      message:
        'certificateArn must be of us-east-1, where CloudFront looks for it, got "arn:aws:acm:eu-west-1:1:certificate/c"',
    },
    {
      name: "a regional firewall",
      changes: { webAclArn: "arn:aws:wafv2:eu-west-1:1:regional/webacl/a/1" },
      message:
        'webAclArn must be of the scope CLOUDFRONT, in us-east-1, got "arn:aws:wafv2:eu-west-1:1:regional/webacl/a/1"',
    },
    {
      name: "an alarm topic of another region",
      changes: { globalAlarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms" },
      message:
        "globalAlarmTopicArn must be of us-east-1, where CloudFront's metrics are, " +
        'got "arn:aws:sns:eu-west-1:111111111111:alarms"',
    },
    {
      name: "a bucket whose files would be listed",
      changes: { origin: "s3-then-alb", pathClasses: [{ ...signedClass, signed: false, pathPattern: "/*" }] },
      message:
        'path class "paid": pathPattern must not match "/", for which S3 would list the bucket, got "/*"',
    },
    {
      name: "countries allowed and denied",
      changes: { allowedCountries: ["DE"], deniedCountries: ["KP"] },
      message: "one of allowedCountries and deniedCountries must be left out, got both",
    },
    {
      name: "no country allowed",
      changes: { allowedCountries: [] },
      message: "allowedCountries must name one country or more, got none",
    },
    {
      name: "a country by its name",
      changes: { deniedCountries: ["Atlantis"] },
      message: 'deniedCountries must be codes of two capital letters, got "Atlantis"',
    },
    {
      name: "a CORS origin with a path",
      changes: { corsOrigins: ["https://www.example.com/app"] },
      message:
        'corsOrigins must be * or of a scheme and a host, e.g. https://www.example.com, got "https://www.example.com/app"',
    },
    {
      name: "an extension with its dot",
      changes: { lowerCasedExtensions: [".zip"] },
      message: 'lowerCasedExtensions must be lower-case letters and digits, without the dot, got ".zip"',
    },
    {
      name: "a signed class without keys",
      changes: { pathClasses: [signedClass] },
      message: 'signingKeys must be set with path class "paid" signed, got none',
    },
    {
      name: "keys without a signed class",
      changes: { signingKeys: [{ name: "a", publicKeyPem: p256 }] },
      message: "pathClasses: one must be signed with signingKeys set, got none",
    },
    {
      name: "six keys",
      changes: {
        pathClasses: [signedClass],
        signingKeys: [..."abcdef"].map((name) => ({ name, publicKeyPem: p256 })),
      },
      message: "signingKeys must be 5 or fewer, got 6",
    },
    {
      name: "a key of another curve",
      changes: {
        pathClasses: [signedClass],
        signingKeys: [{ name: "a", publicKeyPem: pem("secp384r1") }],
      },
      message: `${wantedKey} got ec secp384r1`,
    },
    {
      name: "a private key, which is not repeated",
      changes: {
        pathClasses: [signedClass],
        signingKeys: [{ name: "a", publicKeyPem: p256.replaceAll("PUBLIC", "PRIVATE") }],
      },
      message: `${wantedKey} as PEM that begins with -----BEGIN PUBLIC KEY-----, got something else`,
    },
    {
      name: "a broken key",
      changes: {
        pathClasses: [signedClass],
        signingKeys: [
          { name: "a", publicKeyPem: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----" },
        ],
      },
      message: `${wantedKey} got PEM that cannot be read`,
    },
  ];

  test.each(cases)("$name", ({ changes, message }) => {
    expect(check(changes)).toThrow(new Error(message));
  });

  test("a load balancer that is not named", () => {
    const { albDomainName: _, ...unnamed } = config;
    expect(() => checkConfig({ ...unnamed, origin: "s3-then-alb" })).toThrow(
      new Error('albDomainName must be set with origin "s3-then-alb", got undefined'),
    );
    expect(() => checkConfig({ ...unnamed, origin: "s3" })).not.toThrow();
  });

  test("a region far from Origin Shield, unless one is named", () => {
    const globalProvider = {} as NonNullable<CdnDownloadsConfig["globalProvider"]>;
    const far = { label: labelOf("mx-central-1"), globalProvider };
    expect(check(far)).toThrow(
      new Error(
        "originShieldRegion must be set in mx-central-1, for which no near region is known, got undefined",
      ),
    );
    expect(check({ ...far, originShieldRegion: "us-east-1" })).not.toThrow();
  });

  test("no provider of us-east-1 outside of it", () => {
    expect(check({ label: labelOf("eu-west-1") })).toThrow(
      new Error("globalProvider must be set outside us-east-1, got undefined in eu-west-1"),
    );
  });
});

test("all errors come at once", () => {
  expect(check({ albPort: 1, errorTtlSeconds: -1 })).toThrow(
    new Error(
      "albPort must be 80, 443 or a whole number from 1024 to 65535, got 1\n" +
        "errorTtlSeconds must be a whole number from 0 to 300, got -1",
    ),
  );
});

test("what is known only after a deployment is taken as it is", () => {
  const reference = Token.asString({ resolve: () => "${later}" });
  const numeric = Token.asNumber({ resolve: () => "${later}" });
  const changes = { albDomainName: reference, webAclArn: reference, albPort: numeric };
  expect(check(changes)).not.toThrow();
});

test("the construct checks its configuration", () => {
  expect(() => synthesiseDownloads({ albPort: 1 })).toThrow(
    new Error("albPort must be 80, 443 or a whole number from 1024 to 65535, got 1"),
  );
});
