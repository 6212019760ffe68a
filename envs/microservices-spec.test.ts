import { environments } from ".";
import type { EnvironmentInput } from "./spec";
import { errorsOf, prodWith } from "./specification-fixture";

const database = "microservices.orders.database";

describe("microservices: one wrong value gives one line that names place, value and mend", () => {
  test.each<[name: string, path: string, value: unknown, message: string]>([
    [
      "private network without a way out",
      "network.nat",
      "none",
      'network.nat must be "single" or "per-zone" when microservices.catalog is: its load balancer has public subnets, got "none"',
    ],
    [
      "services without a cluster",
      "cluster",
      undefined,
      "cluster must be set when microservices.catalog is, got undefined",
    ],
    [
      "tasks on instances that are not there",
      "cluster.instances",
      undefined,
      'cluster.instances must be set: microservices.orders.compute is "ec2", got undefined',
    ],
    [
      "instances that nothing runs on",
      "microservices.orders.compute",
      "fargate",
      'cluster.instances must be left out, as no service has compute "ec2"',
    ],
    [
      "instances that are no range",
      "cluster.instances.maximum",
      2,
      "cluster.instances.maximum must be minimum (3) or more, got 2",
    ],
    [
      "instance type that is none",
      "cluster.instances.types",
      ["large"],
      'cluster.instances.types.0 must be an instance type, like m7g.large, got "large"',
    ],
    [
      "tasks that are no range",
      "microservices.catalog.maximumTasks",
      2,
      "microservices.catalog.maximumTasks must be minimumTasks (3) or more, got 2",
    ],
    [
      "tasks of a time that are no range",
      "microservices.catalog.schedules",
      [{ name: "night", schedule: "cron(0 20 * * ? *)", minimumTasks: 4, maximumTasks: 2 }],
      "microservices.catalog.schedules.0.maximumTasks must be minimumTasks (4) or more, got 2",
    ],
    [
      "two schedules of one name",
      "microservices.catalog.schedules",
      Array(2).fill({ name: "night", schedule: "cron(0 20 * * ? *)", minimumTasks: 2, maximumTasks: 4 }),
      'microservices.catalog.schedules.1.name must be unique, got "night" twice',
    ],
    [
      "schedule that is none",
      "microservices.catalog.schedules",
      [{ name: "night", schedule: "20:00", minimumTasks: 2, maximumTasks: 4 }],
      'microservices.catalog.schedules.0.schedule must be cron(…), rate(…) or at(…), like cron(0 7 ? * MON-FRI *), got "20:00"',
    ],
    [
      "more tasks by day than the database has connections for",
      "microservices.orders.schedules",
      [{ name: "day", schedule: "cron(0 7 * * ? *)", minimumTasks: 40, maximumTasks: 60 }],
      `${database}.maximumConnections must be 1212 or more, connectionsPerTask (10) of old and new tasks (twice maximumTasks, 60), and 12 of those of events.relay, got 1000`,
    ],
    [
      "spot tasks on instances",
      "microservices.orders.spotPercent",
      50,
      'microservices.orders.spotPercent must be left out with compute "ec2", whose instances say it in cluster.instances, got 50',
    ],
    [
      "second user pool",
      "microservices.auth",
      {
        callbackUrls: ["https://shop.example.com/in"],
        logoutUrls: ["https://shop.example.com/out"],
        sesIdentityArn: "arn:aws:ses:eu-west-1:777788889999:identity/example.com",
      },
      "microservices.auth must be left out beside todo: an environment has one user pool",
    ],
    [
      "HTTPS without a certificate",
      "microservices.domain",
      undefined,
      'microservices.domain must be set with protocol "https", which needs a certificate, got undefined',
    ],
    [
      "certificate of another region",
      "microservices.domain.certificateArn",
      "arn:aws:acm:us-east-1:777788889999:certificate/1",
      'microservices.domain.certificateArn must be in eu-west-1, got "arn:aws:acm:us-east-1:777788889999:certificate/1"',
    ],
    [
      "more connections than the database takes",
      `${database}.connectionsPerTask`,
      50,
      `${database}.maximumConnections must be 1212 or more, connectionsPerTask (50) of old and new tasks (twice maximumTasks, 12), and 12 of those of events.relay, got 1000`,
    ],
    [
      "instance without storage",
      `${database}.engine`,
      "postgres",
      `${database}.allocatedGigabytes must be set with engine "postgres", got undefined`,
    ],
    [
      "storage of Aurora",
      `${database}.allocatedGigabytes`,
      100,
      `${database}.allocatedGigabytes must be left out with engine "aurora-postgresql", which takes what it needs, got 100`,
    ],
    [
      "limits of serverless on instances",
      `${database}.maximumCapacityUnits`,
      4,
      `${database}.maximumCapacityUnits must be left out with instanceClass "db.r7g.large", got 4`,
    ],
    [
      "limits of serverless that are no halves",
      `${database}.maximumCapacityUnits`,
      4.2,
      `${database}.maximumCapacityUnits must be in halves from 1 to 256, got 4.2`,
    ],
    [
      "three passwords of a cache",
      "microservices.storefront.cache.passwordNames",
      ["3", "2", "1"],
      'microservices.storefront.cache.passwordNames must have 2 or fewer entries, got ["3","2","1"]',
    ],
    [
      "engine version that is none",
      `${database}.engineVersion`,
      "latest",
      `${database}.engineVersion must be a version like 16 or 16.8, got "latest"`,
    ],
    [
      "consumer that is nobody",
      "microservices.catalog.privateLink.allowedPrincipals",
      ["*"],
      'microservices.catalog.privateLink.allowedPrincipals.0 must be the ARN of an account, role or user, got "*"',
    ],
    [
      "peer that is no VPC",
      "network.peerings",
      [{ name: "analytics", vpcId: "analytics", cidr: "10.99.0.0/16", routeTableIds: ["rtb-0a1b2c3d"] }],
      'network.peerings.0.vpcId must be the id of a VPC, got "analytics"',
    ],
    [
      "peer that overlaps",
      "network.peerings",
      [{ name: "analytics", vpcId: "vpc-0a1b2c3d", cidr: "10.30.128.0/20", routeTableIds: ["rtb-0a1b2c3d"] }],
      "network.peerings.0.cidr must not overlap network (10.30.0.0/16), or a route would lead to one of the two alone, got 10.30.128.0/20",
    ],
    [
      "a stream of no shards",
      "microservices.events.stream.shards",
      0,
      'microservices.events.stream.shards must be "on-demand" or a whole number from 1 to 500, got 0',
    ],
    [
      "an archive of no days",
      "microservices.events.archiveDays",
      0,
      "microservices.events.archiveDays must be a whole number from 1 to 3650, got 0",
    ],
    [
      "a projector for fewer than its sources need",
      "microservices.events.history.reservedConcurrency",
      5,
      "microservices.events.history.reservedConcurrency must be a whole number from 6 to 10000, got 5",
    ],
    [
      "one relay task in production",
      "microservices.events.relay.minimumTasks",
      1,
      "microservices.events.relay.minimumTasks must be 2 or more in a production environment, got 1",
    ],
  ])("%s", (_name, path, value, message) => {
    expect(errorsOf({ prod: prodWith(path, value) })).toEqual([`envs/prod: ${message}`]);
  });

  test("serverless without limits", () => {
    const must = 'must be set with instanceClass "db.serverless", got undefined';
    expect(errorsOf({ prod: prodWith(`${database}.instanceClass`, "db.serverless") })).toEqual([
      `envs/prod: ${database}.minimumCapacityUnits ${must}`,
      `envs/prod: ${database}.maximumCapacityUnits ${must}`,
    ]);
  });

  test("DAX and containers without a VPC", () => {
    expect(errorsOf({ prod: prodWith("network", undefined) })).toEqual([
      "envs/prod: network must be set when todo.dax is: DAX runs in a VPC, got undefined",
      "envs/prod: network must be set when microservices.catalog is: containers run in a VPC, got undefined",
    ]);
  });

  test("services whose users nobody signs in", () => {
    const { todo: _, ...prod } = environments["prod"] as EnvironmentInput;
    expect(errorsOf({ prod })).toEqual([
      "envs/prod: microservices.auth must be set without todo, whose users it would be, got undefined",
    ]);
  });

  test("the rules of sign-in hold for a pool of the services' own", () => {
    const { todo: _, ...prod } = environments["prod"] as EnvironmentInput;
    const microservices = {
      ...prod.microservices,
      auth: {
        callbackUrls: ["http://localhost:3000/in"],
        logoutUrls: ["https://shop.example.com/out"],
        threatProtection: "enforced",
      },
    } as NonNullable<EnvironmentInput["microservices"]>;
    expect(errorsOf({ prod: { ...prod, microservices } })).toEqual([
      'envs/prod: microservices.auth.sesIdentityArn must be set when threatProtection is "enforced": Cognito warns users by mail, got undefined',
      "envs/prod: microservices.auth.sesIdentityArn must be set in a production environment: Cognito's own sender stops at 50 mails a day, got undefined",
      'envs/prod: microservices.auth.callbackUrls.0 must not be on localhost in a production environment, got "http://localhost:3000/in"',
    ]);
  });
});

