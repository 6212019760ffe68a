import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudwatchEventBus } from "@cdktf/provider-aws/lib/cloudwatch-event-bus";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CognitoUserPoolClient } from "@cdktf/provider-aws/lib/cognito-user-pool-client";
import { DaxCluster } from "@cdktf/provider-aws/lib/dax-cluster";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { ElasticacheCluster } from "@cdktf/provider-aws/lib/elasticache-cluster";
import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { KinesisStream } from "@cdktf/provider-aws/lib/kinesis-stream";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RdsCluster } from "@cdktf/provider-aws/lib/rds-cluster";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { Alarm } from "../modules/internal/alarm";
import { type Resource, synthesise, testLabel } from "../modules/internal/synth-test";
import { addObservability } from "./observability";
import { type ObservabilitySpec, observability } from "./observability-spec";
import { observedResources, partsOf } from "./observed-parts";

const topicArn = "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms";
const role = "arn:aws:iam::111111111111:role/acme-test-role";
const name = (of: string) => `acme-test-${of}`;

function observe(stack: TerraformStack, systems: Record<string, string[]>, spec?: ObservabilitySpec) {
  addObservability(stack, {
    label: testLabel,
    alarmTopicArn: topicArn,
    systems,
    spec: spec ?? observability.parse({}),
  });
}

/** An alarm with the metric alone that it has in the modules. */
function alarm(scope: Construct, id: string, namespace: string, metricName: string, dimensions = {}) {
  const aim = { namespace, metricName, dimensions, statistic: "Sum", threshold: 0, topicArn };
  return new Alarm(scope, id, { ...aim, name: name(id), description: "" });
}

