import { environments } from ".";
import type { EnvironmentInput } from "./spec";
import { errorsOf, prodWith } from "./specification-fixture";

describe("release downloads: one wrong value gives one line that names place, value and mend", () => {
  test.each<[name: string, path: string, value: unknown, message: string]>([
    [
      "load balancer that is not named",
      "downloads.albDomainName",
      undefined,
      'downloads must have one of albDomainName, albArn and service with origin "alb", got none',
    ],
    [
      "load balancer by its URL",
      "downloads.albDomainName",
      "https://releases-origin.example.com",
      'downloads.albDomainName must be a domain name in lower case, like api.example.com, got "https://releases-origin.example.com"',
    ],
    [
      "port that CloudFront does not ask",
      "downloads.albPort",
      22,
      "downloads.albPort must be 80, 443 or a whole number from 1024 to 65535, got 22",
    ],
    [
      "origin of no known kind",
      "downloads.origin",
      "ec2",
      'downloads.origin must be one of "alb", "s3", "alb-then-s3", "s3-then-alb", got "ec2"',
    ],
    [
      "downloads' certificate outside us-east-1",
      "downloads.domain.certificateArn",
      "arn:aws:acm:eu-west-1:777788889999:certificate/1",
      'downloads.domain.certificateArn must be in us-east-1, got "arn:aws:acm:eu-west-1:777788889999:certificate/1"',
    ],
    [
      "downloads' certificate of another account",
      "downloads.domain.certificateArn",
      "arn:aws:acm:us-east-1:444455556666:certificate/1",
      'downloads.domain.certificateArn must be in account 777788889999, got "arn:aws:acm:us-east-1:444455556666:certificate/1"',
    ],
    [
      "two lists of countries",
      "downloads",
      { ...environments["prod"]?.downloads, allowedCountries: ["DE"], deniedCountries: ["FR"] },
      "downloads.deniedCountries must not be set with allowedCountries, which leaves all others out",
    ],
    [
      "country by its name",
      "downloads.allowedCountries",
      ["Germany"],
      'downloads.allowedCountries.0 must be a country\'s code of two capital letters, like DE, got "Germany"',
    ],
    [
      "shield of a place that is none",
      "downloads.originShieldRegion",
      "none",
      'downloads.originShieldRegion must be "off" or an AWS region, like eu-west-1, got "none"',
    ],
    [
      "path without its slash",
      "downloads.pathClasses",
      [{ name: "all", pathPattern: "*", originCacheHeaders: "honour", defaultTtlSeconds: 60 }],
      'downloads.pathClasses.0.pathPattern must begin with a slash, got "*"',
    ],
    [
      "class of paths named twice",
      "downloads.pathClasses",
      [
        { name: "all", pathPattern: "/a/*", originCacheHeaders: "honour", defaultTtlSeconds: 60 },
        { name: "all", pathPattern: "/b/*", originCacheHeaders: "honour", defaultTtlSeconds: 60 },
      ],
      'downloads.pathClasses.1.name must be unique, got "all" twice',
    ],
    [
      "secret named twice",
      "downloads.originSecretNames",
      ["1", "1"],
      'downloads.originSecretNames.1 must be unique, got "1" twice',
    ],
    [
      "signed paths that no key opens",
      "downloads.pathClasses",
      [
        {
          name: "paid",
          pathPattern: "/paid/*",
          originCacheHeaders: "honour",
          defaultTtlSeconds: 60,
          signed: true,
        },
      ],
      'downloads.signingKeys must name a key, as path class "paid" is signed, got []',
    ],
    [
      "key that opens nothing",
      "downloads.signingKeys",
      [{ name: "shop", publicKeyPem: "-----BEGIN PUBLIC KEY-----" }],
      "downloads.signingKeys must be left out, as no path class is signed",
    ],
    [
      "alarm above all requests",
      "downloads.alarmErrorRatePercent",
      100,
      "downloads.alarmErrorRatePercent must be above 0 and below 100, got 100",
    ],
    [
      "CORS origin of downloads with a path",
      "downloads.corsOrigins",
      ["https://www.example.com/"],
      'downloads.corsOrigins.0 must be * or one origin without a path, like https://www.example.com, got "https://www.example.com/"',
    ],
  ])("%s", (_name, path, value, message) => {
    expect(errorsOf({ prod: prodWith(path, value) })).toEqual([`envs/prod: ${message}`]);
  });
});

describe("downloads of a load balancer that is known by its ARN", () => {
  const albArn =
    "arn:aws:elasticloadbalancing:eu-west-1:777788889999:loadbalancer/app/releases/0123456789abcdef";

  test("cannot have its certificate", () => {
    const prod = prodWith("downloads.albDomainName", undefined);
    const downloads = { ...prod.downloads, albArn } as NonNullable<EnvironmentInput["downloads"]>;
    expect(errorsOf({ prod: { ...prod, downloads } })).toEqual([
      "envs/prod: downloads.albDomainName must be set beside albArn, as no certificate holds a load balancer's own name, got undefined",
    ]);
  });

  test.each<[name: string, path: string, value: unknown, message: string]>([
    [
      "of another account",
      "downloads.albArn",
      albArn.replace("777788889999", "111122223333"),
      `downloads.albArn must be in account 777788889999, got "${albArn.replace("777788889999", "111122223333")}"`,
    ],
    [
      "of another kind",
      "downloads.albArn",
      albArn.replace("/app/", "/net/"),
      `downloads.albArn must be the ARN of an application load balancer, got "${albArn.replace("/app/", "/net/")}"`,
    ],
    [
      "missing where CloudFront is to be let in",
      "downloads.albIngress",
      {
        targetGroupArn:
          "arn:aws:elasticloadbalancing:eu-west-1:777788889999:targetgroup/releases/0123456789abcdef",
        priority: 1,
      },
      "downloads.albArn must be set with albIngress, which is made there, got undefined",
    ],
    [
      "beside a service of the platform",
      "downloads.service",
      {
        compute: "fargate",
        minimumTasks: 2,
        maximumTasks: 4,
        domain: { name: "releases.example.com", hostedZoneId: "Z0777788889999PROD" },
      },
      "downloads.service must be left out beside albDomainName: it has a load balancer of its own",
    ],
  ])("%s", (_name, path, value, message) => {
    expect(errorsOf({ prod: prodWith(path, value) })).toEqual([`envs/prod: ${message}`]);
  });
});
