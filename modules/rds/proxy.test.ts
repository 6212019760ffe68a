import type { Resource } from "../internal/synth-test";
import type { RdsConfig } from ".";
import { AURORA, config, reference, synth } from "./fixture";

const SECRET = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:app-abcdef";
const synthProxy = (changes: Partial<RdsConfig> = {}) => synth({ proxySecretArns: [SECRET], ...changes });

test("without secrets there is no proxy", () => {
  const { types } = synth();
  expect(types.filter((type) => type.startsWith("aws_db_proxy"))).toEqual([]);
});

test("takes TLS and IAM authentication alone, and logs no statement", () => {
  expect(synthProxy().one("aws_db_proxy")).toMatchObject({
    name: "acme-test-orders",
    engine_family: "POSTGRESQL",
    require_tls: true,
    debug_logging: false,
    auth: [{ auth_scheme: "SECRETS", iam_auth: "REQUIRED", secret_arn: SECRET }],
  });
});

test("control 33: is in the subnets of two zones", () => {
  expect(synthProxy().one("aws_db_proxy")["vpc_subnet_ids"]).toEqual(["subnet-a", "subnet-b"]);
});

test("shares a part of the database's connections", () => {
  expect(synthProxy().one("aws_db_proxy_default_target_group")["connection_pool_config"]).toEqual({
    max_connections_percent: 80,
    connection_borrow_timeout: 10,
  });
});

test.each([
  { kind: "an instance", changes: {}, target: { db_instance_identifier: "aws_db_instance.identifier" } },
  {
    kind: "a cluster",
    changes: AURORA,
    target: { db_cluster_identifier: "aws_rds_cluster_instance.cluster_identifier" },
  },
])("stands before $kind", ({ changes, target }) => {
  const [[field, attribute]] = Object.entries(target) as [[string, string]];
  const [type, name] = attribute.split(".") as [string, string];
  expect(synthProxy(changes).one("aws_db_proxy_target")[field]).toEqual(reference(type, name));
});

test("MariaDB speaks MySQL's protocol", () => {
  expect(synthProxy({ engine: "mariadb", engineVersion: "11.4" }).one("aws_db_proxy")["engine_family"]).toBe(
    "MYSQL",
  );
});

test("gives its address", () => {
  expect(synthProxy().given["proxy"]).toEqual(reference("aws_db_proxy", "endpoint"));
});

test("control 21: a client's grant connects by the proxy too, as the same user", () => {
  const { json, statements } = synthProxy();
  expect(statements[0]?.["Resource"]).toEqual([
    expect.stringMatching(/:dbuser:\$\{aws_db_instance\..+\.resource_id\}\/app$/),
    expect.stringMatching(/:dbuser:\$\{local\..*proxy_resource-id_[0-9A-F]+\}\/app$/),
  ]);
  expect(Object.values(json["locals"])).toEqual([
    expect.stringMatching(/^\$\{element\(split\(":", aws_db_proxy\.[\w-]+\.arn\), 6\)\}$/),
  ]);
});

describe("role", () => {
  const role = (id: string) =>
    JSON.parse(synthProxy().one(id, "proxy")[id === "aws_iam_role" ? "assume_role_policy" : "policy"])[
      "Statement"
    ];

  test("control 22: only RDS assumes it, for this account", () => {
    expect(role("aws_iam_role")).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "rds.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
      },
    ]);
  });

  test("control 21: reads the named secrets and no other", () => {
    expect(role("aws_iam_role_policy")).toEqual([
      {
        Sid: "ReadSecrets",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: [SECRET],
      },
      {
        Sid: "DecryptSecrets",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [config.kmsKeyArn],
        Condition: { StringEquals: { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" } },
      },
    ]);
  });
});

test("control 37: clients reach the proxy, and the proxy the database", () => {
  const from = ({ referenced_security_group_id, security_group_id }: Resource) =>
    [referenced_security_group_id, security_group_id].map(
      (id) => /_(server|clients|security-group)_[0-9A-F]+\.id/.exec(id)?.[1],
    );
  const result = synthProxy();
  const expected = [
    ["clients", "security-group"],
    ["security-group", "server"],
    ["clients", "server"],
  ];
  expect(result.all("aws_vpc_security_group_ingress_rule").map(from)).toEqual(expected);
  expect(result.all("aws_vpc_security_group_egress_rule").map((rule) => from(rule).reverse())).toEqual(
    expected,
  );
});
