/**
 * An application load balancer, public or internal, for one service or several: HTTPS with current TLS, plain HTTP redirected,
 * improper requests refused, access and connection logs, a firewall where configured, deletion protection and alarms.
 *
 * **Rules.** `addRule` gives a place on the listener to a service, by path, host or header, and refuses to give it twice;
 * modules/ecs-service fills it. `addDefault` gives what no rule matches; without it that is answered with 404.
 *
 * **Ways in.** The security group lets in what is configured, and reaches nothing by itself: each service behind it adds the way to
 * itself. What calls an internal one wears `clientSecurityGroupId`.
 *
 * **Behind CloudFront.** `ingressPrefixListIds` of `CloudFrontPrefixList` keeps out all but CloudFront, `originHeaderName` all but one
 * distribution: each rule then demands a header with a secret value. `CloudFrontIngress` does both for a load balancer that
 * is there already. The value is known to AWS and to Terraform's state alone; the synthesised JSON refers to it.
 *
 * **Limits.** A rule takes three values for each condition and five in all, so a rotation of the secret with two values leaves three
 * for paths and hosts. Behind the load balancer HTTP is spoken: what is sent there stays in the VPC.
 *
 * @module
 */
export { CloudFrontIngress, type CloudFrontIngressConfig, CloudFrontPrefixList } from "./cloudfront";
export type { LoadBalancerConfig, RuleConfig } from "./config";
export { LoadBalancer } from "./load-balancer";
