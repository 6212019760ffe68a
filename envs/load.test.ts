import { environments } from ".";
import { loadEnvironments, SpecificationError } from "./load";
import type { EnvironmentInput } from "./spec";

/** Prod with one value set, or removed when undefined, at a dotted path. */
function prodWith(path: string, value: unknown): EnvironmentInput {
  const copy = structuredClone(environments["prod"]) as unknown as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop() as string;
  let node = copy;
  for (const key of keys) {
    node[key] ??= {};
    node = node[key] as Record<string, unknown>;
  }
  if (value === undefined) delete node[last];
  else node[last] = value;
  return copy as unknown as EnvironmentInput;
}

/** The lines that loading `inputs` fails with. */
function errorsOf(inputs: Record<string, EnvironmentInput>): string[] {
  try {
    loadEnvironments(inputs);
  } catch (error) {
    if (error instanceof SpecificationError) return error.message.split("\n");
    throw error;
  }
  return [];
}

test("the environments of the project are right", () => {
  expect(errorsOf(environments)).toEqual([]);
});

test("defaults are filled in", () => {
  const [spec] = loadEnvironments({ dev: environments["dev"] as EnvironmentInput });
  expect(spec?.todo?.auth.mfa).toBe("optional");
  expect(spec?.todo?.api.versions).toEqual(["v1"]);
});

