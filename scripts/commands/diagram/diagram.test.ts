import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Graph, graphOf, type Stack } from "./graph";
import { toDot, toMermaid } from "./picture";
import { drawDocumented, run } from "./run";
import { toSvg } from "./svg";

const root = resolve(__dirname, "../../..");

/** Resources of a stack, each with a path. */
function stackOf(resource: Record<string, Record<string, object>>, systems = {}): Stack {
  const placed = Object.entries(resource).map(([type, blocks]) => [
    type,
    Object.fromEntries(
      Object.entries(blocks).map(([name, block]) => [
        name,
        { "//": { metadata: { path: `envs/test/${name}/x` } }, ...block },
      ]),
    ),
  ]);
  return { "//": { systems }, resource: Object.fromEntries(placed) };
}

function arrows(graph: Graph): string[] {
  return graph.edges.map(([from, to]) => `${from} -> ${to}`);
}

test.each([
  {
    name: "a setting that names another",
    resource: {
      aws_lambda_function: { f: { environment: { variables: { HOST: "${aws_dax_cluster.d.address}" } } } },
      aws_dax_cluster: { d: {} },
    },
    expected: ["aws_lambda_function.f -> aws_dax_cluster.d"],
  },
  {
    name: "no arrow to a version of an API that clients are only told of",
    resource: {
      aws_lambda_function: {
        f: {
          environment: {
            variables: { DEPRECATION_HEADERS: '{"Link":"<${aws_api_gateway_stage.s.invoke_url}>"}' },
          },
        },
      },
      aws_api_gateway_stage: { s: { rest_api_id: "${aws_api_gateway_rest_api.a.id}" } },
      aws_api_gateway_rest_api: { a: {} },
    },
    expected: [],
  },
  {
    name: "what a role may use",
    resource: {
      aws_lambda_function: { f: { role: "${aws_iam_role.r.arn}" } },
      aws_iam_role: { r: {} },
      aws_iam_role_policy: {
        p: { role: "${aws_iam_role.r.name}", policy: '{"Resource":"${aws_dynamodb_table.t.arn}"}' },
      },
      aws_dynamodb_table: { t: {} },
    },
    expected: ["aws_lambda_function.f -> aws_dynamodb_table.t"],
  },
  {
    name: "what the role of an ECS service's tasks may use, and what their settings name; not by the role that starts them",
    resource: {
      aws_ecs_service: { s: { task_definition: "${aws_ecs_task_definition.d.arn}" } },
      aws_ecs_task_definition: {
        d: {
          task_role_arn: "${aws_iam_role.task.arn}",
          execution_role_arn: "${aws_iam_role.execution.arn}",
          container_definitions: '[{"environment":[{"value":"${aws_db_instance.b.address}"}]}]',
        },
      },
      aws_iam_role_policy: {
        p: { role: "${aws_iam_role.task.name}", policy: "${aws_sqs_queue.q.arn}" },
        e: { role: "${aws_iam_role.execution.name}", policy: "${aws_s3_bucket.no.arn}" },
      },
      aws_iam_role: { task: {}, execution: {} },
      aws_db_instance: { b: {} },
      aws_sqs_queue: { q: {} },
      aws_s3_bucket: { no: {} },
    },
    expected: ["aws_ecs_service.s -> aws_db_instance.b", "aws_ecs_service.s -> aws_sqs_queue.q"],
  },
  {
    name: "a load balancer's rule, by the target group of a service",
    resource: {
      aws_lb: { l: {} },
      aws_lb_listener: {
        h: { load_balancer_arn: "${aws_lb.l.arn}", default_action: [{ type: "fixed-response" }] },
      },
      aws_lb_listener_rule: {
        r: {
          listener_arn: "${aws_lb_listener.h.arn}",
          action: [{ target_group_arn: "${aws_lb_target_group.g.arn}" }],
        },
      },
      aws_lb_target_group: { g: {} },
      aws_ecs_service: { s: { load_balancer: [{ target_group_arn: "${aws_lb_target_group.g.arn}" }] } },
    },
    expected: ["aws_lb.l -> aws_ecs_service.s"],
  },
  {
    name: "an API's integration, by the function's alias",
    resource: {
      aws_api_gateway_rest_api: { a: {} },
      aws_api_gateway_integration: {
        i: { rest_api_id: "${aws_api_gateway_rest_api.a.id}", uri: "${aws_lambda_alias.live.invoke_arn}" },
      },
      aws_lambda_alias: { live: { function_name: "${aws_lambda_function.f.function_name}" } },
      aws_lambda_function: { f: {} },
    },
    expected: ["aws_api_gateway_rest_api.a -> aws_lambda_function.f"],
  },
  {
    name: "what a bucket tells of new objects, be it a function or a queue",
    resource: {
      aws_s3_bucket: { b: {} },
      aws_s3_bucket_notification: {
        q: { bucket: "${aws_s3_bucket.b.id}", queue: [{ queue_arn: "${aws_sqs_queue.q.arn}" }] },
        f: {
          bucket: "${aws_s3_bucket.b.id}",
          lambda_function: [{ lambda_function_arn: "${aws_lambda_function.f.arn}" }],
        },
      },
      aws_sqs_queue: { q: {} },
      aws_lambda_function: { f: {} },
    },
    expected: ["aws_s3_bucket.b -> aws_lambda_function.f", "aws_s3_bucket.b -> aws_sqs_queue.q"],
  },
  {
    name: "a URL whose name a record leads from",
    resource: {
      aws_route53_record: { r: { name: "in.example.com", alias: { name: "${aws_lb.l.dns_name}" } } },
      aws_lb: { l: { internal: true } },
      aws_lambda_function: { f: { environment: { variables: { URL: "https://in.example.com/v1" } } } },
    },
    expected: ["aws_lambda_function.f -> aws_lb.l"],
  },
  {
    name: "a firewall, from it to what it stands before",
    resource: {
      aws_wafv2_web_acl: { w: {} },
      aws_cloudfront_distribution: {
        d: { web_acl_id: "${aws_wafv2_web_acl.w.arn}", origin: [{ domain_name: "old.example.com" }] },
      },
    },
    expected: [
      "aws_cloudfront_distribution.d -> origin old.example.com",
      "aws_wafv2_web_acl.w -> aws_cloudfront_distribution.d",
    ],
  },
  {
    name: "no arrow by the order of creation, logs and alarms",
    resource: {
      aws_lb: {
        l: { access_logs: { bucket: "${aws_s3_bucket.b.bucket}" }, depends_on: ["aws_s3_bucket.b"] },
      },
      aws_s3_bucket: { b: {} },
    },
    expected: [],
  },
])("an arrow is drawn for $name", ({ resource, expected }) => {
  expect(arrows(graphOf(stackOf(resource)))).toEqual(expected);
});

