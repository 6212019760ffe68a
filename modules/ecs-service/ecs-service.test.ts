import type { Resource } from "../internal/synth-test";
import { config, ec2, publicTarget, synth, target } from "./fixture";

const service = (...args: Parameters<typeof synth>) => synth(...args).one("aws_ecs_service");

describe("service", () => {
  test("runs its task in its cluster", () => {
    expect(service()).toMatchObject({
      name: "acme-test-orders",
      cluster: config.clusterArn,
      task_definition: expect.stringMatching(/^\$\{aws_ecs_task_definition\..+\.arn\}$/),
      desired_count: 2,
    });
  });

  test("one artifact can be deployed twice", () => {
    const result = synth({ name: "orders-v2" });
    expect(result.one("aws_ecs_service")["name"]).toBe("acme-test-orders-v2");
    expect(result.one("aws_ecs_task_definition")["family"]).toBe("acme-test-orders-v2");
    expect(result.one("aws_cloudwatch_log_group")["name"]).toBe("/ecs/acme-test-orders-v2");
  });

  test("control 34: a deployment that fails goes back, and at no time fewer tasks run than should", () => {
    expect(service()).toMatchObject({
      deployment_circuit_breaker: { enable: true, rollback: true },
      deployment_minimum_healthy_percent: 100,
      deployment_maximum_percent: 200,
    });
  });

  test("control 34: so does one that fails requests or slows them", () => {
    const alarm = (id: string) =>
      expect.stringMatching(new RegExp(`^\\$\\{aws_cloudwatch_metric_alarm\\.orders_${id}.+name\\}$`));
    expect(service()["alarms"]).toEqual({
      enable: true,
      rollback: true,
      alarm_names: [alarm("errors-internal-alarm"), alarm("latency-internal-alarm")],
    });
  });

  test("control 34: the revision to go back to is there until the service runs the new one", () => {
    expect(synth().one("aws_ecs_task_definition")["lifecycle"]).toEqual({ create_before_destroy: true });
  });

  test("a service that is not called is judged by its tasks alone", () => {
    const result = synth({ targets: [] });
    const worker = result.one("aws_ecs_service");
    expect(worker["load_balancer"]).toEqual([]);
    for (const field of ["alarms", "health_check_grace_period_seconds"]) {
      expect(worker).not.toHaveProperty(field);
    }
    expect(worker["deployment_circuit_breaker"]).toEqual({ enable: true, rollback: true });
    const [container] = JSON.parse(result.one("aws_ecs_task_definition")["container_definitions"]);
    expect(container).toMatchObject({ essential: true, healthCheck: { retries: 3 } });
    expect(result.types).not.toContain("aws_lb_target_group");
    expect(result.types).not.toContain("aws_lb_listener_rule");
    const alarms = result.all("aws_cloudwatch_metric_alarm").map(({ alarm_name }) => alarm_name);
    expect(alarms).toEqual(["acme-test-orders-cpu", "acme-test-orders-memory", "acme-test-orders-tasks"]);
  });

  test("control 37: nobody reaches a service that is not called", () => {
    expect(synth({ targets: [] }).types).not.toContain("aws_vpc_security_group_ingress_rule");
  });

  test("control 33: tasks are in two zones at least, and moved when these become uneven", () => {
    expect(service()).toMatchObject({
      network_configuration: { subnets: ["subnet-a", "subnet-b"], assign_public_ip: false },
      availability_zone_rebalancing: "ENABLED",
    });
    expect(() => synth({ subnetIds: ["subnet-a"] })).toThrow(
      new Error("subnetIds must hold subnets of at least 2 zones, got 1"),
    );
  });

  test("other capacity does not replace it", () => {
    expect(service()["force_new_deployment"]).toBe(true);
  });

  test("tags reach its tasks", () => {
    expect(service()).toMatchObject({ enable_ecs_managed_tags: true, propagate_tags: "SERVICE" });
  });

  test("sessions are opened only where configured", () => {
    expect(service()["enable_execute_command"]).toBe(false);
    const sessions = {
      executeCommandLogGroupArn: "arn:aws:logs:1",
      executeCommandKmsKeyArn: "arn:aws:kms:1",
    };
    expect(service(sessions)["enable_execute_command"]).toBe(true);
  });

  test("begins once it has its rights, and requests have a way to it", () => {
    expect(service()["depends_on"]).toEqual([
      expect.stringMatching(/^aws_lb_listener_rule\./),
      expect.stringMatching(/^aws_iam_role_policy\.orders_roles_task_/),
      expect.stringMatching(/^aws_iam_role_policy\.orders_roles_execution_/),
    ]);
  });

  test.each([
    { name: "a task", changes: {}, seconds: 60 },
    { name: "a task with a migration", changes: { migration: { timeoutSeconds: 90 } }, seconds: 150 },
    { name: "a task", changes: { healthCheckGraceSeconds: 10 }, seconds: 10 },
  ])("$name has $seconds seconds to become healthy", ({ changes, seconds }) => {
    expect(service(changes)["health_check_grace_period_seconds"]).toBe(seconds);
  });

  test("what an emulator does not report is left alone where configured", () => {
    expect(service({ ignoreChanges: ["availability_zone_rebalancing"] })["lifecycle"]).toEqual({
      ignore_changes: ["availability_zone_rebalancing"],
    });
  });
});

