import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { CdnDownloadsConfig } from ".";
import { leastConfig, synthesiseDownloads } from "./fixture";

const alarm = (id: string, changes: Partial<CdnDownloadsConfig> = {}) =>
  synthesiseDownloads(changes).one("aws_cloudwatch_metric_alarm", id);

describe("alarms", () => {
  test("the metrics that are paid for are on", () => {
    expect(synthesiseDownloads().one("aws_cloudfront_monitoring_subscription")).toMatchObject({
      distribution_id: expect.stringMatching(/^\$\{aws_cloudfront_distribution\..+\.id\}$/),
      monitoring_subscription: {
        realtime_metrics_subscription_config: { realtime_metrics_subscription_status: "Enabled" },
      },
    });
  });

  test("controls 29 and 30: all tell the topic of us-east-1, from there", () => {
    const alarms = synthesiseDownloads({ otherPaths: "refuse" }).all("aws_cloudwatch_metric_alarm");
    expect(alarms.map(({ alarm_name }) => alarm_name).sort()).toEqual([
      "acme-test-downloads-403",
      "acme-test-downloads-5xx",
      "acme-test-downloads-hit-rate",
      "acme-test-downloads-origin-latency",
      "acme-test-downloads-origin-requests",
    ]);
    for (const each of alarms) {
      expect(each).toMatchObject({
        alarm_actions: [leastConfig.globalAlarmTopicArn],
        ok_actions: [leastConfig.globalAlarmTopicArn],
        treat_missing_data: "notBreaching",
        provider: "aws.global",
      });
    }
  });

  test("control 30: on errors that viewers see", () => {
    const errors = alarm("errors-alarm");
    expect(errors).toMatchObject({ threshold: 1, comparison_operator: "GreaterThanThreshold" });
    expect(errors["metric_query"][0]["metric"]).toMatchObject({
      namespace: "AWS/CloudFront",
      metric_name: "5xxErrorRate",
      dimensions: { DistributionId: expect.any(String), Region: "Global" },
      stat: "Average",
    });
  });

  test("on refusals, as of a load balancer that does not know the secret", () => {
    const forbidden = alarm("forbidden-alarm");
    expect(forbidden).toMatchObject({ threshold: 5, comparison_operator: "GreaterThanThreshold" });
    expect(forbidden["metric_query"][0]["metric"]).toMatchObject({
      namespace: "AWS/CloudFront",
      metric_name: "403ErrorRate",
      stat: "Average",
    });
    expect(alarm("forbidden-alarm", { alarmForbiddenRatePercent: 20 })["threshold"]).toBe(20);
  });

  test("on the origin's latency", () => {
    const latency = alarm("origin-latency-alarm", { alarmOriginLatencyMilliseconds: 500 });
    expect(latency["threshold"]).toBe(500);
    expect(latency["metric_query"][0]["metric"]).toMatchObject({ metric_name: "OriginLatency", stat: "p90" });
  });

  test("on the requests that reach the origin", () => {
    const requests = alarm("origin-requests-alarm");
    expect(requests["threshold"]).toBe(6000);
    expect(requests["metric_query"].map(({ id }: { id: string }) => id)).toEqual([
      "origin",
      "requests",
      "hits",
    ]);
    expect(requests["metric_query"][0]).toMatchObject({
      expression: "requests * (100 - hits) / 100",
      return_data: true,
    });
    expect(requests["metric_query"][1]["metric"]).toMatchObject({
      metric_name: "Requests",
      stat: "Sum",
      period: 60,
    });
    expect(requests["metric_query"][2]["metric"]).toMatchObject({
      metric_name: "CacheHitRate",
      stat: "Average",
      period: 60,
    });
  });

  test("on the hit rate, in busy times", () => {
    const rate = alarm("hit-rate-alarm", { alarmCacheHitRatePercent: 95 });
    expect(rate).toMatchObject({ threshold: 95, comparison_operator: "LessThanThreshold" });
    expect(rate["metric_query"][0]["expression"]).toBe("IF(requests > 1000, hits, 100)");
  });

  test("on the hit rate only where all that counts is cached, unless it is asked for", () => {
    const names = (changes: Partial<CdnDownloadsConfig>) =>
      synthesiseDownloads(changes)
        .all("aws_cloudwatch_metric_alarm")
        .map(({ alarm_name }) => alarm_name);
    expect(names({ otherPaths: "refuse" })).toContain("acme-test-downloads-hit-rate");
    expect(names({ otherPaths: "pass" })).not.toContain("acme-test-downloads-hit-rate");
    expect(names({ otherPaths: "pass", alarmCacheHitRatePercent: 50 })).toContain(
      "acme-test-downloads-hit-rate",
    );
  });
});

