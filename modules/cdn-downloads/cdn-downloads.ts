import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import type { Bucket } from "../internal/bucket";
import type { PolicyStatement } from "../internal/iam";
import { addAlarms } from "./alarms";
import { cachedBehaviours, otherBehaviour } from "./behaviours";
import { checkConfig } from "./check";
import type { CdnDownloadsConfig } from "./config";
import { addFilesBucket, publishFiles, readFiles } from "./files-bucket";
import { addKeys } from "./keys";
import { AccessLogs } from "./logs";
import { OriginSecret } from "./origin-secret";
import { albOrigin, describeOrigins, ORIGIN_HEADER, originsOf, ROOT_OBJECT, s3Origin } from "./origins";
import { DEFAULT_PATH_CLASSES } from "./path-classes";
import { addResponseHeadersPolicy } from "./response-headers";

/**
 * Errors of the origin for which CloudFront takes a time. It keeps 400, 403 and 405 only when the origin sends `max-age` or `s-maxage`,
 * and 416 never: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 */
const KEPT_ERRORS = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];

/**
 * Distribution, its origins and what watches it.
 *
 * @throws Error with one line for each field that is missing, out of range or at odds with another
 */
export class CdnDownloads extends Construct {
  /** Id of the distribution. */
  readonly distributionId: string;
  /** ARN of the distribution. */
  readonly distributionArn: string;
  /** Domain name that CloudFront gave the distribution: what a CNAME record must point at where the zone is kept elsewhere. */
  readonly domainName: string;
  /** Where clients download from, without a slash at the end. */
  readonly url: string;
  /** Header that the load balancer must demand. */
  readonly originHeaderName: string;
  /** References to the texts of that header that the load balancer must take; the first is sent. Empty without an ALB. */
  readonly originHeaderValues: readonly string[];
  /** ARN of the secret that is sent. Undefined without an ALB. */
  readonly originSecretArn?: string;
  /** Name of the files' bucket. Undefined without one. */
  readonly bucketName?: string;
  /** Name of the access logs' bucket. Undefined without logs. */
  readonly logBucketName?: string;
  /** Name of the table by which Athena queries the access logs, `<database>.<table>`. Undefined without logs. */
  readonly logTableName?: string;
  /** What a signer sends as `Key-Pair-Id`, by the key's name. */
  readonly signingKeyIds: Readonly<Record<string, string>>;

