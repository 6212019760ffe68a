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

describe("what is used, by hand", () => {
  test.each<Case>([
    {
      name: "a function",
      resources: [resourceOf("aws_lambda_function", { architectures: ["arm64"], memory_size: 512 })],
      traffic: { requests: 2_000_000, functionMilliseconds: 50 },
      // 2 at 0.20; 50 000 GB-seconds at 0.0000133334
      amounts: { "function, requests": 0.4, "function, duration": 0.6667 },
    },
    {
      name: "a function on x86 with a disk",
      resources: [
        resourceOf("aws_lambda_function", { memory_size: 1024, ephemeral_storage: { size: 1536 } }),
      ],
      traffic: { requests: 1_000_000, functionMilliseconds: 1000 },
      // 1 000 000 GB-seconds at 0.0000166667, and of the disk at 0.000000034
      amounts: { "function, requests": 0.2, "function, duration": 16.6667, "function, disk": 0.034 },
    },
    {
      name: "an API with its cache",
      resources: [
        resourceOf("aws_api_gateway_stage", { cache_cluster_enabled: true, cache_cluster_size: "1.6" }),
      ],
      traffic: { requests: 2_000_000, responseKilobytes: 1024 },
      // 2 at 3.50; 730 at 0.038; 1953.125 GB at 0.09
      amounts: { "API, requests": 7, "API's cache, hours": 27.74, "data to the internet": 175.7813 },
    },
    {
      name: "a load balancer: bytes need more units than connections do",
      resources: [resourceOf("aws_lb", { internal: true, subnets: [] })],
      traffic: { requests: 1_048_576, responseKilobytes: 1000 },
      // 1000 GB are 1000 unit-hours at 0.008; a million connections 11.65
      amounts: { "application load balancer, hours": 18.396, "capacity units": 8 },
    },
    {
      name: "a load balancer: connections need more",
      resources: [resourceOf("aws_lb", { internal: true, subnets: [] })],
      traffic: { requests: 9_000_000, responseKilobytes: 0 },
      // 9 000 000 / 3600 / 25 unit-hours at 0.008
      amounts: { "application load balancer, hours": 18.396, "capacity units": 0.8 },
    },
    {
      name: "a table on demand, its index and its recovery",
      resources: [
        resourceOf("aws_dynamodb_table", {
          billing_mode: "PAY_PER_REQUEST",
          global_secondary_index: [{ name: "by" }],
          point_in_time_recovery: { enabled: true },
        }),
      ],
      traffic: { readUnits: 2_000_000, writeUnits: 1_000_000, storedGigabytes: 10 },
      // 2 at 0.1415; twice 0.705; 20 GB at 0.283; 10 at 0.22
      amounts: {
        "table, reads": 0.283,
        "table, writes": 1.41,
        "table, storage": 5.66,
        "table, recovery": 2.2,
      },
    },
    {
      name: "a bucket",
      resources: [resourceOf("aws_s3_bucket")],
      traffic: { storedGigabytes: 100, putRequests: 20_000, getRequests: 60_000, transferGigabytes: 10 },
      amounts: {
        "bucket, storage": 2.3,
        "bucket, writes": 0.1,
        "bucket, reads": 0.024,
        "data to the internet": 0.9,
      },
    },
    {
      name: "a distribution, its functions and its shield",
      resources: [
        resourceOf("aws_cloudfront_distribution", {
          origin: [{ origin_shield: { enabled: true, origin_shield_region: "eu-west-1" } }],
        }),
        resourceOf("aws_cloudfront_function", {}, { name: "one" }),
      ],
      traffic: { requests: 1_000_000, originRequests: 50_000, transferGigabytes: 2_000 },
      // 100 × 0.012; 2000 at 0.085; 5 × 0.009; 0.10
      amounts: {
        "CloudFront, requests": 1.2,
        "CloudFront, data to viewers": 170,
        "CloudFront, Origin Shield": 0.045,
        "edge function": 0.1,
      },
    },
    {
      name: "logs, kept for a year",
      resources: [resourceOf("aws_cloudwatch_log_group", { retention_in_days: 365 })],
      traffic: { logGigabytes: 10 },
      // 10 at 0.57; 120 GB-months at 0.03
      amounts: { "logs, written": 5.7, "logs, kept": 3.6 },
    },
    {
      name: "flow logs",
      resources: [
        resourceOf("aws_cloudwatch_log_group", { retention_in_days: 365 }),
        resourceOf("aws_flow_log", { log_destination: "${aws_cloudwatch_log_group.it.arn}" }),
      ],
      traffic: { logGigabytes: 20_480 },
      // 10 240 at 0.57, as many at 0.285
      amounts: { "logs, written": 8755.2, "logs, kept": 7372.8 },
    },
    {
      name: "logs to S3",
      resources: [resourceOf("aws_cloudwatch_log_delivery")],
      traffic: { logGigabytes: 10 },
      amounts: { "logs, delivered to S3": 2.85 },
    },
    {
      name: "messages",
      resources: [
        resourceOf("aws_sns_topic"),
        resourceOf("aws_sns_topic_subscription", { protocol: "email" }),
        resourceOf("aws_sns_topic_subscription", { protocol: "sqs" }, { name: "queue" }),
      ],
      traffic: { requests: 1_000_000 },
      amounts: { "topic, messages": 0.5, "e-mails": 20 },
    },
    {
      name: "users of the cheapest tier",
      resources: [resourceOf("aws_cognito_user_pool", { user_pool_tier: "LITE" })],
      traffic: { activeUsers: 60_000 },
      // 50 000 at 0.0055, 10 000 at 0.0046
      amounts: { "active users, lite": 321 },
    },
    {
      name: "a queue and images in us-east-1",
      region: "us-east-1",
      resources: [resourceOf("aws_sqs_queue"), resourceOf("aws_ecr_repository")],
      traffic: { requests: 1_000_000, storedGigabytes: 5 },
      amounts: { "queue, requests": 0.4, "images, storage": 0.5 },
    },
  ])("$name", ({ resources, traffic, amounts, region = "eu-west-1" }) => {
    expect(amountsOf(monthlyCost(resources, trafficOfPart(traffic), region))).toEqual(amounts);
  });
});
