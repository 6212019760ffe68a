import { monthlyCost } from ".";
import { amountsOf, resourceOf, trafficOfPart } from "./fixture";
import type { PricedResource } from "./resources";
import type { AssumedTraffic } from "./traffic";

interface Case {
  readonly name: string;
  readonly resources: readonly PricedResource[];
  readonly traffic?: AssumedTraffic["parts"][string];
  /** By hand: quantity times the price that scripts/internal/prices has. */
  readonly amounts: Record<string, number>;
  /** @default "eu-west-1" */
  readonly region?: string;
}

const group = resourceOf("aws_autoscaling_group", {
  min_size: 3,
  mixed_instances_policy: {
    launch_template: {
      launch_template_specification: { launch_template_id: "${aws_launch_template.template.id}" },
      override: [{ instance_type: "m7g.large" }, { instance_type: "m6g.large" }],
    },
  },
});
const template = resourceOf(
  "aws_launch_template",
  { block_device_mappings: [{ ebs: { volume_size: 30, volume_type: "gp3" } }] },
  { name: "template" },
);
const task = resourceOf(
  "aws_ecs_task_definition",
  { cpu: "256", memory: "512", runtime_platform: { cpu_architecture: "ARM64" } },
  { name: "task" },
);
const service = resourceOf("aws_ecs_service", {
  task_definition: "${aws_ecs_task_definition.task.arn}",
  desired_count: 1,
  capacity_provider_strategy: [{ capacity_provider: "FARGATE" }, { capacity_provider: "FARGATE_SPOT" }],
});
const scaling = resourceOf("aws_appautoscaling_target", {
  min_capacity: 3,
  resource_id: "service/${aws_ecs_cluster.it.name}/${aws_ecs_service.it.name}",
});

