import { errorsOf, prodWith } from "./specification-fixture";

describe("the environment itself: one wrong value gives one line that names place, value and mend", () => {
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
