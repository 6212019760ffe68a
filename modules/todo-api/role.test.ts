import { runSimulation } from "@cloud-copilot/iam-simulate";
import { DATA_KEY, synthesiseTodos } from "./fixture";

const ACCOUNT = "111111111111";
const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/acme-test-todos`;
const OTHER_TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/acme-test-orders`;
const LOGS = `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/lambda/acme-test-todos-v1`;
const FUNCTION = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:acme-test-todos-v1`;
const INTERFACE = `arn:aws:ec2:eu-west-1:${ACCOUNT}:network-interface/eni-1`;

/** What Terraform puts in the place of each reference. */
const VALUES: readonly [RegExp, string][] = [
  [/\$\{aws_dynamodb_table\.[^}]+\.arn\}/g, TABLE],
  [/\$\{aws_dynamodb_table\.[^}]+\.name\}/g, "acme-test-todos"],
  [/\$\{aws_cloudwatch_log_group\.[^}]+\.arn\}/g, LOGS],
];

function rolePolicy(api: Parameters<typeof synthesiseTodos>[1] = {}): unknown {
  const text: string = synthesiseTodos({}, api).one("aws_iam_role_policy")["policy"];
  return JSON.parse(VALUES.reduce((policy, [reference, value]) => policy.replace(reference, value), text));
}

/**
 * The simulator compares no key of KMS's encryption context, so the context goes in as tags, in policy and request alike: those
 * it compares as it should, by the same operators.
 */
function contextAsTags<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll("kms:EncryptionContext:", "aws:PrincipalTag/"));
}

async function decide(
  policy: unknown,
  action: string,
  resource: string,
  contextVariables: Record<string, string> = {},
): Promise<string> {
  const result = await runSimulation(
    {
      request: {
        principal: `arn:aws:sts::${ACCOUNT}:assumed-role/acme-test-todos-v1/acme-test-todos-v1`,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: contextAsTags(contextVariables),
      },
      identityPolicies: [{ name: "access", policy: contextAsTags(policy) }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      // Of KMS alone a key policy is asked: this is what the platform's keys say of their account.
      ...(action.startsWith("kms:") && { resourcePolicy: accountDecides }),
    },
    {},
  );
  if (result.resultType === "error") throw new Error(`${action}: ${JSON.stringify(result.errors)}`);
  // A key that is left out of account would make a denial worth nothing.
  const ignored = result.resultType === "single" ? result.result.ignoredContextKeys : [];
  if (ignored?.length) throw new Error(`${action}: the simulator ignores ${ignored.join(", ")}`);
  return result.overallResult;
}

const accountDecides = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
  ],
};

const policy = rolePolicy();
const tableKey = {
  "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com",
  "kms:EncryptionContext:aws:dynamodb:tableName": "acme-test-todos",
};

test("no reference is left without a value", () => {
  expect(JSON.stringify(policy)).not.toContain("${");
});

test.each([
  ["dynamodb:GetItem", TABLE, {}],
  ["dynamodb:Query", TABLE, {}],
  ["dynamodb:Query", `${TABLE}/index/byStatus`, {}],
  ["dynamodb:PutItem", TABLE, {}],
  ["dynamodb:UpdateItem", TABLE, {}],
  ["dynamodb:DeleteItem", TABLE, {}],
  ["kms:Decrypt", DATA_KEY, tableKey],
  ["kms:Decrypt", DATA_KEY, { "kms:EncryptionContext:aws:lambda:FunctionArn": FUNCTION }],
  ["kms:Decrypt", DATA_KEY, { "kms:EncryptionContext:aws:lambda:FunctionArn": `${FUNCTION}:7` }],
  ["logs:CreateLogStream", `${LOGS}:log-stream:2026/01/01/[1]a`, {}],
  ["logs:PutLogEvents", `${LOGS}:log-stream:2026/01/01/[1]a`, {}],
  ["xray:PutTraceSegments", "*", {}],
])("control 21: the function may %s on %s", async (action, resource, context) => {
  expect(await decide(policy, action, resource, context)).toBe("Allowed");
});

test.each([
  ["another table", "dynamodb:GetItem", OTHER_TABLE, {}],
  ["another table", "dynamodb:PutItem", OTHER_TABLE, {}],
  ["a table whose name begins alike", "dynamodb:GetItem", `${TABLE}-archive`, {}],
  ["another index", "dynamodb:Query", `${TABLE}/index/byTitle`, {}],
  ["all items", "dynamodb:Scan", TABLE, {}],
  ["all items of the index", "dynamodb:Scan", `${TABLE}/index/byStatus`, {}],
  ["many items", "dynamodb:BatchGetItem", TABLE, {}],
  ["many items", "dynamodb:BatchWriteItem", TABLE, {}],
  ["the table itself", "dynamodb:DeleteTable", TABLE, {}],
  ["the table itself", "dynamodb:UpdateTable", TABLE, {}],
  ["the table itself", "dynamodb:DescribeTable", TABLE, {}],
  ["what it never asks", "dynamodb:ConditionCheckItem", TABLE, {}],
  ["a way around the API", "dynamodb:PartiQLSelect", TABLE, {}],
  ["a copy of all data", "dynamodb:ExportTableToPointInTime", TABLE, {}],
  [
    "the key of another table",
    "kms:Decrypt",
    DATA_KEY,
    { ...tableKey, "kms:EncryptionContext:aws:dynamodb:tableName": "acme-test-orders" },
  ],
  [
    "the key outside DynamoDB",
    "kms:Decrypt",
    DATA_KEY,
    { ...tableKey, "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
  ],
  ["the key by itself", "kms:Decrypt", DATA_KEY, {}],
  [
    "another function's environment",
    "kms:Decrypt",
    DATA_KEY,
    { "kms:EncryptionContext:aws:lambda:FunctionArn": `${FUNCTION}0` },
  ],
  ["the key to encrypt with", "kms:Encrypt", DATA_KEY, tableKey],
  ["the key's deletion", "kms:ScheduleKeyDeletion", DATA_KEY, {}],
  ["another log group", "logs:PutLogEvents", `${LOGS.replace("todos-v1", "todos-v2")}:log-stream:a`, {}],
  ["a log group of its own making", "logs:CreateLogGroup", LOGS, {}],
  ["what the logs say", "logs:GetLogEvents", `${LOGS}:log-stream:a`, {}],
  ["the artifacts", "s3:GetObject", "arn:aws:s3:::artifacts/functions/todos-v1/a.zip", {}],
  ["itself", "lambda:UpdateFunctionCode", FUNCTION, {}],
  ["another role", "sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/acme-test-deploy`, {}],
  ["a network interface", "ec2:CreateNetworkInterface", INTERFACE, {}],
])("control 21: the function may not reach %s: %s on %s", async (_what, action, resource, context) => {
  expect(await decide(policy, action, resource, context)).not.toBe("Allowed");
});

