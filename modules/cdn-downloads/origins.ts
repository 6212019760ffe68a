import type {
  CloudfrontDistributionOrigin,
  CloudfrontDistributionOriginGroup,
} from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control";
import type { Construct } from "constructs";
import type { Bucket } from "../internal/bucket";
import type { CdnDownloadsConfig } from "./config";
import { shieldNear } from "./shield";

/** Header by which the load balancer knows CloudFront. */
export const ORIGIN_HEADER = "x-origin-verify";

/** What `/` stands for where the bucket alone answers: S3 would list its files for `/` itself. */
export const ROOT_OBJECT = "index.html";

type OriginKind = "alb" | "s3";

const ALB = "alb";
const S3 = "s3";
const GROUP = "first-then-second";

/**
 * Seconds until an origin that cannot be connected to counts as failed, and how often that is tried: 10 s at most, not 30, before
 * the second is asked. One that takes the connection and stays silent has `originReadTimeoutSeconds`, each time.
 */
const CONNECTION = { connectionAttempts: 2, connectionTimeout: 5 };

/** Answers of the first origin after which the second is asked: it is down, or has no such file. A 403 is meant. */
const FAILOVER_STATUS_CODES = [404, 500, 502, 503, 504];

/** Which origins there are, in the order in which they are asked. */
export function originsOf({
  origin,
}: CdnDownloadsConfig): readonly [OriginKind] | readonly [OriginKind, OriginKind] {
  switch (origin) {
    case "alb":
      return [ALB];
    case "s3":
      return [S3];
    case "alb-then-s3":
      return [ALB, S3];
    case "s3-then-alb":
      return [S3, ALB];
  }
}

/** What a distribution is told of its origins. */
export interface Origins {
  readonly origin: CloudfrontDistributionOrigin[];
  readonly originGroup: CloudfrontDistributionOriginGroup[];
  /** Where cached paths go: the group, if there are two. */
  readonly cachedTargetId: string;
  /** Where other paths go: the application, if there is one. A group takes no writing methods. */
  readonly otherTargetId: string;
  /** The origin of `otherTargetId` is the application. */
  readonly otherIsAlb: boolean;
}

/** Puts the origins in their order, each behind Origin Shield. */
export function describeOrigins(
  config: CdnDownloadsConfig,
  parts: Readonly<Partial<Record<OriginKind, CloudfrontDistributionOrigin>>>,
): Origins {
  const order = originsOf(config);
  const shield = originShield(config);
  const origin = order.flatMap((kind) => {
    const part = parts[kind];
    return part === undefined ? [] : [{ ...part, ...CONNECTION, ...shield }];
  });
  const [first, second] = order;
  const otherIsAlb = order.includes(ALB);
  return {
    origin,
    originGroup:
      second === undefined
        ? []
        : [
            {
              originId: GROUP,
              failoverCriteria: { statusCodes: FAILOVER_STATUS_CODES },
              member: [{ originId: first }, { originId: second }],
            },
          ],
    cachedTargetId: second === undefined ? first : GROUP,
    otherTargetId: otherIsAlb ? ALB : S3,
    otherIsAlb,
  };
}

/** The load balancer, which is sent the secret. */
export function albOrigin(
  config: CdnDownloadsConfig,
  domainName: string,
  secret: string,
): CloudfrontDistributionOrigin {
  const { albProtocol = "https", albPort } = config;
  return {
    originId: ALB,
    domainName,
    customHeader: [{ name: ORIGIN_HEADER, value: secret }],
    customOriginConfig: {
      // Both must be there; the protocol tells which is used.
      httpPort: albProtocol === "http" ? (albPort ?? 80) : 80,
      httpsPort: albProtocol === "https" ? (albPort ?? 443) : 443,
      originProtocolPolicy: `${albProtocol}-only`,
      originSslProtocols: ["TLSv1.2"],
      originReadTimeout: config.originReadTimeoutSeconds ?? 30,
      // A load balancer keeps idle connections for 60 s.
      originKeepaliveTimeout: 55,
    },
  };
}

/** The bucket, to which CloudFront signs its requests. */
export function s3Origin(
  scope: Construct,
  { label }: CdnDownloadsConfig,
  bucket: Bucket,
): CloudfrontDistributionOrigin {
  const accessControl = new CloudfrontOriginAccessControl(scope, "origin-access-control", {
    name: label.name("downloads"),
    description: "Signs every request to the bucket.",
    originAccessControlOriginType: "s3",
    signingBehavior: "always",
    signingProtocol: "sigv4",
    lifecycle: { createBeforeDestroy: true },
  });
  return {
    originId: S3,
    domainName: bucket.regionalDomainName,
    originAccessControlId: accessControl.id,
  };
}

function originShield(config: CdnDownloadsConfig): Pick<CloudfrontDistributionOrigin, "originShield"> {
  const region = config.originShieldRegion ?? shieldNear(config.label.region);
  if (region === undefined || region === "off") return {};
  return { originShield: { enabled: true, originShieldRegion: region } };
}
