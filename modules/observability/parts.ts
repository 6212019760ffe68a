/** A line of a chart, for each part. */
interface Measure {
  readonly metricName: string;
  /** `Sum`, `Average`, `Maximum`, or a percentile such as `p99`. */
  readonly statistic: string;
  /** Namespace of the metric. @default that of the kind */
  readonly namespace?: string;
}

/** What is drawn into one coordinate system, for all parts of a kind. */
interface Chart {
  readonly title: string;
  /** What the axis counts, e.g. `ms`. */
  readonly unit: string;
  readonly measures: readonly Measure[];
}

/** How CloudWatch measures parts of one kind. */
interface Kind {
  /** What they are called together. */
  readonly title: string;
  readonly namespace: string;
  /** Names of the dimensions of each metric, those of {@link ObservedPart.dimensions}. */
  readonly dimensions: readonly string[];
  readonly charts: readonly Chart[];
}

const sum = (...metricNames: string[]) => metricNames.map((metricName) => ({ metricName, statistic: "Sum" }));
const average = (metricName: string) => [{ metricName, statistic: "Average" }];
const maximum = (metricName: string) => [{ metricName, statistic: "Maximum" }];
const p99 = (metricName: string) => [{ metricName, statistic: "p99" }];

const DATABASE_CHARTS: readonly Chart[] = [
  { title: "busy", unit: "%", measures: average("CPUUtilization") },
  { title: "connections", unit: "connections", measures: maximum("DatabaseConnections") },
  { title: "commits that take longest", unit: "ms", measures: average("CommitLatency") },
];

/**
 * Kinds of parts and their charts, in the order of a dashboard: how users are served, then what does the work, then what lies between, then
 * the data.
 *
 * Names of metrics: the page "CloudWatch metrics" of each service's guide, linked from
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
 */
