import { synthesise } from "../internal/synth-test";
import { CognitoAuth } from ".";
import { leastConfig, synthesiseAuth } from "./fixture";

const full = {
  ...leastConfig,
  threatProtection: "audit",
  groups: [
    {
      name: "admin",
      description: "Administrators",
      precedence: 1,
      statements: [{ sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/b"] }],
    },
  ],
  scopes: [{ name: "read", description: "Reads" }],
} as const;

const both = synthesise((stack) => {
  new CognitoAuth(stack, "auth", full);
  new CognitoAuth(stack, "shop-auth", { ...full, name: "shop" });
});

test.each([
  ["aws_cognito_user_pool", "name"],
  ["aws_cognito_user_pool_client", "name"],
  ["aws_cognito_user_pool_domain", "domain"],
  ["aws_cognito_resource_server", "identifier"],
  ["aws_cognito_identity_pool", "identity_pool_name"],
  ["aws_iam_role", "name"],
  ["aws_cloudwatch_metric_alarm", "alarm_name"],
])("control 43: two kinds of users in one environment share no %s's %s", (type, field) => {
  const names = both.all(type).map((resource) => resource[field]);
  expect(names.length).toBeGreaterThan(1);
  expect(new Set(names).size).toBe(names.length);
});

test("the name is part of the names, and without one they are as they always were", () => {
  expect(both.one("aws_cognito_user_pool", "shop-auth")["name"]).toBe("acme-test-shop-users");
  expect(both.one("aws_cognito_user_pool_domain", "shop-auth")["domain"]).toBe(
    leastConfig.label.globalName("shop-auth"),
  );
  const alone = synthesiseAuth();
  expect(alone.one("aws_cognito_user_pool")["name"]).toBe("acme-test-users");
  expect(alone.one("aws_cognito_identity_pool")["identity_pool_name"]).toBe("acme-test-identities");
});

test.each([
  ["Shop", 'name must be lower-case letters, digits and hyphens, after a letter, got "Shop"'],
  ["", 'name must be lower-case letters, digits and hyphens, after a letter, got ""'],
  [
    "amazon-fans",
    'domainName must be set, or project and environment be named otherwise: Cognito allows no "amazon" in a domain prefix, ' +
      'got "acme-test-amazon-fans"',
  ],
])("the name %p is refused", (name, message) => {
  expect(() => synthesiseAuth({ name })).toThrow(new Error(message));
});