  private readonly bucket: Bucket | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly config: CdnDownloadsConfig,
  ) {
    super(scope, id);
    checkConfig(config);
    const kinds = originsOf(config);
    const secrets = kinds.includes("alb") ? this.addSecrets(config) : [];
    const readsBucket = kinds.includes("s3");
    // The policy names the distribution, and the distribution the bucket.
    const reader = readsBucket ? Lazy.stringValue({ produce: () => this.distributionArn }) : undefined;
    const bucket = readsBucket || config.albServesBucket ? addFilesBucket(this, config, reader) : undefined;
    const [sent] = secrets;
    const origins = describeOrigins(config, {
      ...(sent !== undefined &&
        config.albDomainName !== undefined && { alb: albOrigin(config, config.albDomainName, sent.value) }),
      ...(readsBucket && bucket !== undefined && { s3: s3Origin(this, config, bucket) }),
    });
    const keys = addKeys(this, config);
    const behaviours = {
      config,
      origins,
      responseHeadersPolicyId: addResponseHeadersPolicy(this, config),
      ...(keys !== undefined && { keyGroupId: keys.groupId }),
    };
    const distribution = new CloudfrontDistribution(this, "distribution", {
      enabled: true,
      comment: `${config.label.prefix}: release downloads`,
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      priceClass: config.priceClass ?? "PriceClass_All",
      origin: origins.origin,
      originGroup: origins.originGroup,
      ...(!origins.otherIsAlb && { defaultRootObject: ROOT_OBJECT }),
      orderedCacheBehavior: cachedBehaviours(this, behaviours, config.pathClasses ?? DEFAULT_PATH_CLASSES),
      defaultCacheBehavior: otherBehaviour(this, behaviours),
      customErrorResponse: KEPT_ERRORS.map((errorCode) => ({
        errorCode,
        errorCachingMinTtl: config.errorTtlSeconds ?? 5,
      })),
      restrictions: { geoRestriction: geoRestriction(config) },
      ...(config.domainName !== undefined && { aliases: [config.domainName] }),
      viewerCertificate:
        config.certificateArn === undefined
          ? { cloudfrontDefaultCertificate: true }
          : {
              acmCertificateArn: config.certificateArn,
              sslSupportMethod: "sni-only",
              minimumProtocolVersion: "TLSv1.2_2021",
            },
      ...(config.webAclArn !== undefined && { webAclId: config.webAclArn }),
      lifecycle: { preventDestroy: config.deletionProtection },
    });
    this.distributionId = distribution.id;
    this.distributionArn = distribution.arn;
    this.domainName = distribution.domainName;
    this.url = `https://${config.domainName ?? distribution.domainName}`;
    this.originHeaderName = ORIGIN_HEADER;
    this.originHeaderValues = secrets.map(({ value }) => value);
    this.signingKeyIds = keys?.ids ?? {};
    if (sent !== undefined) this.originSecretArn = sent.arn;
    this.bucket = bucket;
    if (bucket !== undefined) this.bucketName = bucket.name;

    this.addRecords(config, distribution);
    addAlarms(this, config, distribution.id);
    if (config.accessLogRetentionDays !== undefined) {
      const logs = new AccessLogs(this, "access-logs", {
        label: config.label,
        distributionId: distribution.id,
        distributionArn: distribution.arn,
        retentionDays: config.accessLogRetentionDays,
        ...(config.accessLogKmsKeyArn !== undefined && { kmsKeyArn: config.accessLogKmsKeyArn }),
        ...(config.accessLogBucket !== undefined && { accessLogBucket: config.accessLogBucket }),
        deletionProtection: config.deletionProtection,
        ...(config.globalProvider !== undefined && { globalProvider: config.globalProvider }),
      });
      this.logBucketName = logs.bucketName;
      this.logTableName = logs.tableName;
    }
  }

  /** Statement that lets its holder invalidate paths of this distribution, and see how far that is. */
  grantInvalidate(): PolicyStatement[] {
    return [
      {
        sid: "InvalidateDownloads",
        actions: ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
        resources: [this.distributionArn],
      },
    ];
  }

  /**
   * Statements that let their holder read the files, as an application behind the load balancer does.
   *
   * @throws Error when there is no bucket
   */
  grantReadFiles(): PolicyStatement[] {
    return readFiles(this.filesBucket(), this.config);
  }

  /**
   * Statements that let their holder publish files.
   *
   * @throws Error when there is no bucket
   */
  grantPublishFiles(): PolicyStatement[] {
    return publishFiles(this.filesBucket(), this.config);
  }

  private filesBucket(): Bucket {
    if (this.bucket !== undefined) return this.bucket;
    throw new Error('there is no bucket of downloads with origin "alb"; set albServesBucket for one');
  }

  private addSecrets({ label, ...config }: CdnDownloadsConfig): OriginSecret[] {
    return (config.originSecretNames ?? ["1"]).map(
      (name) =>
        new OriginSecret(this, `origin-secret-${name}`, {
          label,
          name,
          ...(config.secretKmsKeyArn !== undefined && { kmsKeyArn: config.secretKmsKeyArn }),
          deletionProtection: config.deletionProtection,
        }),
    );
  }

  private addRecords(
    { domainName, hostedZoneId }: CdnDownloadsConfig,
    distribution: CloudfrontDistribution,
  ): void {
    if (domainName === undefined || hostedZoneId === undefined) return;
    for (const type of ["A", "AAAA"]) {
      new Route53Record(this, `domain-${type}`, {
        zoneId: hostedZoneId,
        name: domainName,
        type,
        alias: {
          name: distribution.domainName,
          zoneId: distribution.hostedZoneId,
          evaluateTargetHealth: false,
        },
      });
    }
  }
}

function geoRestriction({ allowedCountries, deniedCountries }: CdnDownloadsConfig) {
  if (allowedCountries !== undefined) {
    return { restrictionType: "whitelist", locations: [...allowedCountries].sort() };
  }
  if (deniedCountries !== undefined) {
    return { restrictionType: "blacklist", locations: [...deniedCountries].sort() };
  }
  return { restrictionType: "none" };
}