export const KINDS = {
  distribution: {
    title: "CloudFront",
    namespace: "AWS/CloudFront",
    dimensions: ["DistributionId", "Region"],
    charts: [
      { title: "requests", unit: "requests", measures: sum("Requests") },
      { title: "errors", unit: "%", measures: [...average("5xxErrorRate"), ...average("4xxErrorRate")] },
      { title: "answered from the cache", unit: "%", measures: average("CacheHitRate") },
    ],
  },
  api: {
    title: "APIs",
    namespace: "AWS/ApiGateway",
    dimensions: ["ApiName", "Stage"],
    charts: [
      { title: "requests", unit: "requests", measures: sum("Count") },
      { title: "errors", unit: "answers", measures: sum("5XXError", "4XXError") },
      { title: "slowest hundredth", unit: "ms", measures: p99("Latency") },
    ],
  },
  loadBalancer: {
    title: "Load balancers",
    namespace: "AWS/ApplicationELB",
    dimensions: ["LoadBalancer"],
    charts: [
      { title: "requests", unit: "requests", measures: sum("RequestCount") },
      {
        title: "errors",
        unit: "answers",
        measures: sum("HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count", "HTTPCode_Target_4XX_Count"),
      },
      { title: "slowest hundredth", unit: "s", measures: p99("TargetResponseTime") },
    ],
  },
  firewall: {
    title: "Firewalls",
    namespace: "AWS/WAFV2",
    dimensions: ["WebACL", "Rule", "Region"],
    charts: [
      { title: "requests", unit: "requests", measures: sum("AllowedRequests") },
      { title: "refused requests", unit: "requests", measures: sum("BlockedRequests") },
    ],
  },
  userPoolClient: {
    title: "Sign-in",
    namespace: "AWS/Cognito",
    dimensions: ["UserPool", "UserPoolClient"],
    charts: [
      { title: "sign-ins", unit: "sign-ins", measures: sum("SignInSuccesses", "TokenRefreshSuccesses") },
      {
        title: "refused for their number",
        unit: "requests",
        measures: sum("SignInThrottles", "TokenRefreshThrottles"),
      },
    ],
  },
  service: {
    title: "Services",
    namespace: "AWS/ECS",
    dimensions: ["ClusterName", "ServiceName"],
    charts: [
      {
        title: "running tasks",
        unit: "tasks",
        measures: [{ ...average("RunningTaskCount")[0], namespace: "ECS/ContainerInsights" } as Measure],
      },
      { title: "busy", unit: "%", measures: average("CPUUtilization") },
      { title: "memory", unit: "%", measures: average("MemoryUtilization") },
    ],
  },
  function: {
    title: "Functions",
    namespace: "AWS/Lambda",
    dimensions: ["FunctionName"],
    charts: [
      { title: "invocations", unit: "invocations", measures: sum("Invocations") },
      { title: "failed or held back", unit: "invocations", measures: sum("Errors", "Throttles") },
      { title: "slowest hundredth", unit: "ms", measures: p99("Duration") },
    ],
  },
  workflow: {
    title: "Workflows",
    namespace: "AWS/States",
    dimensions: ["StateMachineArn"],
    charts: [
      { title: "started", unit: "executions", measures: sum("ExecutionsStarted") },
      {
        title: "without a good end",
        unit: "executions",
        measures: sum("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"),
      },
      { title: "slowest hundredth", unit: "ms", measures: p99("ExecutionTime") },
    ],
  },
  queue: {
    title: "Queues",
    namespace: "AWS/SQS",
    dimensions: ["QueueName"],
    charts: [
      { title: "sent", unit: "messages", measures: sum("NumberOfMessagesSent") },
      { title: "waiting", unit: "messages", measures: maximum("ApproximateNumberOfMessagesVisible") },
      { title: "oldest waits since", unit: "s", measures: maximum("ApproximateAgeOfOldestMessage") },
    ],
  },
  deadLetterQueue: {
    title: "Queues of failures",
    namespace: "AWS/SQS",
    dimensions: ["QueueName"],
    charts: [{ title: "waiting", unit: "messages", measures: maximum("ApproximateNumberOfMessagesVisible") }],
  },
  stream: {
    title: "Streams",
    namespace: "AWS/Kinesis",
    dimensions: ["StreamName"],
    charts: [
      { title: "records", unit: "records", measures: sum("IncomingRecords") },
      {
        title: "held back",
        unit: "calls",
        measures: sum("WriteProvisionedThroughputExceeded", "ReadProvisionedThroughputExceeded"),
      },
      { title: "readers are behind by", unit: "ms", measures: maximum("GetRecords.IteratorAgeMilliseconds") },
    ],
  },
  topic: {
    title: "Topics",
    namespace: "AWS/SNS",
    dimensions: ["TopicName"],
    charts: [
      { title: "published", unit: "messages", measures: sum("NumberOfMessagesPublished") },
      { title: "not delivered", unit: "messages", measures: sum("NumberOfNotificationsFailed") },
    ],
  },
  rule: {
    title: "Rules of event buses",
    namespace: "AWS/Events",
    dimensions: ["EventBusName", "RuleName"],
    charts: [
      { title: "passed on", unit: "events", measures: sum("Invocations") },
      { title: "not passed on", unit: "events", measures: sum("FailedInvocations", "ThrottledRules") },
    ],
  },
  table: {
    title: "Tables",
    namespace: "AWS/DynamoDB",
    dimensions: ["TableName"],
    charts: [
      { title: "read", unit: "units", measures: sum("ConsumedReadCapacityUnits") },
      { title: "written", unit: "units", measures: sum("ConsumedWriteCapacityUnits") },
      { title: "held back", unit: "requests", measures: sum("ReadThrottleEvents", "WriteThrottleEvents") },
    ],
  },
  dax: {
    title: "Caches of tables",
    namespace: "AWS/DAX",
    dimensions: ["ClusterId"],
    charts: [
      { title: "found and not found", unit: "items", measures: sum("ItemCacheHits", "ItemCacheMisses") },
      { title: "failed", unit: "requests", measures: sum("FaultRequestCount", "ThrottledRequestCount") },
      { title: "busy", unit: "%", measures: average("CPUUtilization") },
    ],
  },
  databaseCluster: {
    title: "Database clusters",
    namespace: "AWS/RDS",
    dimensions: ["DBClusterIdentifier"],
    charts: DATABASE_CHARTS,
  },
  databaseInstance: {
    title: "Databases",
    namespace: "AWS/RDS",
    dimensions: ["DBInstanceIdentifier"],
    // Of single instances Aurora alone measures commits.
    charts: [
      ...DATABASE_CHARTS.slice(0, 2),
      { title: "slow disk", unit: "s", measures: [...average("ReadLatency"), ...average("WriteLatency")] },
    ],
  },
  cacheNode: {
    title: "Caches",
    namespace: "AWS/ElastiCache",
    dimensions: ["CacheClusterId"],
    charts: [
      { title: "busy", unit: "%", measures: maximum("EngineCPUUtilization") },
      { title: "memory", unit: "%", measures: maximum("DatabaseMemoryUsagePercentage") },
      { title: "found and not found", unit: "keys", measures: sum("CacheHits", "CacheMisses") },
    ],
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** Kinds of parts that CloudWatch measures, and a dashboard shows. */
export type PartKind = keyof typeof KINDS;

/** A deployed part. */
export interface ObservedPart {
  readonly kind: PartKind;
  /** What its line is called, e.g. `orders`. Unique within the kind. */
  readonly name: string;
  /** Values of the dimensions that metrics of the kind have, e.g. `{ FunctionName: "acme-prod-todos-v1" }`. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Region of its metrics. @default the label's */
  readonly region?: string;
}

/** The kind of a part, with all that it may have. */
export function kindOf({ kind }: ObservedPart): Kind {
  return KINDS[kind];
}

/**
 * Checks of a list of parts: known dimensions, a name each.
 *
 * @returns a check for each part, and throws nothing itself
 */
export function partChecks(parts: readonly ObservedPart[]): (() => void)[] {
  return parts.map((part, index) => () => {
    const { kind, name, dimensions } = part;
    const known: readonly string[] = kindOf(part).dimensions;
    // CloudFront's firewalls have no region.
    const needed = known.filter((dimension) => kind !== "firewall" || dimension !== "Region");
    const given = Object.keys(dimensions);
    const lacking = needed.filter((dimension) => !given.includes(dimension));
    const unknown = given.filter((dimension) => !known.includes(dimension));
    if (lacking.length > 0 || unknown.length > 0) {
      throw new Error(
        `parts[${index}]: dimensions of a ${kind} must be ${known.join(" and ")}, got ${given.join(" and ") || "none"}`,
      );
    }
    if (parts.findIndex((other) => other.kind === kind && other.name === name) !== index) {
      throw new Error(
        `parts[${index}]: there are two of kind ${kind} with the name "${name}"; name each otherwise`,
      );
    }
  });
}
