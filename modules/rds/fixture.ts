import { TerraformOutput } from "cdktf";
import { policyDocument } from "../internal/iam";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { Rds, type RdsConfig } from ".";

/** Configuration of the tests: an instance of PostgreSQL. */
export const config: RdsConfig = {
  label: testLabel,
  name: "orders",
  engine: "postgres",
  engineVersion: "16",
  instanceClass: "db.r7g.large",
  databaseName: "orders",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  availabilityZones: ["eu-west-1a", "eu-west-1b"],
  allocatedGigabytes: 100,
  maximumConnections: 200,
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
  logKmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/telemetry",
  logRetentionDays: 90,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
  deletionProtection: true,
};

/** What makes an Aurora cluster of it. */
export const AURORA = { engine: "aurora-postgresql" } as const;

/** Configuration with changes; an instance's storage is left out with Aurora. */
export function configWith(changes: Partial<RdsConfig>): RdsConfig {
  const { allocatedGigabytes, ...rest } = config;
  return changes.engine?.startsWith("aurora") ? { ...rest, ...changes } : { ...config, ...changes };
}

/** Synthesises a database, with what it gives to others as outputs. */
export function synth(changes: Partial<RdsConfig> = {}) {
  const result = synthesise((stack) => {
    const database = new Rds(stack, "database", configWith(changes));
    const statements = [...database.connectStatements("app"), ...database.readMasterSecretStatements()];
    new TerraformOutput(stack, "statements", { value: policyDocument(statements) });
    new TerraformOutput(stack, "given", {
      value: {
        endpoint: database.endpointAddress,
        port: database.port,
        database: database.databaseName,
        reader: database.readerEndpointAddress ?? "none",
        proxy: database.proxyEndpointAddress ?? "none",
        secret: database.masterSecretArn,
        clients: database.clientSecurityGroupId,
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
