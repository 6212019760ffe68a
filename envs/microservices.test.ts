import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { events as projectedEvents } from "../functions/order-history/function.json";
import { specs, synthesise } from "./fixture";

// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into JSON whose shape they assert.
type Json = Record<string, any>;

const folder = mkdtempSync(join(tmpdir(), "synth-microservices-"));
synthesise(
  folder,
  specs.filter(({ name }) => name === "prod"),
);
const json: Json = JSON.parse(readFileSync(join(folder, "envs/prod/cdk.tf.json"), "utf8"));
rmSync(folder, { recursive: true });

const all = (type: string): [id: string, resource: Json][] => Object.entries(json["resource"][type] ?? {});

function one(type: string, idPart: string): Json {
  const found = all(type).filter(([id]) => id.startsWith(idPart));
  expect(found.map(([id]) => id)).toHaveLength(1);
  return (found[0] as [string, Json])[1];
}

/** Statements of a role, by what its id begins with. */
const rolePolicy = (idPart: string): Json[] =>
  JSON.parse(one("aws_iam_role_policy", idPart)["policy"])["Statement"];

/** Statements of a service's task role. */
const taskStatements = (service: string): Json[] => rolePolicy(`${service}_roles_task`);

/** Containers of a service's task, by name. */
const containers = (service: string): Record<string, Json> =>
  Object.fromEntries(
    JSON.parse(one("aws_ecs_task_definition", `${service}_task`)["container_definitions"]).map((it: Json) => [
      it["name"],
      it,
    ]),
  );

describe("the ways in", () => {
  test.each(["catalog", "orders", "storefront"])("users reach %s by a name of its own", (service) => {
    expect(one("aws_lb", `microservices-${service}-load-balancer`)["internal"]).toBe(false);
    const names = all("aws_route53_record").map(([, { name, type }]) => `${type} ${name}`);
    expect(names).toContain(`A ${service}.shop.example.com`);
    expect(json["output"][`${service}_url`]["value"]).toBe(`https://${service}.shop.example.com`);
  });

  test.each(["catalog", "orders", "storefront"])(
    "they reach the API of %s, and not its health",
    (service) => {
      const rules = all("aws_lb_listener_rule").filter(([, { listener_arn }]) =>
        listener_arn.includes(`microservices-${service}-load-balancer`),
      );
      expect(rules.map(([, { condition }]) => condition)).toEqual([
        [{ path_pattern: { values: ["/v1/*"] } }],
      ]);
    },
  );

  test("the sessions have a name beside the services', and no other address", () => {
    expect(one("aws_api_gateway_domain_name", "sessions-domain")).toMatchObject({
      domain_name: "sessions.shop.example.com",
      regional_certificate_arn: expect.stringMatching(/^arn:aws:acm:eu-west-1:/),
      security_policy: "TLS_1_2",
    });
    expect(one("aws_api_gateway_rest_api", "session-api")["disable_execute_api_endpoint"]).toBe(true);
    expect(json["output"]["sessions_api_url"]["value"]).toMatch(/^https:\/\/\$\{.+\}\/v1$/);
  });

  test("services reach each other by a load balancer that the internet does not know", () => {
    expect(one("aws_lb", "microservices-internal-load-balancer")["internal"]).toBe(true);
    const zone = one("aws_route53_zone", "microservices-zone");
    expect(zone).toMatchObject({
      name: "internal.shop.example.com",
      vpc: [{ vpc_id: expect.stringMatching(/aws_vpc/) }],
    });
    const environment: Json[] = containers("storefront")["storefront"]?.["environment"];
    for (const name of ["CATALOG_URL", "ORDERS_URL"]) {
      expect(environment).toContainEqual({ name, value: "https://internal.shop.example.com" });
    }
  });

  test("there each service has its paths", () => {
    const internal = all("aws_lb_listener_rule").filter(([, { listener_arn }]) =>
      listener_arn.includes("microservices-internal-load-balancer"),
    );
    expect(
      internal.map(([, { priority, condition }]) => [priority, condition[0].path_pattern.values]),
    ).toEqual([
      [10, ["/v1/products", "/v1/products/*"]],
      [20, ["/v1/orders", "/v1/orders/*"]],
    ]);
  });

  test("control 37: the internet reaches load balancers on 443 and 80 alone, and no task", () => {
    const open = all("aws_vpc_security_group_ingress_rule").filter(
      ([, { cidr_ipv4, cidr_ipv6 }]) => cidr_ipv4 === "0.0.0.0/0" || cidr_ipv6 === "::/0",
    );
    expect(open.length).toBeGreaterThan(0);
    for (const [id, rule] of open) {
      expect(id).toMatch(/^microservices-(catalog|orders|storefront)-load-balancer_/);
      expect([80, 443]).toContain(rule["from_port"]);
      expect(rule["to_port"]).toBe(rule["from_port"]);
    }
  });

  test("control 14: a firewall stands before all of them, and before the sessions", () => {
    const guarded = all("aws_wafv2_web_acl_association").map(([id]) => id);
    for (const place of ["catalog", "orders", "storefront"]) {
      expect(guarded.some((id) => id.startsWith(`microservices-${place}-load-balancer`))).toBe(true);
    }
    expect(guarded.some((id) => id.startsWith("session-api"))).toBe(true);
  });

  test("control 14: the firewall limits no address that many users come by", () => {
    const { addresses } = one("aws_wafv2_ip_set", "microservices-firewall");
    const nat = expect.stringMatching(/^\$\{aws_eip\.network_internet_address-\d_\w+\.public_ip\}\/32$/);
    expect(addresses).toEqual(["10.30.0.0/16", nat, nat, nat]);
  });

  test("another account's VPC reaches the catalog by PrivateLink, under its name, once it is accepted", () => {
    expect(one("aws_vpc_endpoint_service", "catalog-private-link")).toMatchObject({
      acceptance_required: true,
      allowed_principals: ["arn:aws:iam::222233334444:root"],
      private_dns_name: "catalog.shop.example.com",
    });
  });

  test("control 37: it reaches no other service", () => {
    const target = one("aws_lb_target_group_attachment", "catalog-private-link");
    expect(target["target_id"]).toContain("aws_lb_listener.microservices-catalog-load-balancer_");
    const ways = all("aws_vpc_security_group_ingress_rule").filter(([, { referenced_security_group_id }]) =>
      String(referenced_security_group_id).includes("catalog-private-link"),
    );
    expect(ways.map(([, { security_group_id }]) => security_group_id)).toEqual([
      expect.stringContaining("microservices-catalog-load-balancer"),
    ]);
  });
});

