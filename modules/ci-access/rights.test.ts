import { runSimulation, runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import { policiesOf, synthesiseAccess } from "./fixture";

/*
 * What both roles may do, and who may take them, decided by an IAM simulator from the policies as they are deployed.
 */
const ACCOUNT = "111111111111";
const ROLE = `arn:aws:iam::${ACCOUNT}:role`;
const access = synthesiseAccess();
const POLICIES = { plan: policiesOf(access, "plan"), apply: policiesOf(access, "apply") };

const OURS = { "aws:ResourceTag/project": "acme", "aws:ResourceTag/environment": "test" };
const OTHERS = { "aws:ResourceTag/project": "acme", "aws:ResourceTag/environment": "prod" };
const TO_BE_OURS = { "aws:RequestTag/project": "acme", "aws:RequestTag/environment": "test" };
const TO_BE_OTHERS = { "aws:RequestTag/project": "acme", "aws:RequestTag/environment": "prod" };
const BOUND = { "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT}:policy/ci/acme-test-workload-boundary` };

/** What the environment's keys say of their account: its policies decide. */
const KEY_POLICY = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
  ],
};

/** The simulator compares no key of KMS's encryption context: it goes in as tags, in policy and request alike. */
function contextAsTags<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll("kms:EncryptionContext:", "aws:PrincipalTag/"));
}

