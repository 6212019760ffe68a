import { config, publicTarget, synth, target } from "./fixture";

const group = (...args: Parameters<typeof synth>) => synth(...args).one("aws_lb_target_group");

test("tasks are targets by their addresses, on the manifest's port", () => {
  expect(group()).toMatchObject({
    name: "acme-test-orders-internal-8080",
    vpc_id: "vpc-1",
    target_type: "ip",
    port: 8080,
    protocol: "HTTP",
  });
});

test("a task gets requests while it is ready", () => {
  expect(group()["health_check"]).toEqual({
    path: "/health/ready",
    matcher: "200",
    interval: 10,
    timeout: 5,
    healthy_threshold: 2,
    unhealthy_threshold: 3,
  });
  expect(group({ healthCheckPath: "/ready" })["health_check"]["path"]).toBe("/ready");
});

test("requests under way are answered, and new tasks warm up, as configured", () => {
  expect(group()).toMatchObject({ deregistration_delay: "30", slow_start: 0 });
  expect(group({ deregistrationDelaySeconds: 60, slowStartSeconds: 90 })).toMatchObject({
    deregistration_delay: "60",
    slow_start: 90,
  });
});

test("nobody sticks to a task", () => {
  expect(group()["stickiness"]).toEqual({ enabled: false, type: "lb_cookie" });
});

test("another port or protocol is another group, made before the old one goes", () => {
  const artifact = { ...config.artifact, port: 9090 };
  expect(group({ artifact })["name"]).toBe("acme-test-orders-internal-9090");
  expect(group({ protocolVersion: "GRPC" })).toMatchObject({
    // Cut to the 32 characters that a target group may have.
    name: expect.stringMatching(/^acme-test-orders-intern-[0-9a-f]{8}$/),
    protocol_version: "GRPC",
  });
  expect(group()["lifecycle"]).toEqual({ create_before_destroy: true });
});

test("each place on a load balancer is filled by a rule", () => {
  expect(synth().one("aws_lb_listener_rule")).toMatchObject({
    listener_arn: target.listenerArn,
    priority: 20,
    condition: [{ path_pattern: { values: ["/v1/orders*"] } }],
    action: [
      {
        type: "forward",
        target_group_arn: expect.stringMatching(/^\$\{aws_lb_target_group\..+\.arn\}$/),
      },
    ],
  });
});

test("load balancers have a group each, places on one of them share it", () => {
  const byHost = { ...target, priority: 21, hostHeaders: ["orders.example.com"] };
  const result = synth({ targets: [target, byHost, publicTarget] });
  expect(result.all("aws_lb_target_group").map(({ name }) => name)).toEqual([
    "acme-test-orders-internal-8080",
    "acme-test-orders-public-8080",
  ]);
  expect(result.all("aws_lb_listener_rule").map(({ priority }) => priority)).toEqual([20, 21, 50_000]);
  expect(result.one("aws_ecs_service")["load_balancer"]).toEqual(
    ["internal", "public"].map((name) => ({
      target_group_arn: expect.stringMatching(
        new RegExp(`^\\$\\{aws_lb_target_group\\.orders_targets_${name}_`),
      ),
      container_name: "orders",
      container_port: 8080,
    })),
  );
});
