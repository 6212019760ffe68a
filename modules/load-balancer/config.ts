import type { Label } from "../internal/label";
import type { RequestMatch } from "../internal/listener-rule";

/** An application load balancer. */
export interface LoadBalancerConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name, e.g. `orders`. */
  readonly name: string;
  /** Reached from inside the VPC alone. Otherwise it has public addresses. */
  readonly internal: boolean;
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Subnets of two zones at least: public ones, or with `internal` any. */
  readonly subnetIds: readonly string[];
  /** `http` sends everything, tokens included, in the clear: for a local environment, or inside a VPC that is trusted. @default "https" */
  readonly protocol?: "https" | "http";
  /** ARN of the certificate. Required with `https`. */
  readonly certificateArn?: string;
  /** ARNs of further certificates, by a name of theirs; a client that asks for their domain gets them (SNI). @default none */
  readonly furtherCertificateArns?: Readonly<Record<string, string>>;
  /**
   * Security policy of the listener, one of those with TLS 1.3 and, at the least, 1.2. The default is the one that AWS recommends:
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
   *
   * @default "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
   */
  readonly tlsPolicy?: string;
  /** Domain name by which it is called, one of a certificate. @default the load balancer's own name */
  readonly domainName?: string;
  /** Port of the listener. @default 443, with `http` 80 */
  readonly port?: number;
  /**
   * Answers plain HTTP on port 80, for `ingressCidrs`, by a redirect to HTTPS.
   *
   * @default true where `https` is reached from `ingressCidrs`, unless `internal`: programs are told the right address
   */
  readonly httpRedirect?: boolean;
  /** Seconds that browsers refuse plain HTTP after an answer (HSTS). @default 31536000, a year */
  readonly strictTransportSecuritySeconds?: number;
  /** IPv4 and IPv6 ranges that reach the listener, e.g. `0.0.0.0/0` and `::/0` for everybody. @default none */
  readonly ingressCidrs?: readonly string[];
  /** Prefix lists whose addresses reach the listener, e.g. that of `CloudFrontPrefixList`. Add at the end. @default none */
  readonly ingressPrefixListIds?: readonly string[];
  /** Security groups whose members reach the listener. Add at the end. @default none; with `internal` its clients' own */
  readonly ingressSecurityGroupIds?: readonly string[];
  /** IPv6 besides IPv4. The subnets must have it. @default false */
  readonly ipv6?: boolean;
  /**
   * Header that every rule must demand, and by which only a CDN is let in: `originHeaderName` of modules/cdn-downloads. The rules
   * give its values, as references to a secret. @default none
   */
  readonly originHeaderName?: string;
  /** What is done to requests that are no proper HTTP: `strictest` refuses them all, `defensive` those known to be attacks. @default "strictest" */
  readonly desyncMitigation?: "defensive" | "strictest";
  /** Seconds that a connection may be silent, 1 to 4000. Servers behind it must keep theirs open for longer. @default 60 */
  readonly idleTimeoutSeconds?: number;
  /** Bucket of access and connection logs: that of modules/log-bucket with `loadBalancerLogs`. */
  readonly accessLogBucket: string;
  /** ARN of a web ACL of the scope REGIONAL. @default no firewall */
  readonly webAclArn?: string;
  /** AWS and Terraform refuse to destroy the load balancer, whose name clients may have. */
  readonly deletionProtection: boolean;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
  /** Errors in a minute that the load balancer itself answers with, such as for want of a healthy target. @default 10 */
  readonly alarmErrorsPerMinute?: number;
  /** Requests in percent that the targets answer with 5xx. @default 1 */
  readonly alarmTargetErrorPercent?: number;
  /** Milliseconds that the slowest hundredth of the targets' answers may take. @default 1000 */
  readonly alarmP99Milliseconds?: number;
}

/** Which requests a service gets. */
export interface RuleConfig extends RequestMatch {
  /** Place among the rules, 1 to 49999, unique: the lowest that matches decides. */
  readonly priority: number;
}
