import type { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener, type LbListenerConfig } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerCertificate } from "@cdktf/provider-aws/lib/lb-listener-certificate";
import type { Construct } from "constructs";
import type { LoadBalancerConfig } from "./config";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

const ONE_YEAR_SECONDS = 31_536_000;

/** What no rule matches. A load balancer cannot answer with application/problem+json. */
const NOT_FOUND: LbListenerConfig["defaultAction"] = [
  {
    type: "fixed-response",
    fixedResponse: {
      contentType: "application/json",
      statusCode: "404",
      messageBody: JSON.stringify({ type: "about:blank", title: "Not Found", status: 404 }),
    },
  },
];

/** Adds the listener that services put their rules on. @returns its ARN */
export function addListener(scope: Construct, lb: Lb, config: LoadBalancerConfig, port: number): string {
  const common = {
    loadBalancerArn: lb.arn,
    port,
    defaultAction: NOT_FOUND,
    routingHttpResponseServerEnabled: false,
    routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
  };
  if (config.certificateArn === undefined)
    return new LbListener(scope, "http", { ...common, protocol: "HTTP" }).arn;
  const seconds = config.strictTransportSecuritySeconds ?? ONE_YEAR_SECONDS;
  const listener = new LbListener(scope, "https", {
    ...common,
    protocol: "HTTPS",
    certificateArn: config.certificateArn,
    sslPolicy: config.tlsPolicy ?? TLS_POLICY,
    routingHttpResponseStrictTransportSecurityHeaderValue: `max-age=${seconds}`,
  });
  for (const [name, certificateArn] of Object.entries(config.furtherCertificateArns ?? {})) {
    new LbListenerCertificate(scope, `certificate-${name}`, { listenerArn: listener.arn, certificateArn });
  }
  return listener.arn;
}

/** Adds the listener that sends plain HTTP to the other one. */
export function addRedirect(scope: Construct, lb: Lb, port: number): void {
  new LbListener(scope, "redirect", {
    loadBalancerArn: lb.arn,
    port: 80,
    protocol: "HTTP",
    defaultAction: [
      { type: "redirect", redirect: { protocol: "HTTPS", port: String(port), statusCode: "HTTP_301" } },
    ],
  });
}