describe("a part is found by itself, with its dimensions:", () => {
  test.each<{ of: string; make: (scope: Construct) => void; parts: unknown[] }>([
    {
      of: "a function",
      make: (scope) => void new LambdaFunction(scope, "it", { functionName: name("todos"), role }),
      parts: [{ kind: "function", name: "todos", dimensions: { FunctionName: "acme-test-todos" } }],
    },
    {
      of: "an API, by its stage",
      make: (scope) => {
        const restApi = new ApiGatewayRestApi(scope, "api", { name: name("todos-v1") });
        new ApiGatewayStage(scope, "it", { restApiId: restApi.id, stageName: "v1", deploymentId: "d" });
      },
      parts: [{ kind: "api", name: "todos-v1", dimensions: { ApiName: "acme-test-todos-v1", Stage: "v1" } }],
    },
    {
      of: "a load balancer of services, none of networks",
      make: (scope) => {
        new Lb(scope, "it", { name: name("orders"), loadBalancerType: "application" });
        new Lb(scope, "link", { name: name("link"), loadBalancerType: "network" });
      },
      parts: [
        {
          kind: "loadBalancer",
          name: "orders",
          dimensions: { LoadBalancer: expect.stringMatching(/^\$\{aws_lb\.part_it_\w+\.arn_suffix\}$/) },
        },
      ],
    },
    {
      of: "a service, by the name in its cluster's ARN",
      make: (scope) =>
        void new EcsService(scope, "it", {
          name: name("orders"),
          cluster: "arn:aws:ecs:eu-west-1:111111111111:cluster/acme-test-services",
        }),
      parts: [
        {
          kind: "service",
          name: "orders",
          dimensions: { ClusterName: "acme-test-services", ServiceName: "acme-test-orders" },
        },
      ],
    },
    {
      of: "a workflow",
      make: (scope) =>
        void new SfnStateMachine(scope, "it", { name: name("fulfilment"), roleArn: role, definition: "{}" }),
      parts: [
        {
          kind: "workflow",
          name: "fulfilment",
          dimensions: { StateMachineArn: expect.stringMatching(/^\$\{aws_sfn_state_machine\..*\.arn\}$/) },
        },
      ],
    },
    {
      of: "a queue, and one of failures",
      make: (scope) => {
        new SqsQueue(scope, "it", { name: name("stock"), redrivePolicy: "{}" });
        new SqsQueue(scope, "failures", { name: name("stock-failed") });
      },
      parts: [
        { kind: "queue", name: "stock", dimensions: { QueueName: "acme-test-stock" } },
        {
          kind: "deadLetterQueue",
          name: "stock-failed",
          dimensions: { QueueName: "acme-test-stock-failed" },
        },
      ],
    },
    {
      of: "a stream",
      make: (scope) => void new KinesisStream(scope, "it", { name: name("order-events") }),
      parts: [{ kind: "stream", name: "order-events", dimensions: { StreamName: "acme-test-order-events" } }],
    },
    {
      of: "a topic",
      make: (scope) => void new SnsTopic(scope, "it", { name: name("order-events") }),
      parts: [{ kind: "topic", name: "order-events", dimensions: { TopicName: "acme-test-order-events" } }],
    },
    {
      of: "what has the provider of another region, there",
      make: (scope) => {
        const provider = new AwsProvider(scope, "virginia", { alias: "virginia", region: "us-east-1" });
        new SnsTopic(scope, "it", { name: name("alarms"), provider });
      },
      parts: [
        { kind: "topic", name: "alarms", dimensions: { TopicName: "acme-test-alarms" }, region: "us-east-1" },
      ],
    },
    {
      of: "a rule of a bus, none of the default one",
      make: (scope) => {
        const bus = new CloudwatchEventBus(scope, "bus", { name: name("shop") });
        new CloudwatchEventRule(scope, "it", { name: name("placed"), eventBusName: bus.name });
        new CloudwatchEventRule(scope, "tasks", { name: name("tasks") });
      },
      parts: [
        {
          kind: "rule",
          name: "placed",
          dimensions: {
            EventBusName: expect.stringMatching(/^\$\{aws_cloudwatch_event_bus\..*\.name\}$/),
            RuleName: "acme-test-placed",
          },
        },
      ],
    },
    {
      of: "a table, and its cache",
      make: (scope) => {
        new DynamodbTable(scope, "it", { name: name("todos") });
        new DaxCluster(scope, "cache", {
          ...{ clusterName: name("todo"), iamRoleArn: role, nodeType: "dax.r5.large", replicationFactor: 1 },
        });
      },
      parts: [
        { kind: "table", name: "todos", dimensions: { TableName: "acme-test-todos" } },
        { kind: "dax", name: "todo", dimensions: { ClusterId: "acme-test-todo" } },
      ],
    },
    {
      of: "databases, alone and in a cluster",
      make: (scope) => {
        new RdsCluster(scope, "it", { clusterIdentifier: name("orders"), engine: "aurora-postgresql" });
        new DbInstance(scope, "single", { identifier: name("single"), instanceClass: "db.t4g.micro" });
      },
      parts: [
        { kind: "databaseCluster", name: "orders", dimensions: { DBClusterIdentifier: "acme-test-orders" } },
        {
          kind: "databaseInstance",
          name: "single",
          dimensions: { DBInstanceIdentifier: "acme-test-single" },
        },
      ],
    },
    {
      of: "the nodes of a cache, by the names that ElastiCache gives them",
      make: (scope) => {
        new ElasticacheCluster(scope, "it", { clusterId: name("memcached") });
        const group = { description: "" };
        new ElasticacheReplicationGroup(scope, "group", {
          ...{ ...group, replicationGroupId: name("views"), numCacheClusters: 2 },
        });
        new ElasticacheReplicationGroup(scope, "shards", {
          ...{ ...group, replicationGroupId: name("shards"), numNodeGroups: 2, replicasPerNodeGroup: 1 },
        });
      },
      parts: [
        "memcached",
        "views-001",
        "views-002",
        "shards-0001-001",
        "shards-0001-002",
        "shards-0002-001",
        "shards-0002-002",
      ].map((node) => ({ kind: "cacheNode", name: node, dimensions: { CacheClusterId: name(node) } })),
    },
    {
      of: "firewalls, where their metrics are",
      make: (scope) => {
        const acl = {
          defaultAction: { allow: {} },
          visibilityConfig: {
            cloudwatchMetricsEnabled: true,
            metricName: "m",
            sampledRequestsEnabled: false,
          },
        };
        new Wafv2WebAcl(scope, "it", { ...acl, name: name("todo"), scope: "REGIONAL" });
        new Wafv2WebAcl(scope, "cdn", { ...acl, name: name("downloads"), scope: "CLOUDFRONT" });
      },
      parts: [
        {
          kind: "firewall",
          name: "todo",
          dimensions: { WebACL: "acme-test-todo", Rule: "ALL", Region: "eu-west-1" },
        },
        {
          kind: "firewall",
          name: "downloads",
          dimensions: { WebACL: "acme-test-downloads", Rule: "ALL" },
          region: "us-east-1",
        },
      ],
    },
    {
      of: "a distribution, and who signs in",
      make: (scope) => {
        new CloudfrontDistribution(scope, "it", {
          enabled: true,
          origin: [],
          defaultCacheBehavior: {
            ...{
              allowedMethods: [],
              cachedMethods: [],
              targetOriginId: "o",
              viewerProtocolPolicy: "https-only",
            },
          },
          restrictions: { geoRestriction: { restrictionType: "none" } },
          viewerCertificate: {},
        });
        new CognitoUserPoolClient(scope, "app", { name: name("mobile"), userPoolId: "eu-west-1_1" });
      },
      parts: [
        {
          kind: "distribution",
          name: "part",
          dimensions: {
            DistributionId: expect.stringMatching(/^\$\{aws_cloudfront_distribution\..*\.id\}$/),
            Region: "Global",
          },
          region: "us-east-1",
        },
        {
          kind: "userPoolClient",
          name: "mobile",
          dimensions: { UserPool: "eu-west-1_1", UserPoolClient: expect.stringMatching(/\.id\}$/) },
        },
      ],
    },
  ])("$of", ({ make, parts }) => {
    synthesise((stack) => {
      make(new Construct(stack, "part"));
      const all = observedResources(stack);
      const found = partsOf(all, all, testLabel);
      expect(found).toHaveLength(parts.length);
      expect(found).toEqual(expect.arrayContaining(parts));
      // What the dashboard refuses, no part may be.
      observe(stack, { shop: ["part"] });
    });
  });
});

