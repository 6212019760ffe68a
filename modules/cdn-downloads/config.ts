import type { TerraformProvider } from "cdktf";
import type { Label } from "../internal/label";
import type { EdgeFunctions } from "./edge-sources";
import type { PathClass } from "./path-classes";

/** A public key; who holds its private half gives out signed URLs and cookies. */
export interface SigningKey {
  /** Name of the key, unique: 1 to 24 lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Public key as PEM, RSA of 2048 bits or ECDSA P-256. */
  readonly publicKeyPem: string;
}

/** A distribution before release downloads. */
export interface CdnDownloadsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /**
   * Where the files are. `alb`: behind the load balancer of the application that serves them today. `s3`: in a bucket that is
   * made here. Both, for the time of a move: the first is asked, and the second where the first fails or has no such file.
   */
  readonly origin: "alb" | "s3" | "alb-then-s3" | "s3-then-alb";
  /** Domain name by which the load balancer is reached, with `albProtocol` "https" one of its certificate. Required with an ALB. */
  readonly albDomainName?: string;
  /** `http` sends the origin's secret header unencrypted over the internet. @default "https" */
  readonly albProtocol?: "https" | "http";
  /** Port of the listener, 80, 443 or 1024 to 65535. @default 443, with `albProtocol` "http" 80 */
  readonly albPort?: number;
  /** Seconds that CloudFront waits for the load balancer's next bytes, 1 to 60. @default 30 */
  readonly originReadTimeoutSeconds?: number;
  /**
   * Names of the secrets by which the load balancer knows CloudFront, 1 to 3. The first is sent, all are in
   * `originHeaderValues`. To rotate: add a name at the end, deploy; put it first, deploy; remove the old one, deploy. A name that
   * was removed can be used again after 30 days: until then Secrets Manager keeps the old secret under it.
   *
   * @default ["1"]
   */
  readonly originSecretNames?: readonly string[];
  /** ARN of the KMS key for those secrets. @default the account's own of Secrets Manager */
  readonly secretKmsKeyArn?: string;
  /**
   * ARN of the KMS key for the bucket. Its policy must let `cloudfront.amazonaws.com` decrypt for `aws:SourceArn`
   * `arn:aws:cloudfront::<account>:distribution/*`. @default S3's own key
   */
  readonly bucketKmsKeyArn?: string;
  /**
   * Makes the bucket with `origin` "alb" too, for an application behind the load balancer that serves the files from it. The move to S3
   * then copies nothing. @default false
   */
  readonly albServesBucket?: boolean;
  /** Days that overwritten and deleted versions of files stay in the bucket. @default 30 */
  readonly noncurrentVersionDays?: number;
  /** Bucket that receives the S3 access logs of the buckets made here. @default no access logs */
  readonly accessLogBucket?: string;
  /**
   * Region of Origin Shield, the one cache that asks the origin. `off` lets every regional cache ask.
   *
   * @default the region of `label`, or the nearest one that has Origin Shield
   */
  readonly originShieldRegion?: string;
  /** Paths that are cached, in the order in which a request is matched. @default DEFAULT_PATH_CLASSES */
  readonly pathClasses?: readonly PathClass[];
  /** All other paths: `pass` them to the origin, uncached, or `refuse` them with 404 at the edge. */
  readonly otherPaths: "pass" | "refuse";
  /**
   * Seconds that an error of the origin is kept at the edge, 0 to 300. It is the least: an error that comes with a longer `max-age` or
   * `Expires` is kept for that, within `maximumTtlSeconds` of its class. Of 404, 414 and 501 the origin's `no-store` is heeded, of others
   * not. 400, 403 and 405 are kept only when the origin sends `max-age` or `s-maxage`, whatever is set here; other 4xx have no time
   * of their own:
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
   *
   * @default 5
   */
  readonly errorTtlSeconds?: number;
  /** Sources of the functions at the edge, see `loadEdgeFunctions`. */
  readonly edgeFunctions: EdgeFunctions;
  /**
   * Extensions that are lower-cased on their way, without the dot, e.g. `zip`. A file that the origin names `App.ZIP` is then not
   * found: only for origins that name all such files in lower case.
   *
   * @default none
   */
  readonly lowerCasedExtensions?: readonly string[];
  /** Own domain name. Without one CloudFront's certificate is used, which takes TLS below 1.2 too. @default CloudFront's domain */
  readonly domainName?: string;
  /** ARN of that domain's certificate, in us-east-1. Required with `domainName`. */
  readonly certificateArn?: string;
  /** Route 53 zone of the alias records. @default none: the records are kept elsewhere */
  readonly hostedZoneId?: string;
  /** Edges that serve: the fewer, the cheaper. @default "PriceClass_All" */
  readonly priceClass?: "PriceClass_100" | "PriceClass_200" | "PriceClass_All";
  /** The only countries that are served, ISO 3166-1 alpha-2, e.g. `DE`. @default all */
  readonly allowedCountries?: readonly string[];
  /** Countries that are not served. @default none */
  readonly deniedCountries?: readonly string[];
  /** ARN of a web ACL of the scope CLOUDFRONT. @default no firewall */
  readonly webAclArn?: string;
  /**
   * Origins of web pages that may read the files, e.g. `https://www.example.com`, or `*`. The edge answers their preflight requests;
   * the origin is not asked. @default none
   */
  readonly corsOrigins?: readonly string[];
  /**
   * Public keys, up to 5, whose signatures open the path classes that are `signed`. To rotate: add a key, deploy; sign with it;
   * remove the old one when the last of its URLs has expired.
   *
   * @default none
   */
  readonly signingKeys?: readonly SigningKey[];
  /** Days that the access logs are kept. @default no logs */
  readonly accessLogRetentionDays?: number;
  /**
   * ARN of the KMS key for the bucket of the access logs, in the label's region. Its policy must let `delivery.logs.amazonaws.com` use it.
   *
   * @default S3's own key
   */
  readonly accessLogKmsKeyArn?: string;
  /** Viewer requests of which more fail with 5xx alarm, in percent. @default 1 */
  readonly alarmErrorRatePercent?: number;
  /**
   * Viewer requests of which more are refused with 403 alarm, in percent: the load balancer may not know the secret, or the firewall
   * refuse those who are meant. @default 5
   */
  readonly alarmForbiddenRatePercent?: number;
  /** Milliseconds of the origin's answer that one in ten exceeds. @default 3000 */
  readonly alarmOriginLatencyMilliseconds?: number;
  /** Requests that reach the origin in a minute. @default 6000, 100 in a second */
  readonly alarmOriginRequestsPerMinute?: number;
  /**
   * Percentage of requests that the cache answers, below which there is an alarm in busy times. What is passed on uncached counts
   * as unanswered. @default 80, with `otherPaths` "pass" no alarm
   */
  readonly alarmCacheHitRatePercent?: number;
  /** SNS topic of the alarms, in us-east-1, where CloudFront's metrics are. */
  readonly globalAlarmTopicArn: string;
  /** Provider of us-east-1, for alarms and log delivery. @default the stack's own, which must be of us-east-1 */
  readonly globalProvider?: TerraformProvider;
  /** Terraform refuses to destroy or replace the distribution, whose domain name clients have, and the buckets. */
  readonly deletionProtection: boolean;
}

/** Region of CloudFront's metrics, certificates and log deliveries. */
export const GLOBAL_REGION = "us-east-1";
