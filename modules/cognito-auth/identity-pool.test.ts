import type { PolicyStatement } from "../internal/iam";
import { synthesiseAuth } from "./fixture";

const ownFiles: PolicyStatement = {
  sid: "OwnFiles",
  actions: ["s3:GetObject"],
  resources: ["arn:aws:s3:::files/$${cognito-identity.amazonaws.com:sub}/*"],
};
const report: PolicyStatement = {
  sid: "ReadReports",
  actions: ["s3:GetObject"],
  resources: ["arn:aws:s3:::reports/*"],
};

const synthesised = synthesiseAuth({
  authenticatedStatements: [ownFiles],
  groups: [
    { name: "admins", description: "Administrators", precedence: 1, statements: [report] },
    { name: "testers", description: "Testers", precedence: 2 },
  ],
});

function sids(policy: string): string[] {
  return (JSON.parse(policy) as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid);
}

describe("the identity pool", () => {
  const pool = synthesised.one("aws_cognito_identity_pool");

  test("knows no unauthenticated identities", () => {
    expect(pool.allow_unauthenticated_identities).toBe(false);
  });

  test("has no classic flow", () => {
    expect(pool.allow_classic_flow).toBe(false);
  });

  test("takes tokens of the mobile client alone, and asks the user pool about them", () => {
    expect(pool.cognito_identity_providers).toEqual([
      {
        client_id: expect.stringMatching(/^\$\{aws_cognito_user_pool_client\..*\.id\}$/),
        provider_name: expect.stringMatching(/^\$\{aws_cognito_user_pool\..*\.endpoint\}$/),
        server_side_token_check: true,
      },
    ]);
  });
});

describe("roles", () => {
  test.each(["authenticated-role", "group-admins"])(
    "control 22: %s is for this identity pool's authenticated identities alone",
    (id) => {
      const trust = JSON.parse(synthesised.one("aws_iam_role", id).assume_role_policy);
      expect(trust.Statement).toEqual([
        {
          Effect: "Allow",
          Principal: { Federated: "cognito-identity.amazonaws.com" },
          Action: ["sts:AssumeRoleWithWebIdentity"],
          Condition: {
            StringEquals: {
              "cognito-identity.amazonaws.com:aud": expect.stringMatching(
                /^\$\{aws_cognito_identity_pool\..*\.id\}$/,
              ),
            },
            "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
          },
        },
      ]);
    },
  );

  test("control 21: the authenticated role may what it is given", () => {
    expect(sids(synthesised.one("aws_iam_role_policy", "authenticated-role").policy)).toEqual(["OwnFiles"]);
  });

  test("control 17: the policy variable reaches IAM, unread by Terraform", () => {
    expect(synthesised.one("aws_iam_role_policy", "authenticated-role").policy).toContain(
      "arn:aws:s3:::files/$${cognito-identity.amazonaws.com:sub}/*",
    );
  });

  test("control 21: given nothing, it may nothing", () => {
    const policy = JSON.parse(synthesiseAuth().one("aws_iam_role_policy", "authenticated-role").policy);
    expect(policy.Statement).toEqual([{ Sid: "Nothing", Effect: "Deny", Action: ["*"], Resource: ["*"] }]);
  });

  test("a group's role may what every user may, and more", () => {
    expect(sids(synthesised.one("aws_iam_role_policy", "group-admins").policy)).toEqual([
      "OwnFiles",
      "ReadReports",
    ]);
  });
});

describe("groups", () => {
  test("with statements have a role", () => {
    expect(synthesised.one("aws_cognito_user_group", "group-admins")).toMatchObject({
      name: "admins",
      description: "Administrators",
      precedence: 1,
      role_arn: expect.stringMatching(/^\$\{aws_iam_role\..*\.arn\}$/),
    });
  });

  test("without statements have none", () => {
    expect(synthesised.one("aws_cognito_user_group", "group-testers")).not.toHaveProperty("role_arn");
  });
});

describe("the role attachment", () => {
  test("names no role for unauthenticated identities", () => {
    const { roles } = synthesised.one("aws_cognito_identity_pool_roles_attachment");
    expect(Object.keys(roles)).toEqual(["authenticated"]);
  });

  test("chooses by the token where a group has a role, else the authenticated role", () => {
    expect(synthesised.one("aws_cognito_identity_pool_roles_attachment").role_mapping).toEqual([
      {
        identity_provider: expect.stringMatching(
          /^\$\{aws_cognito_user_pool\..*\.endpoint\}:\$\{aws_cognito_user_pool_client\..*\.id\}$/,
        ),
        type: "Token",
        ambiguous_role_resolution: "AuthenticatedRole",
      },
    ]);
  });

  test("chooses nothing where no group has a role", () => {
    expect(synthesiseAuth().one("aws_cognito_identity_pool_roles_attachment")).not.toHaveProperty(
      "role_mapping",
    );
  });
});