describe("in a VPC", () => {
  const inVpc = rolePolicy({
    daxEndpoint: "daxs://cache.example.com",
    daxStatements: [
      { sid: "ReadCache", actions: ["dax:GetItem"], resources: [`arn:aws:dax:eu-west-1:${ACCOUNT}:cache/c`] },
    ],
    vpcSubnetIds: ["subnet-1"],
    vpcSecurityGroupIds: ["sg-1"],
  });

  test.each(["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"])(
    "control 21: Lambda may %s for the function, the function's code may not",
    async (action) => {
      expect(await decide(inVpc, action, INTERFACE)).toBe("Allowed");
      const asCode = { "lambda:SourceFunctionArn": FUNCTION };
      expect(await decide(inVpc, action, INTERFACE, asCode)).toBe("ExplicitlyDenied");
    },
  );

  test("the table stays within reach, the cache's own rights join", async () => {
    expect(await decide(inVpc, "dynamodb:Query", `${TABLE}/index/byStatus`)).toBe("Allowed");
    expect(await decide(inVpc, "dax:GetItem", `arn:aws:dax:eu-west-1:${ACCOUNT}:cache/c`)).toBe("Allowed");
    expect(await decide(inVpc, "dax:PutItem", `arn:aws:dax:eu-west-1:${ACCOUNT}:cache/c`)).not.toBe(
      "Allowed",
    );
  });
});
