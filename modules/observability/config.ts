import type { ITerraformDependable } from "cdktf";
import type { Label } from "../internal/label";
import type { ObservedPart } from "./parts";

/** An alarm that is deployed. */
export interface ObservedAlarm {
  readonly name: string;
  readonly arn: string;
}

/** Alarms that go off together, as they measure one trouble of users at several places. */
export interface Symptom {
  /** What users notice of what, e.g. `catalog-fails`. */
  readonly name: string;
  /** What has happened and where to look first: the person woken by it reads this. */
  readonly description: string;
  /** Names of the alarms, two or more. They should tell nobody themselves. */
  readonly alarmNames: readonly string[];
}

/** Logs of a function or a service, in the platform's format. */
export interface CodeLogs {
  /** What it is of, e.g. `orders`. Unique. */
  readonly name: string;
  readonly logGroupName: string;
}

/** One system, as deployed. */
export interface SystemObservabilityConfig {
  /** Names of the environment; its region is that of the logs. */
  readonly label: Label;
  /** Short name of the system, e.g. `microservices`. */
  readonly name: string;
  /** Parts that CloudWatch measures. */
  readonly parts: readonly ObservedPart[];
  /** Alarms whose states the dashboard shows. */
  readonly alarms: readonly ObservedAlarm[];
  /** Alarms that are told as one. @default none */
  readonly symptoms?: readonly Symptom[];
  /** Logs of functions and services, at most 50. */
  readonly codeLogs: readonly CodeLogs[];
  /** Names of the log groups of API Gateway's access logs, at most 50. @default none */
  readonly accessLogGroupNames?: readonly string[];
  /** SNS topic that symptoms are told to. */
  readonly alarmTopicArn: string;
  /** `none` for an emulator that has no saved queries. @default "saved" */
  readonly queries?: "saved" | "none";
  /**
   * Requests that are traced in each second before `tracedPercent` counts, for each API. With it, the system has a group of traces and sampling
   * rules. @default X-Ray's own rule, one a second and five percent; no group
   */
  readonly tracedRequestsPerSecond?: number;
  /** Percent of the other requests that are traced, 0 to 100. Goes with `tracedRequestsPerSecond`. @default none are chosen */
  readonly tracedPercent?: number;
  /** What symptoms name: the alarms, as they must be there first. @default nothing */
  readonly dependsOn?: ITerraformDependable[];
}