const TWO_SYSTEMS = stackOf(
  {
    aws_lambda_function: {
      own: { role: "", environment: { variables: { T: "${aws_dynamodb_table.shared.name}" } } },
      other: { environment: { variables: { T: "${aws_dynamodb_table.shared.name}" } } },
    },
    aws_dynamodb_table: { shared: {} },
    aws_s3_bucket: { logs: {} },
  },
  { todo: ["own"], microservices: ["other"] },
);

test("one system is drawn with what it uses of the others, and without what nobody uses", () => {
  const addresses = (system?: string) => graphOf(TWO_SYSTEMS, system).nodes.map(({ address }) => address);
  expect(addresses("todo")).toEqual(["aws_dynamodb_table.shared", "aws_lambda_function.own"]);
  expect(addresses()).toEqual([
    "aws_dynamodb_table.shared",
    "aws_lambda_function.other",
    "aws_lambda_function.own",
  ]);
});

const NAMED = stackOf({
  aws_route53_record: { r: { name: "api.example.com", alias: { name: "${aws_lb.front.dns_name}" } } },
  aws_lb: { front: { name: "acme-test-a<b>", subnets: ["${aws_subnet.s.id}"] } },
  aws_wafv2_web_acl: { w: { name: "acme-test-shield" } },
  aws_wafv2_web_acl_association: {
    x: { web_acl_arn: "${aws_wafv2_web_acl.w.arn}", resource_arn: "${aws_lb.front.arn}" },
  },
});

test("clients come by Route 53 and the firewall, what is in the VPC is drawn in it, and no name is markup", () => {
  const picture = { title: "envs/test", graph: graphOf(NAMED) };
  expect(toMermaid(picture).split("\n").slice(0, 14)).toEqual([
    "---",
    'title: "envs/test"',
    "---",
    "flowchart LR",
    '  clients["Clients"]:::people',
    '  names["Route 53"]:::entry',
    '  n1["WAF<br/>shield"]:::security',
    "  subgraph vpc [VPC]",
    '    n0["Load balancer<br/>a&lt;b&gt;"]:::entry',
    "  end",
    "  clients --> names",
    "  names --> n1",
    "  n1 --> n0",
    "  classDef entry fill:#eee3fb,stroke:#7a3fc4,color:#222222",
  ]);
  const dot = toDot(picture);
  expect(dot).toContain("  subgraph cluster_vpc {");
  expect(dot).toContain("a&lt;b&gt;");
});

test("the same stack gives the same SVG, with each name as text", async () => {
  const dot = toDot({ title: "envs/test", graph: graphOf(NAMED) });
  const svg = await toSvg(dot, "a & b");
  expect(await toSvg(dot, "a & b")).toBe(svg);
  expect(svg).toMatch(/^<svg role="img" [^>]*>\n<title>a &amp; b<\/title>\n/);
  for (const text of ["Route 53", "Load balancer", "shield", "a&lt;b&gt;", "VPC"])
    expect(svg).toContain(`>${text}<`);
});

describe("scripts/diagram", () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "diagram-"));
    file = join(folder, "cdk.tf.json");
    writeFileSync(file, JSON.stringify(TWO_SYSTEMS));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("writes the picture to a file, and says which", async () => {
    const out = join(folder, "new", "todo.mmd");
    expect(await run(root, "envs/test", { stack: file, system: "todo", format: "mermaid", out })).toBe(out);
    expect(readFileSync(out, "utf8")).toContain('title: "envs/test: todo"');
  });

  test("names the systems that there are, when it is asked for another", async () => {
    await expect(run(root, "envs/test", { stack: file, system: "shop", format: "svg" })).rejects.toThrow(
      'envs/test: has no system "shop"; it has: todo, microservices',
    );
  });

  test("refuses a file that is no stack", async () => {
    writeFileSync(join(folder, "other.json"), "{}");
    await expect(
      run(root, "envs/test", { stack: join(folder, "other.json"), format: "svg" }),
    ).rejects.toThrow("other.json: is no stack; give the path of a cdk.tf.json");
  });
});

test("the documents' pictures are of what envs/prod is now", async () => {
  expect(await drawDocumented(root, true)).toEqual([]);
}, 60_000);
