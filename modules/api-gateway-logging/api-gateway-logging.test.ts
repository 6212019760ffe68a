import { synthesise, testLabel } from "../internal/synth-test";
import { ApiGatewayLogging } from ".";

const result = synthesise((stack) => new ApiGatewayLogging(stack, "logging", { label: testLabel }));
const [statement] = JSON.parse(result.one("aws_iam_role_policy")["policy"])["Statement"];

test("control 19: the account's API Gateway may write logs", () => {
  expect(result.one("aws_api_gateway_account")["cloudwatch_role_arn"]).toMatch(
    /^\$\{aws_iam_role\..+\.arn\}$/,
  );
  expect(statement["Action"]).toEqual(expect.arrayContaining(["logs:CreateLogStream", "logs:PutLogEvents"]));
});

test("the role has its rights before API Gateway checks for them", () => {
  expect(result.one("aws_api_gateway_account")["depends_on"]).toEqual([
    expect.stringMatching(/^aws_iam_role_policy\./),
  ]);
});

test("control 21: only logs of this account and region", () => {
  expect(statement["Resource"]).toEqual(["arn:aws:logs:eu-west-1:111111111111:*"]);
  expect(statement["Action"].filter((action: string) => /\*|Delete|PutRetention/.test(action))).toEqual([]);
});

test("only API Gateway assumes the role", () => {
  expect(JSON.parse(result.one("aws_iam_role")["assume_role_policy"])["Statement"]).toEqual([
    { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: ["sts:AssumeRole"] },
  ]);
});

test("two regions of one account do not share the role's name", () => {
  expect(result.one("aws_iam_role")["name"]).toBe("acme-test-api-gateway-logs-eu-west-1");
});
