import { synthesiseAuth } from "./fixture";

const client = synthesiseAuth().one("aws_cognito_user_pool_client");

test("control 26: the client is public and has no secret", () => {
  expect(client.generate_secret).toBe(false);
});

test("OAuth2 is by authorization code alone", () => {
  expect(client.allowed_oauth_flows_user_pool_client).toBe(true);
  expect(client.allowed_oauth_flows).toEqual(["code"]);
});

test("no flow sends the password", () => {
  expect(client.explicit_auth_flows).toEqual(["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
});

test("the pages return to the given URLs alone", () => {
  expect(client.callback_urls).toEqual(["acme://signed-in"]);
  expect(client.logout_urls).toEqual(["acme://signed-out"]);
});

test("access and ID tokens live 15 minutes, refresh tokens 30 days", () => {
  expect(client).toMatchObject({
    access_token_validity: 15,
    id_token_validity: 15,
    refresh_token_validity: 30,
    token_validity_units: [{ access_token: "minutes", id_token: "minutes", refresh_token: "days" }],
  });
});

test("lifetimes follow the configuration", () => {
  expect(
    synthesiseAuth({ accessTokenMinutes: 60, refreshTokenDays: 7 }).one("aws_cognito_user_pool_client"),
  ).toMatchObject({ access_token_validity: 60, id_token_validity: 60, refresh_token_validity: 7 });
});

test("refresh tokens can be revoked", () => {
  expect(client.enable_token_revocation).toBe(true);
});

test("nobody learns whether a user exists", () => {
  expect(client.prevent_user_existence_errors).toBe("ENABLED");
});

describe("refresh-token rotation", () => {
  test("is off by default", () => {
    expect(client).not.toHaveProperty("refresh_token_rotation");
  });

  test("shuts the refresh flow, which Cognito refuses beside it", () => {
    const rotating = synthesiseAuth({ refreshTokenRotationGraceSeconds: 10 }).one(
      "aws_cognito_user_pool_client",
    );
    expect(rotating.refresh_token_rotation).toEqual([{ feature: "ENABLED", retry_grace_period_seconds: 10 }]);
    expect(rotating.explicit_auth_flows).toEqual(["ALLOW_USER_SRP_AUTH"]);
  });
});

describe("attributes", () => {
  const customAttributes = [
    { name: "tenant", type: "String" },
    { name: "nickname", type: "String", userWritable: true },
  ] as const;
  const changed = synthesiseAuth({ customAttributes }).one("aws_cognito_user_pool_client");

  test("all custom ones are read", () => {
    expect(changed.read_attributes).toEqual([
      "custom:nickname",
      "custom:tenant",
      "email",
      "email_verified",
      "locale",
      "name",
      "zoneinfo",
    ]);
  });

  test("custom ones are written only where users may", () => {
    expect(changed.write_attributes).toEqual(["custom:nickname", "email", "locale", "name", "zoneinfo"]);
  });
});

describe("scopes", () => {
  const synthesised = synthesiseAuth({
    scopes: [
      { name: "todos.read", description: "Read to-dos" },
      { name: "todos.write", description: "Change to-dos" },
    ],
  });

  test("belong to the environment's resource server", () => {
    expect(synthesised.one("aws_cognito_resource_server")).toMatchObject({
      identifier: "acme-test-api",
      scope: [
        { scope_name: "todos.read", scope_description: "Read to-dos" },
        { scope_name: "todos.write", scope_description: "Change to-dos" },
      ],
    });
  });

  test("are granted to the client, besides Cognito's own", () => {
    const scopes: string[] = synthesised.one("aws_cognito_user_pool_client").allowed_oauth_scopes;
    expect(scopes.slice(0, 4)).toEqual(["openid", "email", "profile", "aws.cognito.signin.user.admin"]);
    expect(scopes.slice(4)).toEqual([
      expect.stringMatching(/^\$\{aws_cognito_resource_server\..*\.identifier\}\/todos\.read$/),
      expect.stringMatching(/^\$\{aws_cognito_resource_server\..*\.identifier\}\/todos\.write$/),
    ]);
  });

  test("without any there is no resource server", () => {
    expect(synthesiseAuth().types).not.toContain("aws_cognito_resource_server");
  });
});
