import type { LoadBalancerConfig } from ".";
import { config, internalConfig, plainConfig, synth } from "./fixture";

const certificateArn = "arn:aws:acm:eu-west-1:111111111111:certificate/orders";

const cases: {
  name: string;
  base?: LoadBalancerConfig;
  changes: Partial<LoadBalancerConfig>;
  message: string;
}[] = [
  {
    name: "an old TLS policy",
    changes: { tlsPolicy: "ELBSecurityPolicy-2016-08" },
    message:
      "tlsPolicy must be one of TLS 1.3 with 1.2 at the least, like ELBSecurityPolicy-TLS13-1-2-2021-06, " +
      'got "ELBSecurityPolicy-2016-08"',
  },
  {
    name: "a TLS policy that takes TLS 1.0",
    changes: { tlsPolicy: "ELBSecurityPolicy-TLS13-1-0-2021-06" },
    message:
      "tlsPolicy must be one of TLS 1.3 with 1.2 at the least, like ELBSecurityPolicy-TLS13-1-2-2021-06, " +
      'got "ELBSecurityPolicy-TLS13-1-0-2021-06"',
  },
  {
    name: "a certificate without TLS",
    base: plainConfig,
    changes: { certificateArn, httpRedirect: true },
    message: 'certificateArn, httpRedirect must not be set with protocol "http"',
  },
  {
    name: "a public one that nobody reaches",
    changes: { ingressCidrs: [] },
    message:
      "one of ingressCidrs, ingressPrefixListIds and ingressSecurityGroupIds must be set, or nobody reaches the load balancer",
  },
  {
    name: "an internal one open to everybody",
    base: internalConfig,
    changes: { ingressCidrs: ["10.0.0.0/8", "0.0.0.0/0"] },
    message: 'ingressCidrs[1] must be a range of private addresses with internal, got "0.0.0.0/0"',
  },
  {
    name: "an IPv6 range without IPv6",
    changes: { ingressCidrs: ["::/0"] },
    message: 'ingressCidrs[0]: ipv6 must be set for an IPv6 range, got "::/0"',
  },
  {
    name: "a range that comes twice",
    changes: { ingressCidrs: ["192.0.2.0/24", "192.0.2.0/24"] },
    message: 'ingressCidrs[1]: "192.0.2.0/24" comes twice; remove one',
  },
  {
    name: "a redirect for nobody",
    base: internalConfig,
    changes: { httpRedirect: true },
    message: "ingressCidrs must be set with httpRedirect: who else calls is told the right address",
  },
  {
    name: "two listeners on one port",
    changes: { httpRedirect: true, port: 80 },
    message: "port must be another than 80 with httpRedirect, got 80",
  },
  {
    name: "a port out of range",
    changes: { port: 0 },
    message: "port must be a whole number from 1 to 65535, got 0",
  },
  {
    name: "a silence out of range",
    changes: { idleTimeoutSeconds: 4001 },
    message: "idleTimeoutSeconds must be a whole number from 1 to 4000, got 4001",
  },
];

test.each(cases)("refused: $name", ({ base = config, changes, message }) => {
  expect(() => synth(changes, base)).toThrow(new Error(message));
});

test("refused: TLS without a certificate", () => {
  const { protocol: _, ...uncertified } = plainConfig;
  expect(() => synth({}, uncertified)).toThrow(
    new Error('certificateArn must be set with protocol "https", got undefined'),
  );
});
