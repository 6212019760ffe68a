import type { RdsConfig } from ".";
import { AURORA, config, reference, synth } from "./fixture";

describe("logs", () => {
  test.each([
    { engine: "postgres", engineVersion: "16", owner: "instance", logs: ["postgresql", "upgrade"] },
    { engine: "mysql", engineVersion: "8.4", owner: "instance", logs: ["error", "slowquery"] },
    { engine: "aurora-postgresql", engineVersion: "16", owner: "cluster", logs: ["postgresql"] },
    { engine: "aurora-mysql", engineVersion: "8.0", owner: "cluster", logs: ["error", "slowquery"] },
  ] as const)(
    "control 27: logs of $engine have a retention and are encrypted",
    ({ logs, owner, ...changes }) => {
      const result = synth(changes);
      const server = result.one(owner === "cluster" ? "aws_rds_cluster" : "aws_db_instance");
      expect(server["enabled_cloudwatch_logs_exports"]).toEqual(logs);
      expect(result.all("aws_cloudwatch_log_group")).toEqual(
        logs.map((log) => ({
          name: `/aws/rds/${owner}/acme-test-orders/${log}`,
          retention_in_days: 90,
          kms_key_id: config.logKmsKeyArn,
        })),
      );
    },
  );

  test("control 27: the log groups are there before RDS would make its own", () => {
    expect(synth(AURORA).one("aws_rds_cluster")["depends_on"]).toEqual([
      expect.stringMatching(/^aws_cloudwatch_log_group\./),
    ]);
  });

  test("follow the configuration", () => {
    expect(synth({ logExports: ["iam-db-auth-error"] }).one("aws_cloudwatch_log_group")["name"]).toBe(
      "/aws/rds/instance/acme-test-orders/iam-db-auth-error",
    );
  });
});

describe.each([
  { kind: "instance", changes: {}, type: "aws_db_instance", id: "primary" },
  { kind: "cluster", changes: AURORA, type: "aws_rds_cluster_instance", id: "instance-2" },
])("observation of $kind", ({ changes, type, id }) => {
  const instance = (more: Partial<RdsConfig> = {}) => synth({ ...changes, ...more }).one(type, id);

  test("control 24: Performance Insights is encrypted with the customer-managed key", () => {
    expect(instance()).toMatchObject({
      performance_insights_enabled: true,
      performance_insights_kms_key_id: config.kmsKeyArn,
      performance_insights_retention_period: 7,
    });
  });

  test("the operating system is read every minute, by a role that is there", () => {
    expect(instance()).toMatchObject({
      monitoring_interval: 60,
      monitoring_role_arn: reference("aws_iam_role", "arn"),
      depends_on: expect.arrayContaining([expect.stringMatching(/^aws_iam_role_policy\./)]),
    });
  });

  test("each can be turned off", () => {
    const off = instance({ performanceInsightsRetentionDays: 0, monitoringIntervalSeconds: 0 });
    expect(off).toMatchObject({ performance_insights_enabled: false, monitoring_interval: 0 });
    for (const field of [
      "performance_insights_kms_key_id",
      "performance_insights_retention_period",
      "monitoring_role_arn",
    ]) {
      expect(off).not.toHaveProperty(field);
    }
    expect(synth({ ...changes, monitoringIntervalSeconds: 0 }).types).not.toContain("aws_iam_role");
  });

  test("control 22: only RDS assumes the role, for databases of this environment", () => {
    expect(JSON.parse(synth(changes).one("aws_iam_role")["assume_role_policy"])["Statement"]).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "monitoring.rds.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: {
          StringEquals: { "aws:SourceAccount": "111111111111" },
          ArnLike: { "aws:SourceArn": "arn:aws:rds:eu-west-1:111111111111:db:acme-test-*" },
        },
      },
    ]);
  });

  test("control 21: the role writes the log group of such readings, and no other", () => {
    const policy = JSON.parse(synth(changes).one("aws_iam_role_policy")["policy"]);
    for (const { Action, Resource } of policy["Statement"]) {
      for (const action of Action) expect(action).toMatch(/^logs:[A-Z]/);
      for (const resource of Resource) {
        expect(resource).toMatch(/^arn:aws:logs:eu-west-1:111111111111:log-group:RDSOSMetrics(:|$)/);
      }
    }
  });
});