describe("one wrong value gives one line that names place, value and mend", () => {
  test.each<[name: string, path: string, value: unknown, message: string]>([
    [
      "account id too short",
      "account.id",
      "1234",
      'account.id must be an account id of 12 digits, got "1234"',
    ],
    ["account id as a number", "account.id", 777788889999, "account.id must be a string, got 777788889999"],
    ["account id missing", "account.id", undefined, "account.id must be set, a string, got undefined"],
    [
      "region with a typing error",
      "account.region",
      "eu-west1",
      'account.region must be an AWS region, like eu-west-1, got "eu-west1"',
    ],
    [
      "unknown key at the top",
      "todos",
      {},
      "todos is not a field; remove it or correct its name (envs/spec.ts lists all)",
    ],
    [
      "unknown key inside",
      "todo.api.throtle",
      1,
      "todo.api.throtle is not a field; remove it or correct its name (envs/spec.ts lists all)",
    ],
    [
      "project in capitals",
      "project",
      "Acme",
      'project must be 1 to 16 lower-case letters and digits, starting with a letter, got "Acme"',
    ],
    [
      "project too long",
      "project",
      "a".repeat(17),
      `project must be 1 to 16 lower-case letters and digits, starting with a letter, got "${"a".repeat(17)}"`,
    ],
    ["name that is not the file's", "name", "live", 'name must be that of its file, "prod", got "live"'],
    [
      "project with a hyphen, which would join two names",
      "project",
      "a-b",
      'project must be 1 to 16 lower-case letters and digits, starting with a letter, got "a-b"',
    ],
    [
      "project that Cognito refuses",
      "project",
      "awstodo",
      'project must not hold aws, amazon or cognito, which Cognito refuses in the name of a sign-in page, got "awstodo"',
    ],
    [
      "state bucket that S3 refuses",
      "state.bucket",
      "Bad_Bucket!",
      'state.bucket must be a bucket name: 3 to 63 lower-case letters, digits and hyphens, got "Bad_Bucket!"',
    ],
    [
      "interface endpoint beside its gateway endpoint",
      "network.interfaceEndpoints",
      ["s3"],
      'network.interfaceEndpoints.0 must not be one of the gateway endpoints, which every VPC has for nothing, got "s3"',
    ],
    [
      "interface endpoint twice",
      "network.interfaceEndpoints",
      ["sqs", "sqs"],
      'network.interfaceEndpoints.1 must be unique, got "sqs" twice',
    ],
    [
      "attribute that the pool lacks",
      "todo.auth.samlProviders",
      [
        {
          name: "Partner",
          metadataUrl: "https://a.example.com/",
          attributeMapping: { email: "mail", emial: "mail" },
        },
      ],
      "todo.auth.samlProviders.0.attributeMapping.emial is no attribute of the pool: use a standard one, or custom:<name> of customAttributes",
    ],
    [
      "sender's identity in another account",
      "todo.auth.sesIdentityArn",
      "arn:aws:ses:eu-west-1:111122223333:identity/example.com",
      'todo.auth.sesIdentityArn must be in account 777788889999, got "arn:aws:ses:eu-west-1:111122223333:identity/example.com"',
    ],
    [
      "maximum on demand of a provisioned table",
      "todo.table",
      {
        provisioned: { read: { minimum: 1, maximum: 2 }, write: { minimum: 1, maximum: 2 } },
        onDemandMaximum: { read: 1, write: 1 },
      },
      "todo.table.onDemandMaximum must not be set with provisioned, which has maxima of its own",
    ],
    ["unknown tier", "tier", "prod", 'tier must be one of "development", "production", got "prod"'],
    [
      "log retention CloudWatch does not know",
      "logRetentionDays",
      100,
      "logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, got 100",
    ],
    [
      "key deletion too soon",
      "keyDeletionDays",
      3,
      "keyDeletionDays must be a whole number from 7 to 30, got 3",
    ],
    [
      "e-mail without a host",
      "alarmEmails",
      ["oncall"],
      'alarmEmails.0 must be an e-mail address, got "oncall"',
    ],
    [
      "range that is none",
      "network.cidr",
      "10.30.0.0",
      'network.cidr must be an IPv4 range, like 10.10.0.0/16, got "10.30.0.0"',
    ],
    [
      "public range",
      "network.cidr",
      "11.0.0.0/16",
      'network.cidr must lie in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, got "11.0.0.0/16"',
    ],
    [
      "range too large for a VPC",
      "network.cidr",
      "10.0.0.0/8",
      'network.cidr must be a /16 to a /24: AWS allows no larger VPC, and subnets need room, got "10.0.0.0/8"',
    ],
    [
      "range too small for subnets",
      "network.cidr",
      "10.30.0.0/28",
      'network.cidr must be a /16 to a /24: AWS allows no larger VPC, and subnets need room, got "10.30.0.0/28"',
    ],
    [
      "range with host bits",
      "network.cidr",
      "10.30.1.0/16",
      'network.cidr must start at its network address, 10.30.0.0/16, got "10.30.1.0/16"',
    ],
    [
      "one zone",
      "network.availabilityZones",
      ["eu-west-1a"],
      'network.availabilityZones must have 2 or more entries, got ["eu-west-1a"]',
    ],
    [
      "zone of another region",
      "network.availabilityZones",
      ["eu-west-1a", "us-east-1b"],
      'network.availabilityZones.1 must be a zone of eu-west-1, like eu-west-1a, got "us-east-1b"',
    ],
    [
      "zone named twice",
      "network.availabilityZones",
      ["eu-west-1a", "eu-west-1a"],
      'network.availabilityZones.1 must be another zone, got "eu-west-1a" again',
    ],
    [
      "DAX without a VPC",
      "network",
      undefined,
      "network must be set when todo.dax is: DAX runs in a VPC, got undefined",
    ],
    [
      "DAX node type of EC2",
      "todo.dax.nodeType",
      "r5.large",
      'todo.dax.nodeType must be a DAX node type, like dax.t3.small or dax.r5.large, got "r5.large"',
    ],
    [
      "too many DAX nodes",
      "todo.dax.nodes",
      12,
      "todo.dax.nodes must be a whole number from 1 to 11, got 12",
    ],
    [
      "cache size that API Gateway lacks",
      "todo.api.cache.sizeGigabytes",
      2,
      "todo.api.cache.sizeGigabytes must be one of 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237, got 2",
    ],
    [
      "cache that lives too long",
      "todo.api.cache.ttlSeconds",
      61,
      "todo.api.cache.ttlSeconds must be a whole number from 1 to 60, got 61",
    ],
    [
      "CORS for everyone",
      "todo.api.corsOrigin",
      "*",
      'todo.api.corsOrigin must be one origin without a path, like https://app.example.com, got "*"',
    ],
    [
      "CORS origin with a path",
      "todo.files.corsOrigins",
      ["https://app.example.com/"],
      'todo.files.corsOrigins.0 must be one origin without a path, like https://app.example.com, got "https://app.example.com/"',
    ],
    [
      "callback over plain HTTP",
      "todo.auth.callbackUrls",
      ["http://app.example.com/"],
      'todo.auth.callbackUrls.0 must be an https URL, http://localhost, or an app\'s own scheme like acme://signed-in, got "http://app.example.com/"',
    ],
    [
      "no callback",
      "todo.auth.callbackUrls",
      [],
      "todo.auth.callbackUrls must have 1 or more entries, got []",
    ],
    [
      "API version without its v",
      "todo.api.versions",
      ["1"],
      'todo.api.versions.0 must be v and a number, like v1, got "1"',
    ],
    [
      "API version twice",
      "todo.api.versions",
      ["v1", "v1"],
      'todo.api.versions.1 must be unique, got "v1" twice',
    ],
    [
      "access token that lives too long",
      "todo.auth.accessTokenMinutes",
      1441,
      "todo.auth.accessTokenMinutes must be a whole number from 5 to 1440, got 1441",
    ],
    [
      "capacity upside down",
      "todo.table.provisioned",
      { read: { minimum: 10, maximum: 5 }, write: { minimum: 1, maximum: 5 } },
      "todo.table.provisioned.read.maximum must be minimum (10) or more, got 5",
    ],
    [
      "secret instead of its ARN",
      "todo.auth.oidcProviders",
      [{ name: "Partner", issuer: "https://login.example.com", clientId: "x", clientSecretArn: "hunter2" }],
      'todo.auth.oidcProviders.0.clientSecretArn must be the ARN of a Secrets Manager secret, got "hunter2"',
    ],
    [
      "SAML provider without metadata",
      "todo.auth.samlProviders",
      [{ name: "Partner", attributeMapping: { email: "mail" } }],
      "todo.auth.samlProviders.0 must have one of metadataUrl and metadataFile, got neither",
    ],
    [
      "SAML provider without e-mail",
      "todo.auth.samlProviders",
      [{ name: "Partner", metadataUrl: "https://login.example.com/saml", attributeMapping: { name: "cn" } }],
      'todo.auth.samlProviders.0.attributeMapping must map email, which every user has, got {"name":"cn"}',
    ],
    [
      "custom attribute with its prefix",
      "todo.auth.customAttributes",
      [{ name: "custom:team", type: "String" }],
      'todo.auth.customAttributes.0.name must be 1 to 20 letters, digits, dots, hyphens or underscores, without custom:, got "custom:team"',
    ],
    [
      "group named twice",
      "todo.auth.groups",
      ["a", "a"].map((name) => ({ name, description: "", precedence: 1 })),
      'todo.auth.groups.1.name must be unique, got "a" twice',
    ],
    [
      "certificate of another region",
      "todo.api.domain",
      { name: "api.example.com", certificateArn: "arn:aws:acm:us-east-1:777788889999:certificate/1" },
      'todo.api.domain.certificateArn must be in eu-west-1, got "arn:aws:acm:us-east-1:777788889999:certificate/1"',
    ],
    [
      "sign-in certificate outside us-east-1",
      "todo.auth.domain",
      { name: "auth.example.com", certificateArn: "arn:aws:acm:eu-west-1:777788889999:certificate/1" },
      'todo.auth.domain.certificateArn must be in us-east-1, got "arn:aws:acm:eu-west-1:777788889999:certificate/1"',
    ],
    [
      "load balancer that is not named",
      "downloads.albDomainName",
      undefined,
      'downloads.albDomainName must be set with origin "alb", got undefined',
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
    [
      "tag that the platform sets",
      "tags",
      { owner: "me" },
      'tags.owner must be another key: the platform sets "owner" itself',
    ],
    [
      "state of no known kind",
      "state",
      { kind: "http" },
      'state.kind must be one of "s3", "local", got "http"',
    ],
  ])("%s", (_name, path, value, message) => {
    expect(errorsOf({ prod: prodWith(path, value) })).toEqual([`envs/prod: ${message}`]);
  });
});

describe("a production environment", () => {
  test.each<[name: string, path: string, value: unknown, message: string]>([
    [
      "is protected",
      "deletionProtection",
      false,
      "deletionProtection must be true in a production environment, got false",
    ],
    [
      "has remote state",
      "state",
      { kind: "local", path: "prod.tfstate" },
      'state.kind must be "s3" in a production environment, got "local"',
    ],
    ["tells someone", "alarmEmails", [], "alarmEmails must name someone in a production environment, got []"],
    [
      "sends more mail than Cognito's own sender",
      "todo.auth",
      { callbackUrls: ["acme://in"], logoutUrls: ["acme://out"] },
      "todo.auth.sesIdentityArn must be set in a production environment: Cognito's own sender stops at 50 mails a day, got undefined",
    ],
    [
      "keeps its logs",
      "logRetentionDays",
      7,
      "logRetentionDays must be 30 or more in a production environment, got 7",
    ],
    [
      "can be restored",
      "todo.table.pointInTimeRecoveryDays",
      1,
      "todo.table.pointInTimeRecoveryDays must be 7 or more in a production environment, got 1",
    ],
    [
      "has no single cache node",
      "todo.dax.nodes",
      1,
      "todo.dax.nodes must be 3 or more in a production environment, got 1",
    ],
    [
      "has no single NAT gateway",
      "network.nat",
      "single",
      'network.nat must be "per-zone" or "none" in a production environment, got "single"',
    ],
    [
      "has a firewall",
      "todo.api.firewall",
      undefined,
      "todo.api.firewall must be set in a production environment, got undefined",
    ],
    [
      "has a firewall before its downloads",
      "downloads.firewall",
      undefined,
      "downloads.firewall must be set in a production environment, got undefined",
    ],
    [
      "takes no old TLS for its downloads",
      "downloads.domain",
      undefined,
      "downloads.domain must be set in a production environment: CloudFront's own certificate lets old TLS in, got undefined",
    ],
    [
      "sends its load balancer no secret unencrypted",
      "downloads.albProtocol",
      "http",
      'downloads.albProtocol must be "https" in a production environment: the load balancer\'s secret is sent along, got "http"',
    ],
    [
      "keeps the logs of its downloads",
      "downloads.accessLogRetentionDays",
      7,
      "downloads.accessLogRetentionDays must be 30 or more in a production environment, got 7",
    ],
    [
      "gives its downloads to no developer's machine",
      "downloads.corsOrigins",
      ["http://localhost:3000"],
      'downloads.corsOrigins.0 must not be on localhost in a production environment, got "http://localhost:3000"',
    ],
    [
      "knows no developer's machine",
      "todo.api.corsOrigin",
      "http://localhost:3000",
      'todo.api.corsOrigin must not be on localhost in a production environment, got "http://localhost:3000"',
    ],
  ])("%s", (_name, path, value, message) => {
    expect(errorsOf({ prod: prodWith(path, value) })).toEqual([`envs/prod: ${message}`]);
  });
});

describe("environments together", () => {
  const dev = environments["dev"] as EnvironmentInput;

  test("must not overlap, or they can never be peered", () => {
    const network = { cidr: "10.30.128.0/17", availabilityZones: ["eu-west-1a", "eu-west-1b"] };
    expect(errorsOf({ prod: environments["prod"] as EnvironmentInput, dev: { ...dev, network } })).toEqual([
      "envs/dev: network.cidr must not overlap envs/prod (10.30.0.0/16), or the two can never be peered, got 10.30.128.0/17",
    ]);
  });

  test("manage API Gateway's account settings once", () => {
    expect(errorsOf({ dev, dev2: { ...dev, name: "dev2" } })).toEqual([
      'envs/dev2: account.apiGatewayLogging must be "existing": envs/dev manages it in the same account and region, got "managed"',
    ]);
  });

  test("can share account and region otherwise", () => {
    const dev2 = {
      ...dev,
      name: "dev2",
      account: { ...dev.account, apiGatewayLogging: "existing" as const },
    };
    expect(errorsOf({ dev, dev2 })).toEqual([]);
  });

  test("never share a domain name of downloads", () => {
    const { downloads } = environments["prod"] as EnvironmentInput;
    const { domain: _, ...ownDomainless } = downloads as NonNullable<EnvironmentInput["downloads"]>;
    const domain = {
      name: "downloads.example.com",
      certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/1",
    };
    expect(
      errorsOf({
        prod: environments["prod"] as EnvironmentInput,
        dev: { ...dev, downloads: { ...ownDomainless, domain } },
      }),
    ).toEqual([
      'envs/dev: downloads.domain.name must be apart from that of envs/prod, got "downloads.example.com"',
    ]);
  });

  test("never share a place of state", () => {
    const state = { kind: "local", path: "one.tfstate" } as const;
    expect(
      errorsOf({ dev: { ...dev, state }, local: { ...(environments["local"] as EnvironmentInput), state } }),
    ).toEqual(['envs/local: state.path must be apart from that of envs/dev, got "one.tfstate"']);
  });
});

test("threat protection warns users by mail, so it needs a sender", () => {
  const staging = structuredClone(environments["staging"]) as { todo: { auth: object } };
  Object.assign(staging.todo.auth, { threatProtection: "enforced" });
  expect(errorsOf({ staging: staging as unknown as EnvironmentInput })).toEqual([
    'envs/staging: todo.auth.sesIdentityArn must be set when threatProtection is "enforced": Cognito warns users by mail, got undefined',
  ]);
});

test("every error of every environment is reported at once", () => {
  const errors = errorsOf({
    dev: { ...(environments["dev"] as EnvironmentInput), owner: "" },
    prod: { ...prodWith("account.id", "1"), alarmEmails: ["x"], tier: "gold" as "production" },
  });
  expect(errors).toEqual([
    'envs/dev: owner must have 1 or more characters, got ""',
    'envs/prod: tier must be one of "development", "production", got "gold"',
    'envs/prod: account.id must be an account id of 12 digits, got "1"',
    'envs/prod: alarmEmails.0 must be an e-mail address, got "x"',
  ]);
});
