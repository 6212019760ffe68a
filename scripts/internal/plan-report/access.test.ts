import { readPlan, type SynthesisedStack, type TerraformPlan } from "../plan";
import { iamChanges } from "./iam";
import { networkChanges } from "./network";

const block = (path: string, attributes: object = {}) => ({
  "//": { metadata: { path: `envs/prod/${path}` } },
  ...attributes,
});

function planOf(
  type: string,
  before: object | null,
  after: object | null,
  unknown: object = {},
  stack: SynthesisedStack = {},
) {
  const actions = before === null ? ["create"] : after === null ? ["delete"] : ["update"];
  return readPlan(
    "envs/prod",
    {
      format_version: "1.2",
      resource_changes: [
        {
          address: `${type}.it`,
          mode: "managed",
          type,
          name: "it",
          change: { actions, before, after, after_unknown: unknown },
        },
      ],
      prior_state: {
        values: {
          root_module: {
            resources: [
              {
                address: "aws_security_group.db",
                mode: "managed",
                type: "aws_security_group",
                name: "db",
                values: { id: "sg-1" },
              },
              {
                address: "aws_dynamodb_table.t",
                mode: "managed",
                type: "aws_dynamodb_table",
                name: "t",
                values: { arn: "arn:t" },
              },
            ],
          },
        },
      },
    },
    {
      resource: {
        aws_security_group: { db: block("db/group") },
        aws_dynamodb_table: { t: block("table/table") },
        ...stack.resource,
      },
    },
  );
}

function iam(...parts: Parameters<typeof planOf>) {
  const plan = planOf(...parts);
  return iamChanges(plan.changes, plan.references).map(
    ({ kind, text, everybody }) => `${kind}${everybody ? " for everybody" : ""}: ${text}`,
  );
}