describe("what is there, by hand", () => {
  test.each<Case>([
    {
      name: "instances of a group, the preferred type at its minimum, and their disks",
      resources: [group, template],
      // 2190 hours at 0.091; 90 GB at 0.088
      amounts: { "m7g.large instances, hours": 199.29, "gp3 disks of instances": 7.92 },
    },
    {
      name: "tasks on Fargate, as many as scaling keeps",
      resources: [service, task, scaling],
      // 3 × 730 × 0.25 at 0.03238; 3 × 730 × 0.5 at 0.00356
      amounts: { "Fargate tasks, CPU": 17.7281, "Fargate tasks, memory": 3.8982 },
    },
    {
      name: "tasks on Fargate without scaling",
      resources: [service, task],
      amounts: { "Fargate tasks, CPU": 5.9094, "Fargate tasks, memory": 1.2994 },
    },
    {
      name: "tasks on instances, which cost the instances",
      resources: [
        resourceOf("aws_ecs_service", {
          capacity_provider_strategy: [{ capacity_provider: "${aws_ecs_capacity_provider.it.name}" }],
          task_definition: "${aws_ecs_task_definition.task.arn}",
        }),
        task,
      ],
      amounts: {},
    },
    {
      name: "a public load balancer over three zones",
      resources: [resourceOf("aws_lb", { load_balancer_type: "application", subnets: ["a", "b", "c"] })],
      traffic: { requests: 0, responseKilobytes: 0 },
      // 730 at 0.0252; 2190 at 0.005
      amounts: { "application load balancer, hours": 18.396, "public IPv4 addresses, hours": 10.95 },
    },
    {
      name: "an internal load balancer, without addresses outside",
      resources: [resourceOf("aws_lb", { internal: true, subnets: ["a", "b"] })],
      traffic: { requests: 0, responseKilobytes: 0 },
      amounts: { "application load balancer, hours": 18.396 },
    },
    {
      name: "a network load balancer",
      resources: [resourceOf("aws_lb", { internal: true, load_balancer_type: "network", subnets: ["a"] })],
      traffic: { requests: 0, responseKilobytes: 0 },
      // Of a region without a price: see below.
      amounts: {},
    },
    {
      name: "an interface endpoint in two zones",
      resources: [
        resourceOf("aws_vpc_endpoint", { vpc_endpoint_type: "Interface", subnet_ids: ["a", "b"] }),
        resourceOf("aws_vpc_endpoint", { vpc_endpoint_type: "Gateway" }, { name: "gateway" }),
      ],
      traffic: { processedGigabytes: 100 },
      // 1460 at 0.011; 100 at 0.01
      amounts: { "interface endpoint, hours": 16.06, "interface endpoint, data": 1 },
    },
    {
      name: "an address",
      resources: [resourceOf("aws_eip")],
      amounts: { "public IPv4 address, hours": 3.65 },
    },
    {
      name: "a database, its storage, and the secret of its master",
      resources: [
        resourceOf("aws_db_instance", {
          engine: "postgres",
          instance_class: "db.t4g.micro",
          storage_type: "gp3",
          allocated_storage: 20,
          multi_az: false,
          manage_master_user_password: true,
        }),
      ],
      traffic: { backupGigabytes: 10 },
      // 730 at 0.017; 20 at 0.127; 10 at 0.095; 0.40
      amounts: {
        "db.t4g.micro database, hours": 12.41,
        "gp3 storage of the database": 2.54,
        "backups beyond what is free": 0.95,
        "secret of the master user": 0.4,
      },
    },
    {
      name: "Aurora in us-east-1",
      region: "us-east-1",
      resources: [
        resourceOf("aws_rds_cluster", { engine: "aurora-postgresql" }, { name: "cluster" }),
        resourceOf("aws_rds_cluster_instance", {
          cluster_identifier: "${aws_rds_cluster.cluster.id}",
          engine: "aurora-postgresql",
          instance_class: "db.r7g.large",
        }),
      ],
      traffic: { storedGigabytes: 100, inputOutputRequests: 5_000_000, backupGigabytes: 10 },
      // 730 at 0.276; 100 at 0.10; 5 at 0.20; 10 at 0.021
      amounts: {
        "db.r7g.large Aurora, hours": 201.48,
        "Aurora, storage": 10,
        "Aurora, I/O": 1,
        "backups beyond what is free": 0.21,
      },
    },
    {
      name: "Aurora Serverless at its least",
      region: "us-east-1",
      resources: [
        resourceOf(
          "aws_rds_cluster",
          { serverlessv2_scaling_configuration: { min_capacity: 0.5, max_capacity: 4 } },
          { name: "cluster" },
        ),
        resourceOf("aws_rds_cluster_instance", {
          cluster_identifier: "${aws_rds_cluster.cluster.id}",
          instance_class: "db.serverless",
        }),
      ],
      traffic: { storedGigabytes: 0, inputOutputRequests: 0, backupGigabytes: 0 },
      // 365 at 0.12
      amounts: { "Aurora, least capacity": 43.8 },
    },
    {
      name: "a cache of three nodes",
      resources: [
        resourceOf("aws_elasticache_replication_group", {
          engine: "valkey",
          node_type: "cache.r7g.large",
          num_cache_clusters: 3,
        }),
      ],
      // 2190 at 0.1944
      amounts: { "cache.r7g.large nodes, hours": 425.736 },
    },
    {
      name: "a cache of two shards, each with a replica",
      resources: [
        resourceOf("aws_elasticache_replication_group", {
          engine: "valkey",
          node_type: "cache.t4g.micro",
          num_node_groups: 2,
          replicas_per_node_group: 1,
        }),
      ],
      // 2920 at 0.0136
      amounts: { "cache.t4g.micro nodes, hours": 39.712 },
    },
    {
      name: "nodes without replicas",
      region: "us-east-1",
      resources: [
        resourceOf("aws_elasticache_cluster", {
          engine: "valkey",
          node_type: "cache.t4g.small",
          num_cache_nodes: 2,
        }),
      ],
      // 1460 at 0.0256
      amounts: { "cache.t4g.small nodes, hours": 37.376 },
    },
    {
      name: "a table with provisioned capacity, and an index",
      resources: [
        resourceOf("aws_dynamodb_table", {
          billing_mode: "PROVISIONED",
          read_capacity: 5,
          write_capacity: 5,
          global_secondary_index: [{ name: "by", read_capacity: 1, write_capacity: 1 }],
        }),
      ],
      traffic: { storedGigabytes: 10 },
      // 4380 at 0.000147; 4380 at 0.000735; 20 GB at 0.283
      amounts: { "table, read capacity": 0.6439, "table, write capacity": 3.2193, "table, storage": 5.66 },
    },
    {
      name: "a web ACL with its rules",
      resources: [resourceOf("aws_wafv2_web_acl", { rule: [{}, {}, {}, {}] })],
      traffic: { requests: 1_000_000 },
      amounts: { "web ACL": 5, "web ACL, rules": 4, "web ACL, requests": 0.6 },
    },
    {
      name: "keys, secrets and those of a CloudFormation stack",
      resources: [
        resourceOf("aws_kms_key"),
        resourceOf("aws_secretsmanager_secret"),
        resourceOf("aws_cloudformation_stack", {
          template_body:
            '{"A":{"Type":"AWS::SecretsManager::Secret"},"B":{"Type":"AWS::SecretsManager::Secret"}}',
        }),
      ],
      traffic: { calls: 10_000 },
      amounts: {
        key: 1,
        "key, requests": 0.03,
        secret: 0.4,
        "secret, calls": 0.05,
        "secrets of the CloudFormation stack": 0.8,
      },
    },
    {
      name: "alarms, by the metrics that they look at",
      resources: [
        resourceOf("aws_cloudwatch_metric_alarm", {
          metric_query: [{ expression: "a + b" }, { metric: { period: 60 } }, { metric: { period: 60 } }],
        }),
      ],
      amounts: { alarm: 0.2 },
    },
    {
      name: "alarms in a hurry",
      resources: [resourceOf("aws_cloudwatch_metric_alarm", { metric_name: "a", period: 10 })],
      amounts: { alarm: 0.3 },
    },
    {
      name: "alarms that a scaling policy makes",
      resources: [
        resourceOf("aws_appautoscaling_policy", { policy_type: "TargetTrackingScaling" }),
        resourceOf("aws_appautoscaling_policy", { policy_type: "StepScaling" }, { name: "steps" }),
      ],
      amounts: { "alarms of the scaling policy": 0.2 },
    },
    {
      name: "a stream of two shards",
      resources: [resourceOf("aws_kinesis_stream", { shard_count: 2 })],
      traffic: { putRequests: 1_000_000 },
      // 1460 at 0.017; a million at 0.0165
      amounts: { "stream, shard hours": 24.82, "stream, puts": 0.0165 },
    },
    {
      name: "zones and tables of the data catalog",
      resources: [
        resourceOf("aws_route53_zone"),
        resourceOf("aws_glue_catalog_table"),
        resourceOf("aws_glue_catalog_database"),
      ],
      amounts: { "hosted zone": 0.5, "table of the data catalog": 0, "database of the data catalog": 0 },
    },
  ])("$name", ({ resources, traffic, amounts, region = "eu-west-1" }) => {
    expect(amountsOf(monthlyCost(resources, trafficOfPart(traffic), region))).toEqual(amounts);
  });
});

