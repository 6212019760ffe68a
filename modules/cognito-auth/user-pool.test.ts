import { synthesiseAuth } from "./fixture";

const pool = synthesiseAuth().one("aws_cognito_user_pool");

describe("sign-up and sign-in", () => {
  test("is by e-mail address, in whatever case", () => {
    expect(pool.username_attributes).toEqual(["email"]);
    expect(pool.username_configuration).toEqual({ case_sensitive: false });
  });

  test("users sign up by themselves", () => {
    expect(pool.admin_create_user_config).toEqual({ allow_admin_create_user_only: false });
  });

  test("an address is verified, at first and before a change of it counts", () => {
    expect(pool.auto_verified_attributes).toEqual(["email"]);
    expect(pool.user_attribute_update_settings).toEqual({
      attributes_require_verification_before_update: ["email"],
    });
  });

  test("an account is recovered by its verified address alone", () => {
    expect(pool.account_recovery_setting.recovery_mechanism).toEqual([
      { name: "verified_email", priority: 1 },
    ]);
  });

  test("passwords are long, mixed and new", () => {
    expect(pool.password_policy).toEqual({
      minimum_length: 12,
      require_lowercase: true,
      require_uppercase: true,
      require_numbers: true,
      require_symbols: true,
      temporary_password_validity_days: 3,
      password_history_size: 5,
    });
  });

  test.each([
    { mfa: "optional", expected: "OPTIONAL" },
    { mfa: "required", expected: "ON" },
  ] as const)("TOTP is $mfa", ({ mfa, expected }) => {
    const changed = synthesiseAuth({ mfa }).one("aws_cognito_user_pool");
    expect(changed.mfa_configuration).toBe(expected);
    expect(changed.software_token_mfa_configuration).toEqual({ enabled: true });
  });
});

describe("control 2: deletion protection", () => {
  test.each([
    { deletionProtection: true, cognito: "ACTIVE" },
    { deletionProtection: false, cognito: "INACTIVE" },
  ])("$deletionProtection: in Cognito and in Terraform", ({ deletionProtection, cognito }) => {
    const synthesised = synthesiseAuth({ deletionProtection });
    expect(synthesised.one("aws_cognito_user_pool").deletion_protection).toBe(cognito);
    for (const type of [
      "aws_cognito_user_pool",
      "aws_cognito_user_pool_client",
      "aws_cognito_identity_pool",
    ]) {
      expect(synthesised.one(type)["lifecycle"].prevent_destroy).toBe(deletionProtection);
    }
  });
});

describe("custom attributes", () => {
  const synthesised = synthesiseAuth({
    customAttributes: [
      { name: "plan", type: "String" },
      { name: "seats", type: "Number", mutable: false },
      { name: "vip", type: "Boolean" },
      { name: "since", type: "DateTime" },
    ],
  });

  test("have every constraint written out, so that none comes back as a difference", () => {
    const common = { developer_only_attribute: false, required: false, mutable: true };
    expect(synthesised.one("aws_cognito_user_pool").schema.slice(1)).toEqual([
      {
        ...common,
        name: "plan",
        attribute_data_type: "String",
        string_attribute_constraints: { min_length: "0", max_length: "2048" },
      },
      {
        ...common,
        name: "seats",
        attribute_data_type: "Number",
        mutable: false,
        number_attribute_constraints: { min_value: "-9007199254740991", max_value: "9007199254740991" },
      },
      { ...common, name: "vip", attribute_data_type: "Boolean" },
      { ...common, name: "since", attribute_data_type: "DateTime" },
    ]);
  });

  test("e-mail stays the first of the schema, and required", () => {
    expect(synthesised.one("aws_cognito_user_pool").schema[0]).toMatchObject({
      name: "email",
      required: true,
    });
  });

  test("a plan that renames, changes or removes one is refused, and says which", () => {
    const [guard] = synthesised.one("aws_cognito_user_pool_client").lifecycle.precondition;
    const name = Object.keys(synthesised.json["data"]["aws_cognito_user_pool"])[0];
    const kept =
      '["custom:plan String true","custom:seats Number false","custom:vip Boolean true","custom:since DateTime true"]';
    const lost =
      `[for a in data.aws_cognito_user_pool.${name}.schema_attributes : a.name if startswith(a.name, "custom:") && ` +
      `!contains(${kept}, "\${a.name} \${a.attribute_data_type} \${a.mutable}")]`;
    expect(guard).toEqual({
      condition: `\${length(${lost}) == 0}`,
      error_message:
        `customAttributes must keep \${join(", ", ${lost})} as it is: Cognito can neither rename, change nor remove an ` +
        "attribute of a user pool. Add the new one beside it.",
    });
  });

  test("the guard is there when the last attribute is removed", () => {
    const client = synthesiseAuth().one("aws_cognito_user_pool_client");
    expect(client.lifecycle.precondition[0].condition).toContain("!contains([], ");
  });

  test("the pool is read when planning: through a local value, and without a condition of its own", () => {
    const [source] = Object.values<Record<string, unknown>>(
      synthesised.json["data"]["aws_cognito_user_pool"],
    );
    const [local] = Object.keys(synthesised.json["locals"]);
    expect(source).toMatchObject({ user_pool_id: `\${local.${local}}` });
    expect(source).not.toHaveProperty("lifecycle");
    expect(source).not.toHaveProperty("depends_on");
  });
});

