import { TerraformOutput } from "cdktf";
import { policyDocument } from "../internal/iam";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { Elasticache, type ElasticacheConfig } from ".";

/** Configuration of the tests: a Valkey with one replica. */
export const config: ElasticacheConfig = {
  label: testLabel,
  name: "sessions",
  engine: "valkey",
  mode: "replication",
  engineVersion: "8.1",
  nodeType: "cache.r7g.large",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  availabilityZones: ["eu-west-1a", "eu-west-1b"],
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
  logKmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/telemetry",
  logRetentionDays: 90,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
  deletionProtection: true,
};

/** What makes another kind of cache of it. */
export const CLUSTER = { mode: "cluster" } as const;
export const REDIS = { engine: "redis", engineVersion: "7.1" } as const;
export const SERVERLESS = {
  mode: "serverless",
  engineVersion: "8",
  maximumGigabytes: 10,
  maximumUnitsPerSecond: 5000,
} as const;
export const MEMCACHED = { engine: "memcached", mode: "memcached", engineVersion: "1.6.22" } as const;

/** Configuration with changes; the type of nodes is left out with `serverless`. */
export function configWith(changes: Partial<ElasticacheConfig>): ElasticacheConfig {
  const { nodeType, ...rest } = config;
  return changes.mode === "serverless" ? { ...rest, ...changes } : { ...config, ...changes };
}

/** Synthesises a cache, with what it gives to others as outputs. */
export function synth(changes: Partial<ElasticacheConfig> = {}) {
  const result = synthesise((stack) => {
    const cache = new Elasticache(stack, "cache", configWith(changes));
    new TerraformOutput(stack, "statements", { value: policyDocument(cache.connectStatements()) });
    new TerraformOutput(stack, "given", {
      value: {
        endpoint: cache.endpointAddress,
        port: cache.port,
        reader: cache.readerEndpointAddress ?? "none",
        readerPort: cache.readerPort ?? "none",
        tls: cache.tls,
        clusterMode: cache.clusterMode,
        authentication: cache.authentication,
        name: cache.cacheName,
        user: cache.userName ?? "none",
        secret: cache.authSecretArn ?? "none",
        clients: cache.clientSecurityGroupId,
      },
    });
  });
  const { given, statements } = result.json["output"];
  return {
    ...result,
    given: given["value"] as Resource,
    statements: JSON.parse(statements["value"])["Statement"] as Resource[],
  };
}

/** A synthesised reference to an attribute of a resource. */
export const reference = (type: string, attribute: string) =>
  expect.stringMatching(new RegExp(`^\\$\\{${type}\\.[\\w-]+\\.${attribute.replace(/[[\].]/g, "\\$&")}\\}$`));