describe("access logs", () => {
  const KEY = "arn:aws:kms:eu-west-1:111111111111:key/telemetry";
  const result = synthesiseDownloads({ accessLogRetentionDays: 90, accessLogBucket: "acme-test-logs" });

  test("control 19: every request is logged, from us-east-1", () => {
    expect(result.one("aws_cloudwatch_log_delivery_source")).toMatchObject({
      log_type: "ACCESS_LOGS",
      resource_arn: expect.stringMatching(/^\$\{aws_cloudfront_distribution\..+\.arn\}$/),
      provider: "aws.global",
    });
    expect(result.one("aws_cloudwatch_log_delivery_destination")).toMatchObject({
      output_format: "parquet",
      delivery_destination_configuration: [
        {
          destination_resource_arn: expect.stringMatching(
            /^arn:aws:s3:::\$\{aws_s3_bucket_policy\..+\.bucket\}\/cloudfront$/,
          ),
        },
      ],
      provider: "aws.global",
    });
    expect(result.one("aws_cloudwatch_log_delivery")["provider"]).toBe("aws.global");
  });

  test("in folders that Athena takes for partitions", () => {
    expect(result.one("aws_cloudwatch_log_delivery")["s3_delivery_configuration"]).toEqual([
      { suffix_path: "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}", enable_hive_compatible_path: true },
    ]);
  });

  test("Athena has a table of them, a column for each field, that reads what a query names", () => {
    const table = result.one("aws_glue_catalog_table");
    expect(table["partition_keys"].map(({ name }: { name: string }) => name)).toEqual([
      ...["distributionid", "year", "month", "day", "hour"],
    ]);
    expect(table["parameters"]).toMatchObject({
      "projection.enabled": "true",
      "projection.distributionid.values": expect.stringMatching(
        /^\$\{aws_cloudfront_distribution\..+\.id\}$/,
      ),
      "projection.month.digits": "2",
      "storage.location.template": expect.stringMatching(
        /^s3:\/\/\$\{aws_s3_bucket_policy\..+\}\/cloudfront\/DistributionId=\$\$\{distributionid\}\/year=\$\$\{year\}\/month=\$\$\{month\}\/day=\$\$\{day\}\/hour=\$\$\{hour\}$/,
      ),
    });
    const fields: string[] = result.one("aws_cloudwatch_log_delivery")["record_fields"];
    const columns: { name: string }[] = table["storage_descriptor"].columns;
    expect(columns).toHaveLength(fields.length);
    expect(columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "date",
        "cs_uri_stem",
        "cs_host",
        "cs_user_agent",
        "x_edge_detailed_result_type",
      ]),
    );
    expect(result.one("aws_glue_catalog_database")["name"]).toBe("acme_test_downloads");
  });

  test.each(["c-ip", "x-forwarded-for", "cs(Cookie)", "cs(Referer)", "cs-uri-query"])(
    "control 28: without %s",
    (field) => {
      expect(result.one("aws_cloudwatch_log_delivery")["record_fields"]).not.toContain(field);
    },
  );

  test("with what tells hit from miss", () => {
    expect(result.one("aws_cloudwatch_log_delivery")["record_fields"]).toEqual(
      expect.arrayContaining(["cs-uri-stem", "sc-status", "sc-bytes", "x-edge-detailed-result-type"]),
    );
  });

  test.each([
    ["S3's own key", {}, { sse_algorithm: "AES256" }],
    [
      "the key that is given",
      { accessLogKmsKeyArn: KEY },
      { sse_algorithm: "aws:kms", kms_master_key_id: KEY },
    ],
  ])("control 25: they are encrypted with %s", (_name, changes, encryption) => {
    const { rule } = synthesiseDownloads({ accessLogRetentionDays: 90, ...changes }).one(
      "aws_s3_bucket_server_side_encryption_configuration",
    );
    expect(rule[0]["apply_server_side_encryption_by_default"]).toEqual(encryption);
  });

  test("control 25: only CloudFront's deliveries of this account write them", () => {
    const { Statement } = JSON.parse(result.one("aws_s3_bucket_policy")["policy"]);
    expect(Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow")).toEqual([
      {
        Sid: "DeliverCloudFrontLogs",
        Effect: "Allow",
        Principal: { Service: "delivery.logs.amazonaws.com" },
        Action: ["s3:PutObject"],
        Resource: [expect.stringMatching(/^\$\{aws_s3_bucket\..+\.arn\}\/cloudfront\/\*$/)],
        Condition: {
          StringEquals: {
            "aws:SourceAccount": "111111111111",
            "s3:x-amz-acl": "bucket-owner-full-control",
          },
          ArnLike: { "aws:SourceArn": "arn:aws:logs:us-east-1:111111111111:delivery-source:*" },
        },
      },
    ]);
  });

  test("control 27: they expire", () => {
    expect(result.one("aws_s3_bucket_lifecycle_configuration")["rule"]).toContainEqual(
      expect.objectContaining({ id: "logs", expiration: [{ days: 90 }] }),
    );
  });

  test("there are none without a retention", () => {
    const types = synthesiseDownloads().types;
    expect(types.filter((type) => type.startsWith("aws_cloudwatch_log"))).toEqual([]);
  });
});

test("what is of no region and what is of the environment's is made with the environment's own provider", () => {
  const result = synthesiseDownloads({}, (stack) => new AwsProvider(stack, "aws", { region: "eu-west-1" }));
  for (const type of ["aws_cloudfront_distribution", "aws_secretsmanager_secret"]) {
    expect(result.one(type)).not.toHaveProperty("provider");
  }
});
