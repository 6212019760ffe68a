import { Fn, Token } from "cdktf";
import type { LoadBalancer } from ".";
import { config, internalConfig, synth } from "./fixture";

/** Runs `use` with a load balancer. */
function withLoadBalancer<T>(
  use: (loadBalancer: LoadBalancer) => T,
  changes: Parameters<typeof synth>[0] = {},
): T {
  let result: T | undefined;
  synth(changes, config, (loadBalancer) => {
    result = use(loadBalancer);
  });
  return result as T;
}

const secret = Token.asString(Fn.lookup({ secret: "?" }, "secret"));

test("a place says where it is, and whom its service must let in", () => {
  withLoadBalancer((loadBalancer) => {
    const target = loadBalancer.addRule({ priority: 10, pathPatterns: ["/v1/orders*"] });
    expect(target).toEqual({
      loadBalancerName: "orders",
      loadBalancerArnSuffix: loadBalancer.arnSuffix,
      listenerArn: loadBalancer.listenerArn,
      loadBalancerSecurityGroupId: loadBalancer.securityGroupId,
      priority: 10,
      pathPatterns: ["/v1/orders*"],
    });
  });
});

test("the default comes last and matches everything", () => {
  const target = withLoadBalancer((loadBalancer) => loadBalancer.addDefault());
  expect(target).toMatchObject({ priority: 50_000, pathPatterns: ["/*"] });
});

test.each([
  {
    name: "a priority given twice",
    use: (lb: LoadBalancer) => {
      lb.addRule({ priority: 10, pathPatterns: ["/v1/orders*"] });
      lb.addRule({ priority: 10, pathPatterns: ["/v1/products*"] });
    },
    message: "load balancer orders, rule 10: the priority is taken; give each rule its own",
  },
  {
    name: "two defaults",
    use: (lb: LoadBalancer) => {
      lb.addDefault();
      lb.addDefault();
    },
    message: "load balancer orders, rule 50000: the priority is taken; give each rule its own",
  },
  {
    name: "a priority out of range",
    use: (lb: LoadBalancer) => lb.addRule({ priority: 50_000, pathPatterns: ["/*"] }),
    message: "priority must be a whole number from 1 to 49999, got 50000",
  },
  {
    name: "a rule that matches nothing in particular",
    use: (lb: LoadBalancer) => lb.addRule({ priority: 10 }),
    message:
      "load balancer orders, rule 10: one of pathPatterns, hostHeaders and headers must be set, got none",
  },
])("refused: $name", ({ use, message }) => {
  expect(() => withLoadBalancer(use)).toThrow(new Error(message));
});

describe("behind a CDN", () => {
  const originHeaderName = "x-origin-verify";

  test("each rule demands the secret header", () => {
    const headers = { [originHeaderName]: [secret] };
    const target = withLoadBalancer((lb) => lb.addDefault(headers), { originHeaderName });
    expect(target).toMatchObject({ pathPatterns: ["/*"], headers });
  });

  test("a rule that does not demand it is refused", () => {
    expect(() => withLoadBalancer((lb) => lb.addDefault(), { originHeaderName })).toThrow(
      new Error(
        'load balancer orders, rule 50000: headers must hold "x-origin-verify", or the rule lets everybody past the CDN',
      ),
    );
  });

  test("control 26: a secret that is written out is refused, and not repeated", () => {
    const headers = { [originHeaderName]: ["hunter2"] };
    expect(() => withLoadBalancer((lb) => lb.addDefault(headers), { originHeaderName })).toThrow(
      new Error(
        'load balancer orders, rule 50000: headers["x-origin-verify"] must hold references to a secret, got text',
      ),
    );
  });
});

test("clients of an internal one have a security group, callers of a public one none", () => {
  let group = "";
  synth({}, internalConfig, (loadBalancer) => {
    group = loadBalancer.clientSecurityGroupId;
  });
  expect(Token.isUnresolved(group)).toBe(true);
  expect(() => withLoadBalancer((lb) => lb.clientSecurityGroupId)).toThrow(
    new Error("load balancer orders is not internal and has no clients' security group"),
  );
});
