import { Token } from "cdktf";
import { checkWholeNumber } from "../internal/check";
import { isIpv6 } from "../internal/security-groups";
import type { LoadBalancerConfig } from "./config";

/** Whoever is anywhere. */
const EVERYBODY = ["0.0.0.0/0", "::/0"];

/** With TLS 1.3 and 1.2, or 1.3 alone. The second number is the oldest version taken. */
const MODERN_POLICY = /^ELBSecurityPolicy-TLS13-1-[23]-/;

/** @throws Error naming the field that is missing, out of range or at odds with another */
export function checkConfig(config: LoadBalancerConfig): void {
  checkWholeNumber("port", config.port ?? 443, 1, 65_535);
  checkWholeNumber("idleTimeoutSeconds", config.idleTimeoutSeconds ?? 60, 1, 4000);
  checkWholeNumber("strictTransportSecuritySeconds", config.strictTransportSecuritySeconds ?? 1, 1);
  checkWholeNumber("alarmErrorsPerMinute", config.alarmErrorsPerMinute ?? 0, 0);
  checkWholeNumber("alarmTargetErrorPercent", config.alarmTargetErrorPercent ?? 0, 0, 100);
  checkWholeNumber("alarmP99Milliseconds", config.alarmP99Milliseconds ?? 1, 1);
  if (!Token.isUnresolved(config.subnetIds) && config.subnetIds.length < 2) {
    throw new Error(`subnetIds must hold subnets of at least 2 zones, got ${config.subnetIds.length}`);
  }
  checkTls(config);
  checkIngress(config);
}

function checkTls({
  protocol = "https",
  tlsPolicy,
  httpRedirect,
  port,
  ...config
}: LoadBalancerConfig): void {
  if (protocol === "http") {
    const given = ["certificateArn", "furtherCertificateArns", "strictTransportSecuritySeconds"] as const;
    const needless = [
      ...given.filter((field) => config[field] !== undefined),
      ...(tlsPolicy === undefined ? [] : ["tlsPolicy"]),
      ...(httpRedirect ? ["httpRedirect"] : []),
    ];
    if (needless.length === 0) return;
    throw new Error(`${needless.join(", ")} must not be set with protocol "http"`);
  }
  if (config.certificateArn === undefined) {
    throw new Error('certificateArn must be set with protocol "https", got undefined');
  }
  if (tlsPolicy !== undefined && !Token.isUnresolved(tlsPolicy) && !MODERN_POLICY.test(tlsPolicy)) {
    throw new Error(
      `tlsPolicy must be one of TLS 1.3 with 1.2 at the least, like ELBSecurityPolicy-TLS13-1-2-2021-06, got "${tlsPolicy}"`,
    );
  }
  if (httpRedirect && port === 80) throw new Error("port must be another than 80 with httpRedirect, got 80");
}

function checkIngress({ internal, ipv6 = false, ...config }: LoadBalancerConfig): void {
  const { ingressCidrs = [], ingressPrefixListIds = [], ingressSecurityGroupIds = [], httpRedirect } = config;
  if (!internal && ingressCidrs.length + ingressPrefixListIds.length + ingressSecurityGroupIds.length === 0) {
    throw new Error(
      "one of ingressCidrs, ingressPrefixListIds and ingressSecurityGroupIds must be set, or nobody reaches the load balancer",
    );
  }
  if (httpRedirect && ingressCidrs.length === 0) {
    throw new Error("ingressCidrs must be set with httpRedirect: who else calls is told the right address");
  }
  for (const [index, cidr] of ingressCidrs.entries()) {
    const path = `ingressCidrs[${index}]`;
    if (internal && EVERYBODY.includes(cidr)) {
      throw new Error(`${path} must be a range of private addresses with internal, got "${cidr}"`);
    }
    if (isIpv6(cidr) && !ipv6) throw new Error(`${path}: ipv6 must be set for an IPv6 range, got "${cidr}"`);
    if (ingressCidrs.indexOf(cidr) !== index) throw new Error(`${path}: "${cidr}" comes twice; remove one`);
  }
}