describe("microservices of a production environment", () => {
  test.each<[name: string, path: string, value: unknown, message: string]>([
    [
      "run in two zones",
      "microservices.storefront.minimumTasks",
      1,
      "microservices.storefront.minimumTasks must be 2 or more",
    ],
    [
      "have instances in two zones",
      "cluster.instances.minimum",
      1,
      "cluster.instances.minimum must be 2 or more",
    ],
    [
      "run no commands in tasks",
      "microservices.catalog.executeCommand",
      true,
      "microservices.catalog.executeCommand must be false",
    ],
    ["have a firewall", "microservices.firewall", undefined, "microservices.firewall must be set"],
    ["have a standby", `${database}.multiAz`, false, `${database}.multiAz must be true`],
    ["encrypt connections", `${database}.tls`, false, `${database}.tls must be true`],
    ["sign in by IAM", `${database}.iamAuthentication`, false, `${database}.iamAuthentication must be true`],
    [
      "keep backups",
      `${database}.backupRetentionDays`,
      1,
      `${database}.backupRetentionDays must be 7 or more`,
    ],
    [
      "can restore products",
      "microservices.catalog.pointInTimeRecoveryDays",
      1,
      "microservices.catalog.pointInTimeRecoveryDays must be 7 or more",
    ],
    [
      "encrypt the cache's connections",
      "microservices.storefront.cache.tls",
      false,
      "microservices.storefront.cache.tls must be true",
    ],
    [
      "have a second cache node",
      "microservices.sessions.cache.nodes",
      1,
      "microservices.sessions.cache.nodes must be 2 or more",
    ],
  ])("%s", (_name, path, value, message) => {
    expect(errorsOf({ prod: prodWith(path, value) })).toEqual([
      `envs/prod: ${message} in a production environment, got ${value}`,
    ]);
  });

  test("must run in two zones by night too", () => {
    const night = { name: "night", schedule: "cron(0 20 * * ? *)", minimumTasks: 1, maximumTasks: 2 };
    expect(errorsOf({ prod: prodWith("microservices.catalog.schedules", [night]) })).toEqual([
      "envs/prod: microservices.catalog.schedules.0.minimumTasks must be 2 or more in a production environment, got 1",
    ]);
  });
});
