import { Fn, Token } from "cdktf";
import { synthesise } from "../synth-test";
import { ListenerRule, type ListenerRuleConfig } from ".";

const config: ListenerRuleConfig = {
  name: "acme-test-orders",
  listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/internal/1/2",
  priority: 20,
  targetGroupArn: "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/orders/3",
  pathPatterns: ["/v1/orders*"],
};

const synth = (changes: Partial<ListenerRuleConfig> = {}) =>
  synthesise((stack) => new ListenerRule(stack, "orders", { ...config, ...changes })).one(
    "aws_lb_listener_rule",
  );

test("forwards to one target group at its priority", () => {
  expect(synth()).toMatchObject({
    listener_arn: config.listenerArn,
    priority: 20,
    action: [{ type: "forward", target_group_arn: config.targetGroupArn }],
    tags: { Name: "acme-test-orders" },
  });
});

test("matches path, host and headers, all of those that are given", () => {
  const rule = synth({ hostHeaders: ["orders.example.com"], headers: { "x-origin-verify": ["one", "two"] } });
  expect(rule["condition"]).toEqual([
    { path_pattern: { values: ["/v1/orders*"] } },
    { host_header: { values: ["orders.example.com"] } },
    { http_header: { http_header_name: "x-origin-verify", values: ["one", "two"] } },
  ]);
});

describe("refused", () => {
  test.each([
    {
      name: "an empty condition",
      changes: { pathPatterns: [] },
      message: "acme-test-orders: pathPatterns must hold 1 to 3 values, got 0",
    },
    {
      name: "more values of a condition than a load balancer takes",
      changes: { hostHeaders: ["a.org", "b.org", "c.org", "d.org"] },
      message: "acme-test-orders: hostHeaders must hold 1 to 3 values, got 4",
    },
    {
      name: "more values of a rule than a load balancer takes",
      changes: { hostHeaders: ["a.org", "b.org"], headers: { "x-origin-verify": ["1", "2", "3"] } },
      message: "acme-test-orders: all conditions together must hold at most 5 values, got 6",
    },
    {
      name: "a path without a slash",
      changes: { pathPatterns: ["v1/orders"] },
      message: 'acme-test-orders: pathPatterns must begin with a slash, got "v1/orders"',
    },
  ])("$name", ({ changes, message }) => {
    expect(() => synth(changes)).toThrow(new Error(message));
  });

  test("a rule that matches everything", () => {
    const { pathPatterns: _, ...nothing } = config;
    expect(() => synthesise((stack) => new ListenerRule(stack, "orders", nothing))).toThrow(
      new Error("acme-test-orders: one of pathPatterns, hostHeaders and headers must be set, got none"),
    );
  });
});

test("a path known only at deployment is not checked", () => {
  const path = Token.asString(Fn.lookup({ path: "v1" }, "path"));
  expect(synth({ pathPatterns: [path] })["condition"][0]["path_pattern"]["values"][0]).toMatch(/^\$\{.+\}$/);
});
