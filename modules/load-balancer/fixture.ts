import { synthesise, testLabel } from "../internal/synth-test";
import { LoadBalancer, type LoadBalancerConfig } from ".";

/** A public load balancer with all that is required. */
export const config: LoadBalancerConfig = {
  label: testLabel,
  name: "orders",
  internal: false,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  certificateArn: "arn:aws:acm:eu-west-1:111111111111:certificate/orders",
  ingressCidrs: ["0.0.0.0/0"],
  accessLogBucket: "acme-test-access-logs",
  deletionProtection: true,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
};

const { certificateArn: _, ...withoutCertificate } = config;

/** The same without TLS. */
export const plainConfig: LoadBalancerConfig = { ...withoutCertificate, protocol: "http" };

/** An internal load balancer. */
export const internalConfig: LoadBalancerConfig = {
  ...config,
  name: "internal",
  internal: true,
  ingressCidrs: [],
};

/** Synthesises one load balancer, and hands it to `use` before. */
export function synth(
  changes: Partial<LoadBalancerConfig> = {},
  base: LoadBalancerConfig = config,
  use: (loadBalancer: LoadBalancer) => void = () => undefined,
) {
  return synthesise((stack) => use(new LoadBalancer(stack, "lb", { ...base, ...changes })));
}