const GIBIBYTE = 1024 ** 3;

describe("alarms of an instance", () => {
  test.each([
    { id: "cpu", metric: "CPUUtilization", statistic: "Average", above: true, threshold: 80 },
    { id: "memory", metric: "FreeableMemory", statistic: "Minimum", above: false, threshold: GIBIBYTE / 4 },
    {
      id: "storage",
      metric: "FreeStorageSpace",
      statistic: "Minimum",
      above: false,
      threshold: 5 * GIBIBYTE,
    },
    { id: "connections", metric: "DatabaseConnections", statistic: "Maximum", above: true, threshold: 160 },
  ])("control 29: $metric tells the topic at $threshold", ({ id, metric, statistic, above, threshold }) => {
    const alarm = synth().one("aws_cloudwatch_metric_alarm", `${id}-alarm`);
    expect(alarm).toMatchObject({
      alarm_name: `acme-test-orders-rds-${id}`,
      comparison_operator: above ? "GreaterThanThreshold" : "LessThanThreshold",
      threshold,
      alarm_actions: [config.alarmTopicArn],
    });
    expect(alarm["metric_query"][0]["metric"]).toMatchObject({
      namespace: "AWS/RDS",
      metric_name: metric,
      stat: statistic,
      dimensions: { DBInstanceIdentifier: reference("aws_db_instance", "identifier") },
    });
  });
});

test.each([
  { instanceClass: "db.t4g.micro", megabytes: 64 },
  { instanceClass: "db.t4g.small", megabytes: 128 },
  { instanceClass: "db.t4g.medium", megabytes: 256 },
])("$instanceClass is short of memory below $megabytes MiB", ({ instanceClass, megabytes }) => {
  const alarm = synth({ instanceClass }).one("aws_cloudwatch_metric_alarm", "memory-alarm");
  expect(alarm["threshold"]).toBe((megabytes / 1024) * GIBIBYTE);
});

describe("alarms of a cluster", () => {
  test.each([
    { id: "cpu", metric: "CPUUtilization", statistic: "Maximum", threshold: 80 },
    { id: "memory", metric: "FreeableMemory", statistic: "Minimum", threshold: GIBIBYTE / 4 },
    { id: "storage", metric: "FreeLocalStorage", statistic: "Minimum", threshold: 2 * GIBIBYTE },
    { id: "connections", metric: "DatabaseConnections", statistic: "Maximum", threshold: 160 },
    { id: "deadlocks", metric: "Deadlocks", statistic: "Average", threshold: 0 },
    { id: "lag", metric: "AuroraReplicaLagMaximum", statistic: "Maximum", threshold: 1000 },
  ])(
    "control 29: $metric of any instance tells the topic at $threshold",
    ({ id, metric, statistic, threshold }) => {
      const alarm = synth(AURORA).one("aws_cloudwatch_metric_alarm", `${id}-alarm`);
      expect(alarm).toMatchObject({ threshold, alarm_actions: [config.alarmTopicArn] });
      expect(alarm["metric_query"][0]["metric"]).toMatchObject({
        metric_name: metric,
        stat: statistic,
        dimensions: { DBClusterIdentifier: reference("aws_rds_cluster_instance", "cluster_identifier") },
      });
    },
  );

  test("control 29: Serverless v2 near its limit tells the topic", () => {
    const serverless = {
      ...AURORA,
      instanceClass: "db.serverless",
      minimumCapacityUnits: 1,
      maximumCapacityUnits: 4,
    };
    const alarm = synth(serverless).one("aws_cloudwatch_metric_alarm", "capacity-alarm");
    expect(alarm["threshold"]).toBe(90);
    expect(alarm["metric_query"][0]["metric"]["metric_name"]).toBe("ACUUtilization");
  });

  test("without replicas nothing lags", () => {
    const names = synth({ ...AURORA, multiAz: false })
      .all("aws_cloudwatch_metric_alarm")
      .map(({ alarm_name }) => alarm_name);
    expect(names).not.toContain("acme-test-orders-rds-lag");
  });
});