async function decide(
  role: "plan" | "apply",
  action: string,
  resource: string,
  context: Readonly<Record<string, string | readonly string[]>> = {},
): Promise<string> {
  const simulation = {
    request: {
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/ci/run`,
      action,
      resource: { resource, accountId: ACCOUNT },
      contextVariables: contextAsTags(context) as Record<string, string | string[]>,
    },
    identityPolicies: POLICIES[role].map((policy, index) => ({
      name: `policy-${index}`,
      policy: contextAsTags(policy),
    })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
  // Of KMS alone the key's policy is asked as well, which the unchecked variant cannot take. Elsewhere the checked one would leave out
  // of account what its data does not list for an action.
  if (!action.startsWith("kms:") || resource === "*") return runUnsafeSimulation(simulation, {});
  const result = await runSimulation({ ...simulation, resourcePolicy: KEY_POLICY }, {});
  if (result.resultType === "error") throw new Error(`${action}: ${JSON.stringify(result.errors)}`);
  return result.overallResult;
}

const arn = (service: string, resource: string, region = "eu-west-1") =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;

const DATA = [
  ["s3:GetObject", "arn:aws:s3:::acme-test-files-1234abcd/eu-west-1:id/file.jpg"],
  ["s3:PutObject", "arn:aws:s3:::acme-test-files-1234abcd/eu-west-1:id/file.jpg"],
  ["s3:PutObject", "arn:aws:s3:::acme-test-artifacts-1234abcd/todos.zip"],
  ["s3:PutObject", "arn:aws:s3:::acme-test-tfstate-1234abcd/envs/test.tfstate"],
  ["s3:GetObject", "arn:aws:s3:::acme-test-tfstate-1234abcd/bootstrap/test.tfstate"],
  ["s3:GetObject", "arn:aws:s3:::acme-test-access-logs-1234abcd/log"],
  ["dynamodb:GetItem", arn("dynamodb", "table/acme-test-todos")],
  ["dynamodb:Query", arn("dynamodb", "table/acme-test-todos/index/byStatus")],
  ["dynamodb:Scan", arn("dynamodb", "table/acme-test-todos")],
  ["dynamodb:PutItem", arn("dynamodb", "table/acme-test-todos")],
  ["dynamodb:ExportTableToPointInTime", arn("dynamodb", "table/acme-test-todos")],
  ["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:rds!cluster-1234")],
  ["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:Password1-1234")],
  ["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:another")],
  ["logs:FilterLogEvents", arn("logs", "log-group:/aws/lambda/acme-test-todos-v1:*")],
  ["logs:GetLogEvents", arn("logs", "log-group:/aws/lambda/acme-test-todos-v1:*")],
  ["cognito-idp:ListUsers", arn("cognito-idp", "userpool/eu-west-1_1")],
  ["sqs:ReceiveMessage", arn("sqs", "acme-test-upload-guard-failed")],
  ["lambda:InvokeFunction", arn("lambda", "function:acme-test-todos-v1")],
  ["rds-db:connect", arn("rds-db", "dbuser:cluster-1/orders_app")],
  ["ssm:GetParameter", arn("ssm", "parameter/anything")],
  ["sts:AssumeRole", `${ROLE}/ci/acme-test-ci-apply`],
] as const;

const CHANGES = [
  ["lambda:UpdateFunctionCode", arn("lambda", "function:acme-test-todos-v1")],
  ["lambda:UpdateAlias", arn("lambda", "function:acme-test-todos-v1:live")],
  ["iam:PutRolePolicy", `${ROLE}/acme-test-todos-v1`],
  ["iam:PassRole", `${ROLE}/acme-test-todos-v1`],
  ["ec2:AuthorizeSecurityGroupIngress", arn("ec2", "security-group/sg-1")],
  ["ec2:CreateTags", arn("ec2", "vpc/vpc-1")],
  ["kms:PutKeyPolicy", arn("kms", "key/data")],
  ["rds:ModifyDBCluster", arn("rds", "cluster:acme-test-orders")],
  ["dynamodb:DeleteTable", arn("dynamodb", "table/acme-test-todos")],
  ["cloudfront:UpdateDistribution", `arn:aws:cloudfront::${ACCOUNT}:distribution/E1`],
] as const;

describe("control 21: plan", () => {
  test.each(DATA)("has no right to %s on %s", async (action, resource) => {
    expect(await decide("plan", action, resource, OURS)).toBe("ImplicitlyDenied");
  });

  test.each(CHANGES)("has no right to %s on %s", async (action, resource) => {
    expect(await decide("plan", action, resource, { ...OURS, ...BOUND, ...TO_BE_OURS })).toBe(
      "ImplicitlyDenied",
    );
  });

  test.each([
    ["s3:GetObject", "arn:aws:s3:::acme-test-tfstate-1234abcd/envs/test.tfstate"],
    ["s3:GetObject", "arn:aws:s3:::acme-test-artifacts-1234abcd/todos.zip"],
    ["dynamodb:DescribeTable", arn("dynamodb", "table/acme-test-todos")],
    ["iam:GetRolePolicy", `${ROLE}/acme-test-todos-v1`],
    ["kms:GetKeyPolicy", arn("kms", "key/data")],
    // The secret that a distribution proves itself by: the provider compares it.
    ["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:acme-test-downloads-origin-1-AbCdEf")],
  ])("may %s on %s", async (action, resource) => {
    expect(await decide("plan", action, resource)).toBe("Allowed");
  });

  test.each([
    ["that secret", "Allowed", "acme-test-downloads-origin-1-AbCdEf"],
    ["another", "ImplicitlyDenied", "rds!cluster-1234"],
  ])("decrypting %s is %s", async (_case, outcome, secret) => {
    const SecretARN = arn("secretsmanager", `secret:${secret}`);
    const context = { ...OURS, "kms:EncryptionContext:SecretARN": SecretARN };
    expect(await decide("plan", "kms:Decrypt", arn("kms", "key/data"), context)).toBe(outcome);
  });

  test.each([
    ["that a workflow of the environment has", "Allowed", "acme-test-fulfilment", "states"],
    ["of another's workflow", "ImplicitlyDenied", "acme-prod-fulfilment", "states"],
    ["through another service", "ImplicitlyDenied", "acme-test-fulfilment", "sqs"],
  ])("decrypting a definition %s is %s", async (_case, outcome, name, service) => {
    const context = {
      ...OURS,
      "kms:EncryptionContext:aws:states:stateMachineArn": arn("states", `stateMachine:${name}`),
      "kms:ViaService": `${service}.eu-west-1.amazonaws.com`,
    };
    expect(await decide("plan", "kms:Decrypt", arn("kms", "key/data"), context)).toBe(outcome);
  });
});

describe("control 21: apply", () => {
  test.each(CHANGES)("may %s on %s, of the environment", async (action, resource) => {
    const context = {
      ...OURS,
      ...BOUND,
      "iam:PassedToService": "lambda.amazonaws.com",
      "ec2:CreateAction": "CreateVpc",
    };
    expect(await decide("apply", action, resource, context)).toBe("Allowed");
  });

  test.each([
    ["lambda:UpdateFunctionCode", arn("lambda", "function:acme-prod-todos-v1")],
    ["iam:PutRolePolicy", `${ROLE}/acme-prod-todos-v1`],
    ["ec2:DeleteVpc", arn("ec2", "vpc/vpc-1")],
    ["ec2:AuthorizeSecurityGroupIngress", arn("ec2", "security-group/sg-1")],
    ["kms:ScheduleKeyDeletion", arn("kms", "key/other")],
    ["rds:DeleteDBCluster", arn("rds", "cluster:acme-prod-orders")],
    ["dynamodb:DeleteTable", arn("dynamodb", "table/acme-prod-todos")],
    ["cloudfront:DeleteDistribution", `arn:aws:cloudfront::${ACCOUNT}:distribution/E1`],
    ["cognito-idp:DeleteUserPool", arn("cognito-idp", "userpool/eu-west-1_1")],
    ["apigateway:DELETE", "arn:aws:apigateway:eu-west-1::/restapis/a1"],
    ["s3:DeleteBucket", "arn:aws:s3:::acme-prod-files-1234abcd"],
    ["secretsmanager:DeleteSecret", arn("secretsmanager", "secret:Password1-1234")],
  ])("has no right to %s on %s of another environment", async (action, resource) => {
    expect(await decide("apply", action, resource, { ...OTHERS, ...BOUND })).toBe("ImplicitlyDenied");
  });

  test.each([
    ["ec2:CreateVpc", arn("ec2", "vpc/*")],
    ["kms:CreateKey", "*"],
    ["apigateway:POST", "arn:aws:apigateway:eu-west-1::/restapis"],
    ["cloudfront:CreateDistribution", "*"],
  ])("%s makes what carries the environment's tags alone", async (action, resource) => {
    expect(await decide("apply", action, resource, TO_BE_OURS)).toBe("Allowed");
    expect(await decide("apply", action, resource, TO_BE_OTHERS)).toBe("ImplicitlyDenied");
  });

  test.each([
    ["s3:GetObject", "arn:aws:s3:::acme-test-files-1234abcd/eu-west-1:id/file.jpg"],
    ["dynamodb:GetItem", arn("dynamodb", "table/acme-test-todos")],
    ["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:rds!cluster-1234")],
    ["cognito-idp:ListUsers", arn("cognito-idp", "userpool/eu-west-1_1")],
    ["ecs:ExecuteCommand", arn("ecs", "task/acme-test-services/1")],
    ["ec2:CreateKeyPair", arn("ec2", "key-pair/mine")],
  ])("reads no data: %s on %s", async (action, resource) => {
    expect(await decide("apply", action, resource, OURS)).toBe("ImplicitlyDenied");
  });

  test.each([
    ["a name of the environment", ["new.shop.example.com"], "Allowed"],
    ["another's beside it", ["new.shop.example.com", "www.example.com"], "ImplicitlyDenied"],
    ["a name that only ends alike", ["evil-shop.example.com"], "ImplicitlyDenied"],
    ["none at all", [], "ImplicitlyDenied"],
  ])("writing records for %s: %s", async (_case, names, outcome) => {
    const context = { "route53:ChangeResourceRecordSetsNormalizedRecordNames": names };
    expect(
      await decide(
        "apply",
        "route53:ChangeResourceRecordSets",
        "arn:aws:route53:::hostedzone/Z1",
        names.length ? context : {},
      ),
    ).toBe(outcome);
  });
});

describe("control 21: apply cannot give itself more", () => {
  const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
  const BOUNDARY = BOUND["iam:PermissionsBoundary"];

  test.each([
    ["its own role's policy", "iam:PutRolePolicy", `${ROLE}/ci/acme-test-ci-apply`],
    ["its own role's trust", "iam:UpdateAssumeRolePolicy", `${ROLE}/ci/acme-test-ci-apply`],
    ["a managed policy of its own role", "iam:AttachRolePolicy", `${ROLE}/ci/acme-test-ci-apply`],
    ["the plan role", "iam:UpdateAssumeRolePolicy", `${ROLE}/ci/acme-test-ci-plan`],
    [
      "a new version of a policy of its own",
      "iam:CreatePolicyVersion",
      `arn:aws:iam::${ACCOUNT}:policy/ci/acme-test-ci-apply-1`,
    ],
    ["a new version of the boundary", "iam:CreatePolicyVersion", BOUNDARY],
    ["the boundary's end", "iam:DeletePolicy", BOUNDARY],
    ["the provider's audiences", "iam:AddClientIDToOpenIDConnectProvider", PROVIDER],
    ["the provider's end", "iam:DeleteOpenIDConnectProvider", PROVIDER],
    ["a role's way out of the boundary", "iam:DeleteRolePermissionsBoundary", `${ROLE}/acme-test-todos-v1`],
    [
      "API Gateway's role of the bootstrap stack",
      "iam:UpdateAssumeRolePolicy",
      `${ROLE}/acme-test-api-gateway-logs-eu-west-1`,
    ],
    ["the state's bucket", "s3:PutBucketPolicy", "arn:aws:s3:::acme-test-tfstate-1234abcd"],
    [
      "where the state's bucket sends word",
      "s3:PutBucketNotification",
      "arn:aws:s3:::acme-test-tfstate-1234abcd",
    ],
    ["the tags of the state's bucket", "s3:TagResource", "arn:aws:s3:::acme-test-tfstate-1234abcd"],
    ["the state's key", "kms:PutKeyPolicy", arn("kms", "key/state")],
    ["the name of the state's key", "kms:DeleteAlias", arn("kms", "key/state")],
  ])("by changing %s", async (_case, action, resource) => {
    expect(await decide("apply", action, resource, { ...OURS, ...BOUND })).toBe("ExplicitlyDenied");
  });

  test.each([
    ["a role without the boundary", "iam:CreateRole", `${ROLE}/acme-test-new`, {}],
    [
      "a role within another policy",
      "iam:CreateRole",
      `${ROLE}/acme-test-new`,
      { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" },
    ],
    ["a role of another name", "iam:CreateRole", `${ROLE}/admin`, BOUND],
    ["rights for a role without the boundary", "iam:PutRolePolicy", `${ROLE}/acme-test-old`, {}],
    ["a managed policy for a role", "iam:AttachRolePolicy", `${ROLE}/acme-test-todos-v1`, BOUND],
    [
      "another bound",
      "iam:PutRolePermissionsBoundary",
      `${ROLE}/acme-test-todos-v1`,
      { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" },
    ],
    ["a user", "iam:CreateUser", `arn:aws:iam::${ACCOUNT}:user/me`, {}],
    ["a key for a user", "iam:CreateAccessKey", `arn:aws:iam::${ACCOUNT}:user/me`, {}],
    [
      "a role of another's to a function",
      "iam:PassRole",
      `${ROLE}/admin`,
      { "iam:PassedToService": "lambda.amazonaws.com" },
    ],
    [
      "a role to a service that takes none",
      "iam:PassRole",
      `${ROLE}/acme-test-todos-v1`,
      { "iam:PassedToService": "cloudformation.amazonaws.com" },
    ],
    ["another role's session", "sts:AssumeRole", `${ROLE}/admin`, {}],
    [
      "an unknown service's own role",
      "iam:CreateServiceLinkedRole",
      `${ROLE}/aws-service-role/x/y`,
      { "iam:AWSServiceName": "organizations.amazonaws.com" },
    ],
    [
      "tags that make another's VPC its own",
      "ec2:CreateTags",
      arn("ec2", "vpc/vpc-1"),
      { ...OTHERS, ...TO_BE_OURS },
    ],
    ...(
      [
        ["kms:TagResource", arn("kms", "key/1")],
        ["cognito-idp:TagResource", arn("cognito-idp", "userpool/eu-west-1_1")],
        ["cognito-identity:TagResource", arn("cognito-identity", "identitypool/eu-west-1:1")],
        ["acm:AddTagsToCertificate", arn("acm", "certificate/1")],
        ["cloudfront:TagResource", `arn:aws:cloudfront::${ACCOUNT}:distribution/E1`],
        ["secretsmanager:TagResource", arn("secretsmanager", "secret:Password1-1234")],
      ] as const
    ).map(
      ([action, resource]) =>
        [
          `tags that make another's its own, ${action}`,
          action,
          resource,
          { ...OTHERS, ...TO_BE_OURS },
        ] as const,
    ),
    [
      "a grant on another's key",
      "kms:CreateGrant",
      arn("kms", "key/1"),
      { ...OTHERS, "kms:GrantIsForAWSResource": "true" },
    ],
  ] as const)("by making %s", async (_case, action, resource, context) => {
    expect(await decide("apply", action, resource, context)).not.toBe("Allowed");
  });

  test("what it may do with roles, it may within the boundary", async () => {
    for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]) {
      expect(await decide("apply", action, `${ROLE}/acme-test-new`, BOUND)).toBe("Allowed");
    }
  });
});