/** Two systems, and what they stand on. */
function shop(stack: TerraformStack): void {
  const api = new Construct(stack, "todo-api");
  const restApi = new ApiGatewayRestApi(api, "api", { name: name("todos-v1") });
  new ApiGatewayStage(api, "stage", { restApiId: restApi.id, stageName: "v1", deploymentId: "d" });
  new LambdaFunction(api, "function", { functionName: name("todos-v1"), role });
  new CloudwatchLogGroup(api, "logs", { name: "/aws/lambda/acme-test-todos-v1" });
  new CloudwatchLogGroup(api, "access", { name: "/aws/apigateway/acme-test-todos-v1" });
  const ofApi = { ApiName: name("todos-v1"), Stage: "v1" };
  alarm(api, "api-5xx", "AWS/ApiGateway", "5XXError", ofApi);
  alarm(api, "api-p99", "AWS/ApiGateway", "Latency", ofApi);
  alarm(api, "errors", "AWS/Lambda", "Errors", { FunctionName: name("todos-v1") });
  alarm(api, "own", "acme-test", "DaxFailed", { service: "todos-v1" });

  const balancer = new Lb(new Construct(stack, "balancer"), "lb", {
    ...{ name: name("orders"), loadBalancerType: "application" },
  });
  const ofBalancer = { LoadBalancer: balancer.arnSuffix };
  alarm(balancer, "balancer-5xx", "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", ofBalancer);
  const service = new Construct(stack, "orders");
  new CloudwatchLogGroup(service, "logs", { name: "/ecs/acme-test-orders" });
  // As a service has it: another token, of the same attribute.
  const ofTarget = { LoadBalancer: balancer.arnSuffix, TargetGroup: "orders" };
  alarm(service, "orders-5xx", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", ofTarget);
  alarm(service, "orders-unhealthy", "AWS/ApplicationELB", "UnHealthyHostCount", ofTarget);
  // Of a consumer of events nobody notices that it fails.
  alarm(new Construct(stack, "consumer"), "consumer-errors", "AWS/Lambda", "Errors", {});

  alarm(new Construct(stack, "cluster"), "cluster-full", "AWS/AutoScaling", "GroupInServiceInstances", {});
}

const SYSTEMS = {
  todo: ["todo-api"],
  microservices: ["balancer", "orders", "consumer"],
  downloads: [],
};

describe("an environment", () => {
  const all = synthesise((stack) => {
    shop(stack);
    observe(stack, SYSTEMS, observability.parse({ traces: { requestsPerSecond: 1, percent: 5 } }));
  });
  const alarms = Object.entries<Resource>(all.json["resource"].aws_cloudwatch_metric_alarm);
  const arnOf = (id: string) =>
    `\${aws_cloudwatch_metric_alarm.${alarms.find(([, it]) => it["alarm_name"] === name(id))?.[0]}.arn}`;
  const widget = (system: string, title: string) =>
    JSON.parse(all.one("aws_cloudwatch_dashboard", system)["dashboard_body"]).widgets.find(
      ({ properties }: Resource) => properties.title === title,
    ).properties;

  test("has a dashboard for each system that has parts, and tells its name", () => {
    expect(all.all("aws_cloudwatch_dashboard").map(({ dashboard_name }) => dashboard_name)).toEqual([
      "acme-test-microservices",
      "acme-test-todo",
    ]);
    expect(all.json["output"]).toEqual({
      microservices_dashboard: { value: "acme-test-microservices" },
      todo_dashboard: { value: "acme-test-todo" },
    });
  });

  test("shows a system its own alarms, and those of what all stand on", () => {
    expect(widget("microservices", "Alarms").alarms.sort()).toEqual(
      ["balancer-5xx", "orders-5xx", "orders-unhealthy", "consumer-errors", "cluster-full"].map(arnOf).sort(),
    );
  });

  test("asks the logs of a system's functions and services, and of its APIs' access", () => {
    const groups = (idPart: string) => all.one("aws_cloudwatch_query_definition", idPart)["log_group_names"];
    expect(groups("microservices-observability_query-newest-errors")).toEqual([
      expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.orders_logs_\w+\.name\}$/),
    ]);
    expect(groups("todo-observability_query-refused-at-the-gateway")).toEqual([
      expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.todo-api_access_\w+\.name\}$/),
    ]);
    expect(all.all("aws_cloudwatch_log_metric_filter").map((filter) => filter["name"])).toEqual([
      "acme-test-service-orders-errors",
      "acme-test-function-todos-v1-errors",
    ]);
  });

  test("control 29: an alarm tells the topic, by itself or by one symptom", () => {
    const rules = all.all("aws_cloudwatch_composite_alarm");
    const telling = (alarmName: string) =>
      rules.filter(
        ({ alarm_rule, alarm_actions, ok_actions }) =>
          alarm_rule.includes(`ALARM("${alarmName}")`) &&
          [alarm_actions, ok_actions].every(([action]) => action === topicArn),
      );
    for (const [, { alarm_name, alarm_actions = [], ok_actions = [] }] of alarms) {
      const itself = alarm_actions.includes(topicArn) && ok_actions.includes(topicArn);
      expect([alarm_name, telling(alarm_name).length + (itself ? 1 : 0)]).toEqual([alarm_name, 1]);
    }
  });

  test("tells once what several alarms see of one trouble", () => {
    expect(
      all.all("aws_cloudwatch_composite_alarm").map(({ alarm_name, alarm_rule }) => [alarm_name, alarm_rule]),
    ).toEqual([
      [
        "acme-test-orders-load-balancer-fails",
        'ALARM("acme-test-balancer-5xx") OR ALARM("acme-test-orders-5xx")',
      ],
      ["acme-test-api-todos-v1-fails", 'ALARM("acme-test-api-5xx") OR ALARM("acme-test-errors")'],
    ]);
    expect(all.one("aws_cloudwatch_composite_alarm", "todo")).toMatchObject({
      alarm_description:
        "API todos-v1 fails requests: see on dashboard acme-test-todo which of its 2 alarms are on, and what they say.",
      depends_on: expect.arrayContaining([
        expect.stringMatching(/^aws_cloudwatch_metric_alarm\.todo-api_api-5xx/),
      ]),
    });
  });

  test("traces as its specification says", () => {
    expect(all.one("aws_xray_sampling_rule")).toMatchObject({ reservoir_size: 1, fixed_rate: 0.05 });
    const unsaid = synthesise((stack) => {
      shop(stack);
      observe(stack, SYSTEMS);
    });
    expect(unsaid.types.filter((type) => type.startsWith("aws_xray"))).toEqual([]);
  });
});

test("alarms of another region tell their own topic", () => {
  const all = synthesise((stack) => {
    const provider = new AwsProvider(stack, "virginia", { alias: "virginia", region: "us-east-1" });
    const balancer = new Lb(new Construct(stack, "part"), "lb", {
      ...{ name: name("it"), loadBalancerType: "application" },
    });
    for (const metricName of ["HTTPCode_ELB_5XX_Count", "RejectedConnectionCount"]) {
      new Alarm(balancer, metricName, {
        ...{ name: metricName, description: "", namespace: "AWS/ApplicationELB", metricName, provider },
        ...{ dimensions: { LoadBalancer: balancer.arnSuffix }, statistic: "Sum", threshold: 0, topicArn },
      });
    }
    observe(stack, { shop: ["part"] });
  });
  expect(all.types).not.toContain("aws_cloudwatch_composite_alarm");
  expect(all.all("aws_cloudwatch_metric_alarm").map((it) => it["alarm_actions"])).toEqual([
    [topicArn],
    [topicArn],
  ]);
});
