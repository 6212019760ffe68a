import { DataAwsLb } from "@cdktf/provider-aws/lib/data-aws-lb";
import { DataAwsLbListener } from "@cdktf/provider-aws/lib/data-aws-lb-listener";
import { Fn, TerraformOutput } from "cdktf";
import { AlarmTopic } from "../modules/alarm-topic";
import { CdnDownloads, loadEdgeFunctions, ORIGIN_HEADER } from "../modules/cdn-downloads";
import { KmsKey } from "../modules/kms-key";
import { CloudFrontIngress, CloudFrontPrefixList, type LoadBalancer } from "../modules/load-balancer";
import { WebAcl } from "../modules/web-acl";
import type { Foundation } from "./foundation";
import { LoadBalancers } from "./load-balancers";
import type { PlatformStack, RegionOfStack } from "./platform-stack";
import type { EnvironmentSpec } from "./spec";

type DownloadsSpec = NonNullable<EnvironmentSpec["downloads"]>;

/** Where CloudFront has its metrics, logs and firewalls. */
const CLOUDFRONT_REGION = "us-east-1";

/** Adds system C, the release downloads: the distribution, its firewall, and what CloudFront's alarms need in us-east-1. */
export function addDownloads(stack: PlatformStack, spec: DownloadsSpec, foundation: Foundation): void {
  const { domain, firewall, accessLogRetentionDays, service, albArn, albIngress, ...fields } = spec;
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
  const application = service && addApplicationEntry(stack, service, foundation);
  const existing =
    albArn === undefined ? undefined : new DataAwsLb(stack, "downloads-load-balancer", { arn: albArn });
  const albDomainName = application?.host ?? spec.albDomainName ?? existing?.dnsName;
  const downloads = new CdnDownloads(stack, "downloads", {
    ...fields,
    ...(albDomainName !== undefined && { albDomainName }),
    albServesBucket: service !== undefined,
    label: stack.label,
    edgeFunctions: loadEdgeFunctions(foundation.root),
    secretKmsKeyArn: foundation.dataKeyArn,
    bucketKmsKeyArn: foundation.dataKeyArn,
    accessLogBucket: foundation.accessLogBucket,
    accessLogRetentionDays: accessLogRetentionDays ?? logRetentionDays,
    accessLogKmsKeyArn: foundation.telemetryKeyArn,
    ...(domain && { domainName: domain.name, certificateArn: domain.certificateArn }),
    ...(domain?.hostedZoneId !== undefined && { hostedZoneId: domain.hostedZoneId }),
    ...(webAcl && { webAclArn: webAcl.arn }),
    globalAlarmTopicArn: telemetry.topicArn,
    ...(virginia.provider && { globalProvider: virginia.provider }),
    deletionProtection,
  });
  if (service && application && foundation.containers) {
    foundation.containers.addService("updates", service, {
      environment: { RELEASES_BUCKET: downloads.bucketName ?? "" },
      statements: downloads.grantReadFiles(),
      targets: [application.loadBalancer.addDefault({ [ORIGIN_HEADER]: downloads.originHeaderValues })],
    });
  }
  if (existing && albIngress) {
    const port = spec.albPort ?? (spec.albProtocol === "http" ? 80 : 443);
    new CloudFrontIngress(stack, "downloads-ingress", {
      ...albIngress,
      label: stack.label,
      name: "downloads",
      listenerArn: new DataAwsLbListener(stack, "downloads-listener", { loadBalancerArn: existing.arn, port })
        .arn,
      securityGroupId: Fn.element(Fn.sort(existing.securityGroups), 0),
      port,
      originHeaderName: ORIGIN_HEADER,
      originHeaderValues: downloads.originHeaderValues,
    });
  }

  const output = (name: string, value: string | Readonly<Record<string, string>>) =>
    new TerraformOutput(stack, name, { value });
  output("distribution_id", downloads.distributionId);
  output("downloads_url", downloads.url);
  // Where records that are kept elsewhere must point.
  if (domain) output("downloads_domain_target", downloads.domainName);
  if (downloads.logTableName !== undefined) output("downloads_log_table", downloads.logTableName);
  if (downloads.bucketName !== undefined) output("downloads_bucket", downloads.bucketName);
  // The text itself is no output, as outputs are printed.
  if (downloads.originSecretArn !== undefined) {
    output("downloads_origin_secret_arn", downloads.originSecretArn);
  }
  if (spec.signingKeys.length > 0) output("downloads_signing_key_ids", downloads.signingKeyIds);
}

/** The load balancer of an application of the platform, which CloudFront alone reaches. */
function addApplicationEntry(
  stack: PlatformStack,
  { domain }: NonNullable<DownloadsSpec["service"]>,
  { network, ...foundation }: Foundation,
): { readonly host: string; readonly loadBalancer: LoadBalancer } {
  if (!network) throw new Error("downloads.service needs network");
  const balancers = new LoadBalancers(
    stack,
    { id: "downloads", ...(domain && { domain }) },
    { ...foundation, network },
  );
  const { prefixListId } = new CloudFrontPrefixList(stack, "cloudfront-addresses");
  const loadBalancer = balancers.addOrigin("origin", prefixListId, ORIGIN_HEADER);
  return { host: domain ? `origin.${domain.name}` : loadBalancer.dnsName, loadBalancer };
}

/** Key and topic of CloudFront's logs and alarms: the environment's own where that is in the same region, otherwise a second pair. */
function addTelemetry(
  stack: PlatformStack,
  { label, provider }: RegionOfStack,
  { alarmEmails, keyDeletionDays, deletionProtection, ...foundation }: Foundation,
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