/** A run at GitHub, by the claims of its token. */
interface Run {
  readonly sub: string;
  readonly ref?: string;
  readonly aud?: string;
}

/** Whether the conditions of a role's trust policy, as it is deployed, let a run in. That GitHub's provider vouches for it is looked at by itself. */
function mayAssume(
  role: "plan" | "apply",
  { sub, ref = "refs/heads/main", aud = "sts.amazonaws.com" }: Run,
): boolean {
  const { Statement } = JSON.parse(access.one("aws_iam_role", `ci_${role}_`)["assume_role_policy"]);
  const trusted = Statement.map(({ Effect, Action, Condition }: Record<string, unknown>) => ({
    Effect,
    Action,
    Condition,
    Resource: "*",
  }));
  const outcome = runUnsafeSimulation(
    {
      request: {
        principal: `arn:aws:sts::${ACCOUNT}:assumed-role/github/run`,
        action: "sts:AssumeRoleWithWebIdentity",
        resource: { resource: `${ROLE}/ci/acme-test-ci-${role}`, accountId: ACCOUNT },
        contextVariables: {
          "token.actions.githubusercontent.com:aud": aud,
          "token.actions.githubusercontent.com:sub": sub,
          "token.actions.githubusercontent.com:ref": ref,
        },
      },
      identityPolicies: [{ name: "trust", policy: { Version: "2012-10-17", Statement: trusted } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return outcome === "Allowed";
}

describe("control 22: who takes the roles", () => {
  test("GitHub's provider alone signs in, by a web identity", () => {
    for (const { assume_role_policy } of access.all("aws_iam_role")) {
      const [statement, ...rest] = JSON.parse(assume_role_policy)["Statement"];
      expect(rest).toEqual([]);
      expect(statement).toMatchObject({
        Action: ["sts:AssumeRoleWithWebIdentity"],
        Principal: { Federated: expect.stringMatching(/^\$\{aws_iam_openid_connect_provider\..+\.arn\}$/) },
      });
    }
  });

  test.each([
    ["a pull request", { sub: "repo:acme/platform:pull_request", ref: "refs/pull/7/merge" }, ["plan"]],
    ["the branch", { sub: "repo:acme/platform:ref:refs/heads/main" }, ["plan"]],
    ["the environment, on the branch", { sub: "repo:acme/platform:environment:production" }, ["apply"]],
    [
      "the environment, on another branch",
      { sub: "repo:acme/platform:environment:production", ref: "refs/heads/evil" },
      [],
    ],
    [
      "the environment, for a pull request",
      { sub: "repo:acme/platform:environment:production", ref: "refs/pull/7/merge" },
      [],
    ],
    [
      "the environment, on a tag named as the branch",
      { sub: "repo:acme/platform:environment:production", ref: "refs/tags/main" },
      [],
    ],
    ["another environment", { sub: "repo:acme/platform:environment:preview" }, []],
    ["another branch", { sub: "repo:acme/platform:ref:refs/heads/evil", ref: "refs/heads/evil" }, []],
    [
      "a branch that begins alike",
      { sub: "repo:acme/platform:ref:refs/heads/main2", ref: "refs/heads/main2" },
      [],
    ],
    ["a tag", { sub: "repo:acme/platform:ref:refs/tags/v1", ref: "refs/tags/v1" }, []],
    ["another repository's branch", { sub: "repo:acme/other:ref:refs/heads/main" }, []],
    ["another repository's environment", { sub: "repo:evil/platform:environment:production" }, []],
    ["a repository that begins alike", { sub: "repo:acme/platform-fork:pull_request" }, []],
    ["a fork's own pull request", { sub: "repo:evil/platform:pull_request", ref: "refs/pull/1/merge" }, []],
    ["a name taken over, of another id", { sub: "repo:acme@9/platform@9:pull_request" }, []],
    [
      "a token for someone else",
      { sub: "repo:acme/platform:pull_request", aud: "https://github.com/acme" },
      [],
    ],
    ["no subject", { sub: "" }, []],
  ])("a run for %s", (_case, run, roles) => {
    expect((["plan", "apply"] as const).filter((role) => mayAssume(role, run))).toEqual(roles);
  });
});