describe("what each service may do", () => {
  test("control 21: the storefront asks for checks of sessions and reads the view of orders, and nothing else of AWS", () => {
    expect(taskStatements("storefront")).toEqual([
      expect.objectContaining({
        Action: ["execute-api:Invoke"],
        Resource: [expect.stringMatching(/\/POST\/session-checks$/)],
      }),
      expect.objectContaining({
        Action: ["dynamodb:GetItem", "dynamodb:Query"],
        Resource: [expect.stringContaining("aws_dynamodb_table.order-history_")],
      }),
      expect.objectContaining({ Action: ["kms:Decrypt"], Sid: "OpenOrderHistory" }),
    ]);
  });

  test("control 21: the relay publishes to one stream and one bus, and is told of failures by one queue", () => {
    const statements = taskStatements("order-relay").filter(({ Action }) => !Action[0].startsWith("kms:"));
    expect(statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [["rds-db:connect"], [expect.stringMatching(/:dbuser:.+\/orders_app$/)]],
      [expect.arrayContaining(["kinesis:PutRecords"]), [expect.stringContaining("order-events_stream")]],
      [["events:PutEvents"], [expect.stringContaining("shop-bus_")]],
      [
        expect.arrayContaining(["sqs:DeleteMessage", "sqs:ReceiveMessage"]),
        [expect.stringContaining("order-cancellations-queue_")],
      ],
    ]);
  });

  test("control 21: the relay and the workflows put events of their own source and types on the bus, and nobody else puts any", () => {
    const puts = all("aws_iam_role_policy").flatMap(([id, { policy }]) =>
      (JSON.parse(policy)["Statement"] as Json[])
        .filter(({ Action }) => Action.includes("events:PutEvents"))
        .map(({ Condition: { StringEquals: own } }) => ({
          role: id.replace(/_.*$/, ""),
          own: [own["events:source"], own["events:detail-type"]].flat(),
        })),
    );
    const [SHIPPED, FAILED] = ["shop.fulfilment.shipped.v1", "shop.fulfilment.failed.v1"];
    expect(puts.sort((a, b) => a.role.localeCompare(b.role))).toEqual([
      { role: "fulfilment-cancellation-workflow", own: ["shop.fulfilment", FAILED] },
      { role: "fulfilment-workflow", own: ["shop.fulfilment", SHIPPED, FAILED] },
      { role: "order-relay", own: ["shop.orders", "shop.order.placed.v1", "shop.order.cancelled.v1"] },
    ]);
  });

  test("control 21: the workflows alone have orders shipped and refunded; the clock, and whoever is given that, may ask for approvals", () => {
    const allowed = [
      ...all("aws_iam_role_policy"),
      ...all("aws_iam_policy"),
      ...all("aws_iam_user_policy"),
      ...all("aws_iam_group_policy"),
    ].flatMap(([id, { policy }]) =>
      (JSON.parse(policy)["Statement"] as Json[])
        .filter(
          ({ Effect, Action }) => Effect === "Allow" && [Action].flat().includes("lambda:InvokeFunction"),
        )
        .flatMap(({ Resource }) => [Resource].flat().map((resource: string) => ({ id, resource }))),
    );
    const invokersOf = (alias: string) =>
      allowed
        .filter(({ resource }) => resource.includes(`.${alias}_`))
        .map(({ id }) => id.replace(/_role_.*$/, ""))
        .sort();
    expect(invokersOf("fulfilment_function_live")).toEqual([
      "fulfilment-cancellation-workflow",
      "fulfilment-workflow",
    ]);
    expect(invokersOf("fulfilment_approvals_live")).toEqual(["fulfilment-approvals-schedule"]);
    // What a function's own policy allows comes on top of what roles may.
    const permissions = all("aws_lambda_permission").map(([, { function_name }]) => function_name as string);
    expect(permissions.filter((name) => name.includes("fulfilment"))).toEqual([]);
    expect(json["output"]["fulfilment_approvals_function_arn"]["value"]).toMatch(
      /^\$\{aws_lambda_alias\.fulfilment_approvals_live_\w+\.arn\}$/,
    );
  });

  test("control 21: the projector changes rows of the view, and reads no order of its database", () => {
    const statements = rolePolicy("order-history-consumer_function_role");
    const actions = statements.flatMap(({ Action }) => Action as string[]);
    expect(actions.filter((action) => action.startsWith("dynamodb:")).sort()).toEqual([
      "dynamodb:GetItem",
      "dynamodb:UpdateItem",
    ]);
    expect(actions.filter((action) => action.startsWith("rds"))).toEqual([]);
  });

  test("a replay of any size raises no alarm of the rebuild's queue, and brings it what the history is made of alone", () => {
    const threshold = (id: string) => one("aws_cloudwatch_metric_alarm", id)["threshold"];
    expect(threshold("order-history-rebuild-queue_age-alarm")).toBe(21_600);
    expect(threshold("order-history-rebuild-queue_depth-alarm")).toBe(1_000_000);
    expect(threshold("order-history-fulfilment-queue_age-alarm")).toBe(780);
    const { event_pattern } = one("aws_cloudwatch_event_rule", "shop-bus_order-history-rebuild");
    const projected = projectedEvents.map((name) => `shop.${name.replace("-", ".").replace("/", ".")}`);
    expect(JSON.parse(event_pattern)).toEqual({
      "replay-name": [{ exists: true }],
      "detail-type": projected,
    });
  });

  test("control 21: orders connects as the application's role, not as the administrator", () => {
    expect(taskStatements("orders")).toEqual([
      expect.objectContaining({
        Action: ["rds-db:connect"],
        Resource: [expect.stringMatching(/:dbuser:.+\/orders_app$/)],
      }),
    ]);
  });

  test("control 26: the administrator's password reaches the migration alone", () => {
    const { orders, ...others } = containers("orders");
    expect(orders?.["secrets"] ?? []).toEqual([]);
    const migration = Object.values(others).find(({ command }) => command?.includes("migrate"));
    expect(migration?.["secrets"]).toEqual([
      { name: "DATABASE_PASSWORD", valueFrom: expect.stringMatching(/:password::$/) },
    ]);
  });

  test.each(["catalog", "orders", "storefront"])(
    "control 26: %s has no secret in its environment",
    (service) => {
      for (const { environment } of Object.values(containers(service))) {
        for (const { name } of environment) expect(name).not.toMatch(/PASSWORD|TOKEN|SECRET$/);
      }
    },
  );

  test("control 33: tasks, database and caches are in three zones", () => {
    const zones = (subnets: string[]) => new Set(subnets).size;
    for (const [, { network_configuration }] of all("aws_ecs_service")) {
      expect(zones(network_configuration.subnets)).toBe(3);
    }
    for (const type of ["aws_db_subnet_group", "aws_elasticache_subnet_group"]) {
      for (const [, { subnet_ids }] of all(type)) expect(zones(subnet_ids)).toBe(3);
    }
  });

  test("control 41: at least two tasks of each, and no more than it may cost", () => {
    const targets = all("aws_appautoscaling_target").filter(([, it]) => it["service_namespace"] === "ecs");
    expect(targets).toHaveLength(3);
    for (const [, { min_capacity, max_capacity }] of targets) {
      expect(min_capacity).toBeGreaterThanOrEqual(2);
      expect(max_capacity).toBe(12);
    }
  });
});
