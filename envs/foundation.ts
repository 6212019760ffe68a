import type { Label } from "../modules/internal/label";
import type { Network } from "../modules/network";
import type { Containers } from "./containers";
import type { Project } from "./project";

/** What the systems of an environment stand on. */
export interface Foundation extends Project {
  readonly label: Label;
  /** ARN of the key of what users own. */
  readonly dataKeyArn: string;
  /** ARN of the key of logs and alarms. */
  readonly telemetryKeyArn: string;
  readonly logRetentionDays: number;
  readonly keyDeletionDays: number;
  readonly deletionProtection: boolean;
  readonly alarmTopicArn: string;
  readonly alarmEmails: readonly string[];
  readonly artifactBucket: string;
  readonly accessLogBucket: string;
  /** @default no VPC */
  readonly network?: Network;
  /** What container services run on. @default nothing */
  readonly containers?: Containers;
}

/** What system B stands on, besides what all do. */
export type MicroservicesFoundation = Foundation & Required<Pick<Foundation, "network" | "containers">>;