describe("placement", () => {
  test("Fargate finds the host", () => {
    expect(service()).toMatchObject({
      capacity_provider_strategy: [{ capacity_provider: "FARGATE", base: 0, weight: 1 }],
      platform_version: "LATEST",
    });
    expect(service()).not.toHaveProperty("ordered_placement_strategy");
  });

  test("spot has its share of the tasks above the minimum", () => {
    expect(service({ spotPercent: 70 })["capacity_provider_strategy"]).toEqual([
      { capacity_provider: "FARGATE", base: 2, weight: 30 },
      { capacity_provider: "FARGATE_SPOT", base: 0, weight: 70 },
    ]);
  });

  test("instances are even over the zones, and filled one after the other", () => {
    expect(service(ec2)).toMatchObject({
      capacity_provider_strategy: [{ capacity_provider: "acme-test-services-ec2", base: 0, weight: 1 }],
      ordered_placement_strategy: [
        { type: "spread", field: "attribute:ecs.availability-zone" },
        { type: "binpack", field: "memory" },
      ],
    });
    expect(service(ec2)).not.toHaveProperty("platform_version");
  });
});

test("control 27: its log has a retention and is encrypted", () => {
  expect(synth().one("aws_cloudwatch_log_group")).toMatchObject({
    name: "/ecs/acme-test-orders",
    retention_in_days: 90,
    kms_key_id: config.logKmsKeyArn,
  });
});

describe("network", () => {
  const TASKS = expect.stringMatching(/^\$\{aws_security_group\.orders_security-group_tasks_/);
  const rule = ({ description: _, ...rest }: Resource) => rest;
  const port = { ip_protocol: "tcp", from_port: 8080, to_port: 8080 };
  const https = { ip_protocol: "tcp", from_port: 443, to_port: 443, security_group_id: TASKS };

  test("control 37: its load balancers reach its port, nobody else", () => {
    const result = synth({ targets: [target, publicTarget] });
    const lets = (group: string) => ({
      ...port,
      security_group_id: TASKS,
      referenced_security_group_id: group,
    });
    expect(result.all("aws_vpc_security_group_ingress_rule").map(rule)).toEqual([
      lets("sg-internal"),
      lets("sg-public"),
    ]);
  });

  test("control 37: it reaches HTTPS where configured, and its load balancer it", () => {
    const result = synth({ httpsPrefixListIds: ["pl-dynamodb"] });
    expect(result.all("aws_vpc_security_group_egress_rule").map(rule)).toEqual([
      { ...https, cidr_ipv4: "10.0.0.0/16" },
      { ...https, prefix_list_id: "pl-dynamodb" },
      { ...port, security_group_id: "sg-internal", referenced_security_group_id: TASKS },
    ]);
  });

  test("is a client of what it calls", () => {
    const groups = service({ clientSecurityGroupIds: ["sg-database-clients"] })["network_configuration"];
    expect(groups["security_groups"]).toEqual([TASKS, "sg-database-clients"]);
  });

  test("is let through to another group, and another group to it, where asked", () => {
    const result = synth({ targets: [], httpsCidrs: [] }, (orders) => {
      orders.allowTo("queue", "sg-queue", 5671, "Broker");
      orders.allowFrom("storefront", "sg-storefront", "Storefront");
    });
    expect(result.all("aws_vpc_security_group_ingress_rule")).toEqual(
      expect.arrayContaining([
        {
          ...port,
          security_group_id: TASKS,
          referenced_security_group_id: "sg-storefront",
          description: "Storefront",
        },
        {
          ip_protocol: "tcp",
          from_port: 5671,
          to_port: 5671,
          security_group_id: "sg-queue",
          referenced_security_group_id: TASKS,
          description: "orders to Broker",
        },
      ]),
    );
    expect(result.all("aws_vpc_security_group_egress_rule")).toHaveLength(2);
  });
});

describe("discovery", () => {
  test("tasks are found by DNS in a namespace", () => {
    const result = synth({ discoveryNamespaceId: "ns-1" });
    expect(result.one("aws_service_discovery_service")).toMatchObject({
      name: "orders",
      dns_config: {
        namespace_id: "ns-1",
        routing_policy: "MULTIVALUE",
        dns_records: [{ type: "A", ttl: 10 }],
      },
    });
    expect(result.one("aws_ecs_service")["service_registries"]).toEqual({
      registry_arn: expect.stringMatching(/^\$\{aws_service_discovery_service\..+\.arn\}$/),
    });
  });

  test("is reached by Service Connect under its name", () => {
    const { service_connect_configuration: connect } = service({ serviceConnectNamespaceArn: "arn:aws:1" });
    expect(connect).toMatchObject({
      enabled: true,
      namespace: "arn:aws:1",
      service: [
        { port_name: "http", discovery_name: "orders", client_alias: { dns_name: "orders", port: 8080 } },
      ],
      log_configuration: { log_driver: "awslogs", options: { mode: "non-blocking" } },
    });
  });

  test("neither without being configured", () => {
    expect(synth().types).not.toContain("aws_service_discovery_service");
    expect(service()).not.toHaveProperty("service_connect_configuration");
  });
});
