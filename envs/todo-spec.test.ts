import { errorsOf, prodWith } from "./specification-fixture";

describe("the to-do system: one wrong value gives one line that names place, value and mend", () => {
  test.each<[name: string, path: string, value: unknown, message: string]>([
    [
      "unknown key at the top",
      "todos",
      {},
      "todos is not a field; remove it or correct its name (envs/spec.ts lists all)",
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
    [
      "kind of shift that there is not",
      "todo.api.trafficShift",
      { kind: "bluegreen", percent: 10, minutes: 5 },
      'todo.api.trafficShift.kind must be one of "canary", "linear", got "bluegreen"',
    ],
    [
      "shift to all at first",
      "todo.api.trafficShift",
      { kind: "canary", percent: 100, minutes: 5 },
      "todo.api.trafficShift.percent must be a whole number from 1 to 99, got 100",
    ],
    [
      "shift in one step",
      "todo.files.trafficShift",
      { kind: "linear", percent: 60, minutes: 5 },
      "todo.files.trafficShift.percent must be a whole number from 1 to 50, got 60",
    ],
    [
      "shift of more than two days",
      "todo.files.trafficShift",
      { kind: "linear", percent: 10, minutes: 321 },
      "todo.files.trafficShift.minutes must be 320 or less with steps of 10 percent: CodeDeploy gives all steps two days, got 321",
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
      { "1": {} },
      'todo.api.versions.1 must be v and a number, like v1, got "1"',
    ],
    ["no API version", "todo.api.versions", {}, "todo.api.versions must have 1 or more entries, got {}"],
    [
      "own throttle of an API version",
      "todo.api.versions",
      { v1: { throttleBurst: 5001 } },
      "todo.api.versions.v1.throttleBurst must be a whole number from 1 to 5000, got 5001",
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
  ])("%s", (_name, path, value, message) => {
    expect(errorsOf({ prod: prodWith(path, value) })).toEqual([`envs/prod: ${message}`]);
  });
});
