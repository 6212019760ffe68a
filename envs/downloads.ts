import { TerraformOutput } from "cdktf";
import { AlarmTopic } from "../modules/alarm-topic";
import { CdnDownloads, loadEdgeFunctions } from "../modules/cdn-downloads";
import { KmsKey } from "../modules/kms-key";
import { WebAcl } from "../modules/web-acl";
import type { PlatformStack, RegionOfStack } from "./platform-stack";
import type { EnvironmentSpec } from "./spec";

/** What system C stands on. */
export interface DownloadsFoundation {
  /** Folder of the project. */
  readonly root: string;
  /** ARN of the key of what users own. Its policy lets CloudFront read with it where files are in S3. */
  readonly dataKeyArn: string;
  /** ARN of the key of logs and alarms. */
  readonly telemetryKeyArn: string;
  readonly alarmTopicArn: string;
  readonly alarmEmails: readonly string[];
  readonly accessLogBucket: string;
  readonly logRetentionDays: number;
  readonly keyDeletionDays: number;
  readonly deletionProtection: boolean;
}

type DownloadsSpec = NonNullable<EnvironmentSpec["downloads"]>;

/** Where CloudFront has its metrics, logs and firewalls. */
const CLOUDFRONT_REGION = "us-east-1";

/** Adds system C, the release downloads: the distribution, its firewall, and what CloudFront's alarms need in us-east-1. */
export function addDownloads(
  stack: PlatformStack,
  spec: DownloadsSpec,
  foundation: DownloadsFoundation,
): void {
  const { domain, firewall, accessLogRetentionDays, ...fields } = spec;
  const { deletionProtection, logRetentionDays } = foundation;
  const virginia = stack.inRegion(CLOUDFRONT_REGION);
  const telemetry = addTelemetry(stack, virginia, foundation);
  const webAcl =
    firewall &&
    new WebAcl(stack, "downloads-firewall", {
      ...virginia,
      ...firewall,
      name: "downloads",
      scope: "CLOUDFRONT",
      kmsKeyArn: telemetry.keyArn,
      logRetentionDays,
      alarmTopicArn: telemetry.topicArn,
    });
  const downloads = new CdnDownloads(stack, "downloads", {
    ...fields,
    label: stack.label,
    edgeFunctions: loadEdgeFunctions(foundation.root),
    secretKmsKeyArn: foundation.dataKeyArn,
    bucketKmsKeyArn: foundation.dataKeyArn,
    accessLogBucket: foundation.accessLogBucket,
    accessLogRetentionDays: accessLogRetentionDays ?? logRetentionDays,
    ...(domain && { domainName: domain.name, certificateArn: domain.certificateArn }),
    ...(domain?.hostedZoneId !== undefined && { hostedZoneId: domain.hostedZoneId }),
    ...(webAcl && { webAclArn: webAcl.arn }),
    globalAlarmTopicArn: telemetry.topicArn,
    ...(virginia.provider && { globalProvider: virginia.provider }),
    deletionProtection,
  });

  const output = (name: string, value: string | Readonly<Record<string, string>>) =>
    new TerraformOutput(stack, name, { value });
  output("distribution_id", downloads.distributionId);
  output("downloads_url", downloads.url);
  // Where records that are kept elsewhere must point.
  if (domain) output("downloads_domain_target", downloads.domainName);
  if (downloads.bucketName !== undefined) output("downloads_bucket", downloads.bucketName);
  // The text itself is no output, as outputs are printed.
  if (downloads.originSecretArn !== undefined) {
    output("downloads_origin_secret_arn", downloads.originSecretArn);
  }
  if (spec.signingKeys.length > 0) output("downloads_signing_key_ids", downloads.signingKeyIds);
}

/** Key and topic of CloudFront's logs and alarms: the environment's own where that is in the same region, otherwise a second pair. */
function addTelemetry(
  stack: PlatformStack,
  { label, provider }: RegionOfStack,
  { alarmEmails, keyDeletionDays, deletionProtection, ...foundation }: DownloadsFoundation,
): { readonly keyArn: string; readonly topicArn: string } {
  if (provider === undefined) {
    return { keyArn: foundation.telemetryKeyArn, topicArn: foundation.alarmTopicArn };
  }
  const key = new KmsKey(stack, "cloudfront-telemetry-key", {
    label,
    name: "telemetry",
    description: "Logs and alarms of CloudFront: what operators read.",
    services: [`logs.${CLOUDFRONT_REGION}.amazonaws.com`, "cloudwatch.amazonaws.com"],
    deletionWindowDays: keyDeletionDays,
    deletionProtection,
    provider,
  });
  const alarms = new AlarmTopic(stack, "cloudfront-alarms", {
    label,
    kmsKeyArn: key.arn,
    emails: alarmEmails,
    provider,
  });
  return { keyArn: key.arn, topicArn: alarms.topicArn };
}
