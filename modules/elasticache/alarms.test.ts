import { CLUSTER, config, MEMCACHED, reference, SERVERLESS, synth } from "./fixture";

test.each([
  { id: "cpu", metric: "EngineCPUUtilization", statistic: "Maximum", threshold: 80 },
  { id: "memory", metric: "DatabaseMemoryUsagePercentage", statistic: "Maximum", threshold: 80 },
  { id: "evictions", metric: "Evictions", statistic: "Sum", threshold: 0 },
  { id: "connections", metric: "CurrConnections", statistic: "Maximum", threshold: 50_000 },
  { id: "lag", metric: "ReplicationLag", statistic: "Maximum", threshold: 5 },
  { id: "failures", metric: "AuthenticationFailures", statistic: "Sum", threshold: 0 },
])(
  "control 29: $metric of a node over $threshold tells the topic",
  ({ id, metric, statistic, threshold }) => {
    const alarm = synth().one("aws_cloudwatch_metric_alarm", `node-2-${id}-alarm`);
    expect(alarm).toMatchObject({
      alarm_name: `acme-test-sessions-cache-node-2-${id}`,
      threshold,
      alarm_actions: [config.alarmTopicArn],
    });
    expect(alarm["metric_query"][0]["metric"]).toMatchObject({
      namespace: "AWS/ElastiCache",
      metric_name: metric,
      stat: statistic,
      dimensions: {
        CacheClusterId: expect.stringMatching(
          /^\$\{aws_elasticache_replication_group\..+\.replication_group_id\}-002$/,
        ),
      },
    });
  },
);

const nodesWithAlarms = (changes: Parameters<typeof synth>[0]) => [
  ...new Set(
    synth(changes)
      .all("aws_cloudwatch_metric_alarm")
      .map(
        (alarm) => /\}-(.+)$/.exec(alarm["metric_query"][0]["metric"]["dimensions"]["CacheClusterId"])?.[1],
      ),
  ),
];

test.each([
  { kind: "one primary and two replicas", changes: { replicas: 2 }, nodes: ["001", "002", "003"] },
  {
    kind: "two shards",
    changes: { ...CLUSTER, shards: 2 },
    nodes: ["0001-001", "0001-002", "0002-001", "0002-002"],
  },
  { kind: "one shard in cluster mode", changes: { ...CLUSTER, shards: 1 }, nodes: ["0001-001", "0001-002"] },
])("control 29: every node of $kind has alarms", ({ changes, nodes }) => {
  expect(nodesWithAlarms(changes)).toEqual(nodes);
});

test("without replicas nothing lags, and without users nobody is refused", () => {
  const names = synth({ multiAz: false, replicas: 0, tls: false, authentication: "none" })
    .all("aws_cloudwatch_metric_alarm")
    .map(({ alarm_name }) => alarm_name.replace("acme-test-sessions-cache-node-1-", ""));
  expect(names.sort()).toEqual(["connections", "cpu", "evictions", "memory"]);
});

test.each([
  { id: "memory", metric: "BytesUsedForCache", statistic: "Maximum", threshold: 8_000_000_000 },
  { id: "units", metric: "ElastiCacheProcessingUnits", statistic: "Sum", threshold: 240_000 },
  { id: "throttles", metric: "ThrottledCmds", statistic: "Sum", threshold: 0 },
  { id: "evictions", metric: "Evictions", statistic: "Sum", threshold: 0 },
  { id: "connections", metric: "CurrConnections", statistic: "Maximum", threshold: 50_000 },
  { id: "failures", metric: "AuthenticationFailures", statistic: "Sum", threshold: 0 },
])(
  "control 29: $metric of a serverless cache over $threshold tells the topic",
  ({ id, metric, statistic, threshold }) => {
    const alarm = synth(SERVERLESS).one("aws_cloudwatch_metric_alarm", `cache_${id}-alarm`);
    expect(alarm["threshold"]).toBe(threshold);
    expect(alarm["metric_query"][0]["metric"]).toMatchObject({
      metric_name: metric,
      stat: statistic,
      dimensions: { clusterId: reference("aws_elasticache_serverless_cache", "name") },
    });
  },
);

test.each([
  { id: "cpu", metric: "CPUUtilization" },
  { id: "evictions", metric: "Evictions" },
  { id: "connections", metric: "CurrConnections" },
])("control 29: $metric of Memcached tells the topic", ({ id, metric }) => {
  const alarm = synth(MEMCACHED).one("aws_cloudwatch_metric_alarm", `cache_${id}-alarm`);
  expect(alarm["alarm_actions"]).toEqual([config.alarmTopicArn]);
  expect(alarm["metric_query"][0]["metric"]).toMatchObject({
    metric_name: metric,
    dimensions: { CacheClusterId: reference("aws_elasticache_cluster", "cluster_id") },
  });
});

test("thresholds follow the configuration", () => {
  const result = synth({ alarmConnections: 100, alarmEvictionsPerMinute: 10, alarmReplicationLagSeconds: 1 });
  const threshold = (id: string) =>
    result.one("aws_cloudwatch_metric_alarm", `node-1-${id}-alarm`)["threshold"];
  expect([threshold("connections"), threshold("evictions"), threshold("lag")]).toEqual([100, 10, 1]);
});