const document = (...statements: object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (Action: unknown, Resource: unknown = "arn:t", more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const held = (...statements: object[]) => ({ role: "api", policy: document(...statements) });

describe("who may do what", () => {
  test.each<[string, object | null, object | null, string[]]>([
    ["the same in another form", held(allow("a:Get")), held(allow(["a:Get"], ["arn:t"])), []],
    ["statements put together", held(allow("a:Get"), allow("a:Put")), held(allow(["a:Put", "a:Get"])), []],
    [
      "one action more",
      held(allow(["a:Get"])),
      held(allow(["a:Get", "a:Scan"])),
      ["widened: `api` may now `a:Scan` on `arn:t`"],
    ],
    [
      "one action less",
      held(allow(["a:Get", "a:Scan"])),
      held(allow(["a:Get"])),
      ["narrowed: `api` may no longer `a:Scan` on `arn:t`"],
    ],
    [
      "another resource",
      held(allow("a:Get", "arn:t")),
      held(allow("a:Get", "*")),
      ["widened: `api` may now `a:Get` on everything", "narrowed: `api` may no longer `a:Get` on `arn:t`"],
    ],
    ["every action", null, held(allow("*", "*")), ["widened: `api` may now do everything on everything"]],
    [
      "all but some",
      null,
      held({ Effect: "Allow", NotAction: ["iam:*"], Resource: "*" }),
      ["widened: `api` may now do everything but `iam:*` on everything"],
    ],
    [
      "a condition that is gone",
      held(allow("a:Get", "arn:t", { Condition: { StringEquals: { "aws:SourceAccount": "1" } } })),
      held(allow("a:Get")),
      [
        "widened: `api` may now `a:Get` on `arn:t`",
        "narrowed: `api` may no longer `a:Get` on `arn:t`, if `aws:SourceAccount` StringEquals `1`",
      ],
    ],
    [
      "a denial that comes",
      held(),
      held({ ...allow("a:Del"), Effect: "Deny" }),
      ["narrowed: `api` is now denied `a:Del` on `arn:t`"],
    ],
    [
      "a denial that goes",
      held({ ...allow("a:Del"), Effect: "Deny" }),
      held(),
      ["widened: `api` is no longer denied `a:Del` on `arn:t`"],
    ],
    [
      "a policy that is destroyed",
      held(allow("a:Get")),
      null,
      ["narrowed: `api` may no longer `a:Get` on `arn:t`"],
    ],
  ])("of a role: %s", (_, before, after, expected) => {
    expect(iam("aws_iam_role_policy", before, after)).toEqual(expected);
  });

  test.each<[string, string, object, string[]]>([
    [
      "a bucket that everybody reads",
      "aws_s3_bucket_policy",
      { policy: document(allow("s3:GetObject", "arn:b/*", { Principal: "*" })) },
      ["widened for everybody: everybody may now `s3:GetObject` on `arn:b/*`"],
    ],
    [
      "everybody of one account is not everybody",
      "aws_s3_bucket_policy",
      {
        policy: document(
          allow("s3:GetObject", "arn:b/*", {
            Principal: { AWS: "*" },
            Condition: { StringEquals: { "aws:PrincipalAccount": "1" } },
          }),
        ),
      },
      ["widened: everybody may now `s3:GetObject` on `arn:b/*`, if `aws:PrincipalAccount` StringEquals `1`"],
    ],
    [
      "who becomes a role",
      "aws_iam_role",
      {
        assume_role_policy: document({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "lambda.amazonaws.com" },
        }),
      },
      ["widened: `lambda.amazonaws.com` may now `sts:AssumeRole` on `aws_iam_role.it`"],
    ],
    [
      "who invokes a function",
      "aws_lambda_permission",
      {
        principal: "s3.amazonaws.com",
        action: "lambda:InvokeFunction",
        function_name: "guard",
        source_arn: "arn:b",
      },
      ["widened: `s3.amazonaws.com` may now `lambda:InvokeFunction` on `guard`, if it acts for `arn:b`"],
    ],
    [
      "an attached policy",
      "aws_iam_role_policy_attachment",
      { role: "api", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      ["widened: `api` may now do what `arn:aws:iam::aws:policy/AdministratorAccess` allows"],
    ],
  ])("%s", (_, type, after, expected) => {
    expect(iam(type, null, after)).toEqual(expected);
  });

  test("of a policy that is known only after apply, what the stack says", () => {
    const policy = document(
      allow("a:Get", "${aws_dynamodb_table.t.arn}"),
      allow("b:Get", "${aws_s3_bucket.new.arn}/*"),
    );
    const stack = {
      resource: {
        aws_iam_role_policy: { it: block("api/policy", { policy, role: "${aws_iam_role.new.name}" }) },
        aws_s3_bucket: { new: block("files/bucket") },
        aws_iam_role: { new: block("api/role") },
      },
    };
    expect(iam("aws_iam_role_policy", null, {}, { policy: true, role: true }, stack)).toEqual([
      "widened: `{api/role.name}` may now `a:Get` on `arn:t`",
      "widened: `{api/role.name}` may now `b:Get` on `{files/bucket.arn}/*`",
    ]);
  });

  test.each([
    { name: "under the same name, what it has had", table: "items", shown: "arn:items" },
    { name: "under another name, where its ARN comes from", table: "wares", shown: "{table.arn}" },
  ])("of a table that is replaced $name", ({ table, shown }) => {
    const resource = (type: string, values: Record<string, unknown>) => ({
      address: `${type}.t`,
      mode: "managed" as const,
      type,
      name: "t",
      values,
    });
    const state = (...resources: ReturnType<typeof resource>[]) => ({ root_module: { resources } });
    const plan: TerraformPlan = {
      format_version: "1.2",
      resource_changes: [
        {
          ...{ address: "aws_iam_role_policy.it", mode: "managed", type: "aws_iam_role_policy", name: "it" },
          change: {
            actions: ["create"],
            before: null,
            after: { role: "api" },
            after_unknown: { policy: true },
          },
        },
      ],
      prior_state: { values: state(resource("aws_dynamodb_table", { name: "items", arn: "arn:items" })) },
      planned_values: state(resource("aws_dynamodb_table", { name: table })),
    };
    const { changes, references } = readPlan("envs/prod", plan, {
      resource: {
        aws_dynamodb_table: { t: block("table") },
        aws_iam_role_policy: {
          it: block("api/policy", {
            policy: document(allow("a:Get", "${aws_dynamodb_table.t.arn}")),
            role: "api",
          }),
        },
      },
    });
    expect(iamChanges(changes, references).map(({ text }) => text)).toEqual([
      `\`api\` may now \`a:Get\` on \`${shown}\``,
    ]);
  });

  test("of a policy that nothing tells, that it is not known", () => {
    expect(iam("aws_iam_role_policy", null, { role: "api" }, { policy: true })).toEqual([
      "widened: `api` may now do what is known only when the plan is applied",
    ]);
  });
});

describe("what may reach what", () => {
  const network = (...parts: Parameters<typeof planOf>) => {
    const plan = planOf(...parts);
    return networkChanges(plan.changes, plan.references).map(
      ({ kind, text, everybody }) => `${kind}${everybody ? " for everybody" : ""}: ${text}`,
    );
  };
  const rule = { security_group_id: "sg-1", ip_protocol: "tcp", from_port: 443, to_port: 443 };
  const inline = { cidr_blocks: ["10.0.0.0/8"], protocol: "-1", from_port: 0, to_port: 0, self: true };

  test.each<[string, string, object | null, object | null, string[]]>([
    [
      "a rule for everybody",
      "aws_vpc_security_group_ingress_rule",
      null,
      { ...rule, cidr_ipv4: "0.0.0.0/0" },
      ["widened for everybody: `db/group` may now be reached from everywhere (`0.0.0.0/0`) on tcp 443"],
    ],
    [
      "a rule that ends",
      "aws_vpc_security_group_egress_rule",
      { ...rule, cidr_ipv6: "::/0" },
      null,
      ["narrowed: `db/group` may no longer reach everywhere (`::/0`) on tcp 443"],
    ],
    [
      "another port",
      "aws_vpc_security_group_ingress_rule",
      { ...rule, referenced_security_group_id: "sg-1" },
      { ...rule, to_port: 450, referenced_security_group_id: "sg-1" },
      [
        "widened: `db/group` may now be reached from `db/group` on tcp 443–450",
        "narrowed: `db/group` may no longer be reached from `db/group` on tcp 443",
      ],
    ],
    [
      "another description",
      "aws_vpc_security_group_ingress_rule",
      { ...rule, cidr_ipv4: "10.0.0.0/8" },
      { ...rule, cidr_ipv4: "10.0.0.0/8", description: "x" },
      [],
    ],
    [
      "rules within a group",
      "aws_security_group",
      { ingress: [] },
      { ingress: [inline] },
      [
        "widened: `aws_security_group.it` may now be reached from `10.0.0.0/8`, be reached from `aws_security_group.it` on every port and protocol",
      ],
    ],
    [
      "a rule of the older kind",
      "aws_security_group_rule",
      null,
      {
        type: "ingress",
        security_group_id: "sg-1",
        protocol: "udp",
        from_port: 0,
        to_port: 65535,
        cidr_blocks: ["10.0.0.0/8"],
      },
      ["widened: `db/group` may now be reached from `10.0.0.0/8` on every udp port"],
    ],
  ])("%s", (_, type, before, after, expected) => {
    expect(network(type, before, after)).toEqual(expected);
  });

  test("a group that is made by the same plan, by its path", () => {
    const stack = {
      resource: {
        aws_vpc_security_group_ingress_rule: {
          it: block("db/in", { security_group_id: "${aws_security_group.new.id}" }),
        },
        aws_security_group: { new: block("cache/group"), db: block("db/group") },
      },
    };
    const { security_group_id: _, ...known } = rule;
    expect(
      network(
        "aws_vpc_security_group_ingress_rule",
        null,
        { ...known, referenced_security_group_id: "sg-1" },
        { security_group_id: true },
        stack,
      ),
    ).toEqual(["widened: `cache/group` may now be reached from `db/group` on tcp 443"]);
  });
});
