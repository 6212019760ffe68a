import { errorsOf, prodWith } from "./specification-fixture";

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
      "shifts its traffic so slowly that an alarm can go off",
      "microservices.sessions.trafficShift",
      { kind: "linear", percent: 25, minutes: 1 },
      "microservices.sessions.trafficShift.minutes must make 5 minutes or more of all steps in a production environment: the function's alarms look at as many, got 1",
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
    // Pipelines have rules of their own.
    const { ci: _, ...prod } = prodWith(path, value);
    expect(errorsOf({ prod })).toEqual([`envs/prod: ${message}`]);
  });
});
