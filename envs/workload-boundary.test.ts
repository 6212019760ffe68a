import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import { environments } from ".";
import { loadEnvironments } from "./load";

/*
 * The bound of roles, which the bootstrap stack makes, lets every role of the environment do what its own policies say. Otherwise a
 * function would be denied what it needs only once it is deployed.
 */
const bounded = loadEnvironments(environments).filter(({ ci }) => ci !== undefined);

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

function resourcesOf(golden: string): Resources {
  return JSON.parse(readFileSync(join(__dirname, "testdata", `${golden}.json`), "utf8")).resource;
}

/** ARN of what a reference names, from the name that the resource has. */
const ARNS: Readonly<
  Record<string, (own: Readonly<Record<string, string>>, at: string, all: Resources) => string>
> = {
  aws_api_gateway_rest_api: (_own, at) => `arn:aws:execute-api:${at}:a1b2c3`,
  aws_autoscaling_group: ({ name }, at) =>
    `arn:aws:autoscaling:${at}:autoScalingGroup:1234:autoScalingGroupName/${name}`,
  aws_cloudwatch_event_bus: ({ name }, at) => `arn:aws:events:${at}:event-bus/${name}`,
  aws_cloudwatch_log_group: ({ name }, at) => `arn:aws:logs:${at}:log-group:${name}`,
  aws_dax_cluster: ({ cluster_name }, at) => `arn:aws:dax:${at}:cache/${cluster_name}`,
  aws_dynamodb_table: ({ name }, at) => `arn:aws:dynamodb:${at}:table/${name}`,
  aws_elasticache_replication_group: ({ replication_group_id }, at) =>
    `arn:aws:elasticache:${at}:replicationgroup:${replication_group_id}`,
  aws_kinesis_stream: ({ name }, at) => `arn:aws:kinesis:${at}:stream/${name}`,
  aws_kms_key: (_own, at) => `arn:aws:kms:${at}:key/1234`,
  aws_lambda_alias: ({ function_name, name }, at, all) => {
    const [, id = ""] = /aws_lambda_function\.([^.}]+)/.exec(function_name ?? "") ?? [];
    return `arn:aws:lambda:${at}:function:${all["aws_lambda_function"]?.[id]?.["function_name"]}:${name}`;
  },
  aws_s3_bucket: ({ bucket }) => `arn:aws:s3:::${bucket}`,
  aws_sfn_state_machine: ({ name }, at) => `arn:aws:states:${at}:stateMachine:${name}`,
  aws_sns_topic: ({ name }, at) => `arn:aws:sns:${at}:${name}`,
  aws_sqs_queue: ({ name }, at) => `arn:aws:sqs:${at}:${name}`,
};

/** The resource of a statement as AWS would see it. A policy variable stands for somebody. */
function resolved(resource: string, resources: Resources, at: string): string {
  return resource
    .replace(/\$\{local\.[^}]*secret-arn[^}]*\}/g, `arn:aws:secretsmanager:${at}:secret:Password1-1234`)
    .replace(
      /\$\{aws_[a-z0-9_]+\.[^}]+\.master_user_secret[^}]*\}/g,
      `arn:aws:secretsmanager:${at}:secret:rds!1234`,
    )
    .replace(/\$\{aws_[a-z0-9_]+\.[^.}]+\.(cluster_)?resource_id\}/g, "db-1234")
    .replace(/(?<!\$)\$\{(aws_[a-z0-9_]+)\.([^.}]+)\.[a-z_]+\}/g, (reference, type, id) => {
      const own = resources[type]?.[id];
      const arn = ARNS[type];
      if (!own || !arn)
        throw new Error(`${reference}: envs/workload-boundary.test.ts knows no ARN of ${type}`);
      return arn(own, at, resources);
    })
    .replaceAll("$${", "{");
}

test("there are environments whose roles are bounded", () => {
  expect(bounded.map(({ name }) => name)).toEqual(expect.arrayContaining(["dev", "prod", "staging"]));
});

describe.each(bounded)("envs/$name", ({ project, name, account }) => {
  const resources = resourcesOf(`envs-${name}`);
  const boundary = `arn:aws:iam::${account.id}:policy/ci/${project}-${name}-workload-boundary`;
  const [, policy] = Object.entries(resourcesOf(`bootstrap-${name}`)["aws_iam_policy"] ?? {}).find(([id]) =>
    id.includes("workload-boundary"),
  ) as [string, Record<string, string>];

  test("control 21: every role is bounded", () => {
    const roles = Object.values(resources["aws_iam_role"] ?? {});
    expect(roles.length).toBeGreaterThan(10);
    for (const role of roles) expect(role["permissions_boundary"]).toBe(boundary);
    expect(`${policy["path"]}${policy["name"]}`).toBe(boundary.split(":policy")[1]);
  });

  test("every role can do within the bound what it may do", () => {
    const at = `${account.region}:${account.id}`;
    const document: unknown = JSON.parse(policy["policy"] as string);
    const denied = Object.values(resources["aws_iam_role_policy"] ?? {}).flatMap(({ policy: own = "" }) =>
      (
        JSON.parse(own)["Statement"] as {
          Sid: string;
          Effect: string;
          Action: string[];
          Resource: string[];
        }[]
      )
        .filter(({ Effect }) => Effect === "Allow")
        .flatMap(({ Sid, Action, Resource }) =>
          Action.flatMap((action) => Resource.map((resource) => ({ Sid, action, resource }))),
        )
        .filter(({ action, resource }) => !allowed(document, action, resolved(resource, resources, at)))
        .map(({ Sid, action, resource }) => `${Sid}: ${action} on ${resource}`),
    );
    // Add it to modules/ci-access/workload-boundary.ts, and run scripts/bootstrap before the deployment that needs it.
    expect(denied).toEqual([]);
  });

  function allowed(document: unknown, action: string, resource: string): boolean {
    // To the simulator a star of a request is a pattern; any name stands for it.
    const asked = resource === "*" ? "*" : resource.replaceAll("*", "x");
    const simulation = {
      request: {
        principal: `arn:aws:sts::${account.id}:assumed-role/role/session`,
        // KMS would ask for a key's policy as well, which is not what is looked at here.
        action: action.replace(/^kms:/, "notkms:"),
        resource: { resource: asked.replace("arn:aws:kms:", "arn:aws:notkms:"), accountId: account.id },
        contextVariables: { "aws:ResourceTag/project": project, "aws:ResourceTag/environment": name },
      },
      identityPolicies: [
        {
          name: "boundary",
          policy: JSON.parse(
            JSON.stringify(document)
              .replaceAll('"kms:', '"notkms:')
              .replaceAll("arn:aws:kms:", "arn:aws:notkms:"),
          ),
        },
      ],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    };
    return runUnsafeSimulation(simulation, {}) === "Allowed";
  }
});