describe("mail", () => {
  test.each([
    { name: "Cognito's own sender", changes: {}, expected: { email_sending_account: "COGNITO_DEFAULT" } },
    {
      name: "an SES domain",
      changes: { sesIdentityArn: "arn:aws:ses:eu-west-1:111111111111:identity/example.com" },
      expected: {
        email_sending_account: "DEVELOPER",
        from_email_address: "no-reply@example.com",
        source_arn: "arn:aws:ses:eu-west-1:111111111111:identity/example.com",
      },
    },
    {
      name: "an SES address",
      changes: { sesIdentityArn: "arn:aws:ses:eu-west-1:111111111111:identity/hello@example.com" },
      expected: {
        email_sending_account: "DEVELOPER",
        from_email_address: "hello@example.com",
        source_arn: "arn:aws:ses:eu-west-1:111111111111:identity/hello@example.com",
      },
    },
    {
      name: "an SES domain and an address of it",
      changes: {
        sesIdentityArn: "arn:aws:ses:eu-west-1:111111111111:identity/example.com",
        senderEmail: "Acme <hi@example.com>",
      },
      expected: {
        email_sending_account: "DEVELOPER",
        from_email_address: "Acme <hi@example.com>",
        source_arn: "arn:aws:ses:eu-west-1:111111111111:identity/example.com",
      },
    },
  ])("comes from $name", ({ changes, expected }) => {
    expect(synthesiseAuth(changes).one("aws_cognito_user_pool").email_configuration).toEqual(expected);
  });
});

describe("threat protection", () => {
  const sesIdentityArn = "arn:aws:ses:eu-west-1:111111111111:identity/example.com";
  const risks = () =>
    synthesiseAuth({ threatProtection: "enforced", sesIdentityArn }).one("aws_cognito_risk_configuration");

  test.each([
    { threatProtection: "off", mode: "OFF", tier: "ESSENTIALS" },
    { threatProtection: "audit", mode: "AUDIT", tier: "PLUS" },
    { threatProtection: "enforced", mode: "ENFORCED", tier: "PLUS" },
  ] as const)("$threatProtection needs the plan $tier", ({ threatProtection, mode, tier }) => {
    const changed = synthesiseAuth({ threatProtection, sesIdentityArn }).one("aws_cognito_user_pool");
    expect(changed.user_pool_add_ons).toEqual({ advanced_security_mode: mode });
    expect(changed.user_pool_tier).toBe(tier);
  });

  test("only enforced, it acts", () => {
    expect(synthesiseAuth({ threatProtection: "audit", sesIdentityArn }).types).not.toContain(
      "aws_cognito_risk_configuration",
    );
  });

  test("breached passwords are refused", () => {
    expect(risks().compromised_credentials_risk_configuration).toEqual({
      event_filter: ["SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"],
      actions: { event_action: "BLOCK" },
    });
  });

  test("suspicious sign-ins ask for the second factor", () => {
    expect(risks().account_takeover_risk_configuration.actions).toEqual({
      low_action: { event_action: "NO_ACTION", notify: false },
      medium_action: { event_action: "MFA_IF_CONFIGURED", notify: true },
      high_action: { event_action: "MFA_REQUIRED", notify: true },
    });
  });

  test("users are told of suspicious sign-ins by mail", () => {
    expect(risks().account_takeover_risk_configuration.notify_configuration).toMatchObject({
      source_arn: sesIdentityArn,
      from: "no-reply@example.com",
    });
  });
});

describe("control 14: web ACL", () => {
  test("stands before the pool", () => {
    const webAclArn = "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/auth/1";
    expect(synthesiseAuth({ webAclArn }).one("aws_wafv2_web_acl_association")).toMatchObject({
      web_acl_arn: webAclArn,
      resource_arn: expect.stringMatching(/^\$\{aws_cognito_user_pool\..*\.arn\}$/),
    });
  });

  test("is none without an ARN", () => {
    expect(synthesiseAuth().types).not.toContain("aws_wafv2_web_acl_association");
  });
});
