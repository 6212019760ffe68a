import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { AlarmTopic } from "../modules/alarm-topic";
import { ArtifactBucket } from "../modules/artifact-bucket";
import type { FunctionArtifact } from "../modules/internal/function-bundle";
import type { Contract } from "../modules/internal/rest-api";
import { KmsKey } from "../modules/kms-key";
import { LogBucket } from "../modules/log-bucket";
import { Network } from "../modules/network";
import { addDownloads } from "./downloads";
import { PlatformStack } from "./platform-stack";
import type { EnvironmentSpec } from "./spec";
import { addTodo } from "./todo";

/** What every environment of the project is made from. */
export interface Project {
  /** Folder of the project. */
  readonly root: string;
  /** Built functions by name. */
  readonly artifacts: Readonly<Record<string, FunctionArtifact>>;
  /** Contracts of the APIs by `<name>/<version>`. */
  readonly contracts: Readonly<Record<string, Contract>>;
}

/** One environment: what all systems stand on, then each system that its specification has. */
export class EnvironmentStack extends PlatformStack {
  constructor(scope: Construct, spec: EnvironmentSpec, project: Project) {
    super(scope, spec);
    const { label } = this;
    const { deletionProtection, logRetentionDays } = spec;

    const telemetryKey = new KmsKey(this, "telemetry-key", {
      label,
      name: "telemetry",
      description: "Logs and alarms: what operators read.",
      services: [`logs.${spec.account.region}.amazonaws.com`, "cloudwatch.amazonaws.com"],
      deletionWindowDays: spec.keyDeletionDays,
      deletionProtection,
    });
    const dataKey = new KmsKey(this, "data-key", {
      label,
      name: "data",
      description: "Tables, files and functions: what users own.",
      services: spec.downloads?.origin.includes("s3") ? ["cloudfront.amazonaws.com"] : [],
      deletionWindowDays: spec.keyDeletionDays,
      deletionProtection,
    });
    const alarms = new AlarmTopic(this, "alarms", {
      label,
      kmsKeyArn: telemetryKey.arn,
      emails: spec.alarmEmails,
    });
    const accessLogs = new LogBucket(this, "access-logs", {
      label,
      retentionDays: logRetentionDays,
      deletionProtection,
    });
    const artifacts = new ArtifactBucket(this, "artifacts", {
      label,
      kmsKeyArn: dataKey.arn,
      accessLogBucket: accessLogs.name,
      deletionProtection,
    });
    const network =
      spec.network &&
      new Network(this, "network", {
        label,
        cidr: spec.network.cidr,
        availabilityZones: spec.network.availabilityZones,
        nat: spec.network.nat,
        interfaceEndpoints: spec.network.interfaceEndpoints,
        flowLogRetentionDays: logRetentionDays,
        kmsKeyArn: telemetryKey.arn,
      });

    if (spec.todo) {
      addTodo(this, spec.todo, {
        ...project,
        label,
        dataKeyArn: dataKey.arn,
        telemetryKeyArn: telemetryKey.arn,
        logRetentionDays,
        deletionProtection,
        alarmTopicArn: alarms.topicArn,
        artifactBucket: artifacts.name,
        accessLogBucket: accessLogs.name,
        ...(network && { network }),
        availabilityZones: spec.network?.availabilityZones ?? [],
      });
    }
    if (spec.downloads) {
      addDownloads(this, spec.downloads, {
        root: project.root,
        dataKeyArn: dataKey.arn,
        telemetryKeyArn: telemetryKey.arn,
        alarmTopicArn: alarms.topicArn,
        alarmEmails: spec.alarmEmails,
        accessLogBucket: accessLogs.name,
        logRetentionDays,
        keyDeletionDays: spec.keyDeletionDays,
        deletionProtection,
      });
    }
    new TerraformOutput(this, "region", { value: spec.account.region });
  }
}