describe("what cannot be worked out is named", () => {
  test.each<[name: string, resources: readonly PricedResource[], why: string]>([
    [
      "a kind of load balancer without a price",
      [resourceOf("aws_lb", { internal: true, load_balancer_type: "network", subnets: ["a"] })],
      "no source gave a price of elastic-load-balancing network-load-balancer in eu-west-1",
    ],
    [
      "a number that is known later",
      [resourceOf("aws_dax_cluster", { node_type: "dax.t3.small", replication_factor: "${var.nodes}" })],
      "replication_factor is known only once it is deployed",
    ],
    [
      "a number that is none",
      [resourceOf("aws_kinesis_stream", { shard_count: "two" })],
      'shard_count is "two", which is no number',
    ],
    [
      "tasks of a definition elsewhere",
      [resourceOf("aws_ecs_service", { launch_type: "FARGATE", task_definition: "other:1" })],
      "its task definition is not in the stack",
    ],
    [
      "a group without a type",
      [resourceOf("aws_autoscaling_group", { min_size: 1 })],
      "its instance type is in no launch template of the stack",
    ],
    [
      "streams on demand",
      [resourceOf("aws_kinesis_stream", { stream_mode_details: { stream_mode: "ON_DEMAND" } })],
      "streams on demand are not worked out",
    ],
  ])("%s", (_name, resources, why) => {
    const { unpriced } = monthlyCost(resources, trafficOfPart(), "eu-west-1");
    expect(unpriced.map((one) => one.why)).toContain(why);
  });
});
