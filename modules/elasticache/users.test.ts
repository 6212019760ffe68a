import type { ElasticacheConfig } from ".";
import { config, REDIS, reference, SERVERLESS, synth } from "./fixture";

const GROUP = "aws_elasticache_replication_group";

test.each([
  { engine: "valkey", changes: {} },
  { engine: "redis", changes: REDIS },
])("control 32: $engine lets in the users of its group alone", ({ changes }) => {
  const result = synth(changes);
  expect(result.one(GROUP)["user_group_ids"]).toEqual([
    reference("aws_elasticache_user_group", "user_group_id"),
  ]);
  expect(result.one("aws_elasticache_user_group")["user_ids"][0]).toBe("acme-test-sessions");
});

describe("by IAM", () => {
  const user = (changes: Partial<ElasticacheConfig> = {}) =>
    synth(changes).one("aws_elasticache_user", "users_user");

  test("control 26: the user signs in by its role's token, and there is no secret", () => {
    expect(user()).toMatchObject({
      user_id: "acme-test-sessions",
      user_name: "acme-test-sessions",
      engine: "valkey",
      authentication_mode: { type: "iam" },
    });
    expect(synth().types).not.toContain("aws_cloudformation_stack");
    expect(synth().given).toMatchObject({
      authentication: "iam",
      user: "acme-test-sessions",
      secret: "none",
    });
  });

  test("control 21: the user administers nothing and has no dangerous command but INFO", () => {
    expect(user()["access_string"]).toBe("on ~* +@all -@admin -@dangerous +info");
    expect(user({ accessString: "on ~session:* +get" })["access_string"]).toBe("on ~session:* +get");
  });

  test("the user is there before its group", () => {
    expect(synth().one("aws_elasticache_user_group")["depends_on"]).toEqual([
      expect.stringMatching(/^aws_elasticache_user\./),
    ]);
  });

  test.each([
    { kind: "nodes", changes: {}, type: GROUP },
    { kind: "a serverless cache", changes: SERVERLESS, type: "aws_elasticache_serverless_cache" },
  ])("control 21: a client's grant connects to $kind as this user", ({ changes, type }) => {
    expect(synth(changes).statements).toEqual([
      {
        Sid: "ConnectToCache",
        Effect: "Allow",
        Action: ["elasticache:Connect"],
        Resource: [
          reference(type, "arn"),
          "arn:aws:elasticache:eu-west-1:111111111111:user:acme-test-sessions",
        ],
      },
    ]);
  });

  test("control 32: as whom clients of Redis sign in without a name, nobody can do anything", () => {
    const result = synth(REDIS);
    expect(result.one("aws_elasticache_user", "default")).toMatchObject({
      user_id: "acme-test-sessions-default",
      user_name: "default",
      access_string: "off ~* -@all",
    });
    expect(result.one("aws_elasticache_user_group")["user_ids"]).toHaveLength(2);
    expect(synth().one("aws_elasticache_user_group")["user_ids"]).toHaveLength(1);
  });
});

describe("by password", () => {
  const synthPassword = (changes: Partial<ElasticacheConfig> = {}) =>
    synth({ authentication: "password", ...changes });
  const template = (changes: Partial<ElasticacheConfig> = {}) =>
    JSON.parse(synthPassword(changes).one("aws_cloudformation_stack")["template_body"]);
  const resolved = (password: string) => ({
    "Fn::Join": ["", ["{{resolve:secretsmanager:", { Ref: password }, ":SecretString:password}}"]],
  });

  test("control 26: AWS makes the password, and Secrets Manager keeps it with the customer-managed key", () => {
    expect(template()["Resources"]["Password1"]).toEqual({
      Type: "AWS::SecretsManager::Secret",
      Properties: {
        Description: "Password of the user of cache sessions",
        KmsKeyId: config.kmsKeyArn,
        GenerateSecretString: {
          SecretStringTemplate: '{"username":"acme-test-sessions"}',
          GenerateStringKey: "password",
          PasswordLength: 64,
          ExcludePunctuation: true,
        },
      },
    });
  });

  test("a cache that is made again after it was destroyed finds its secret's name free", () => {
    expect(template()["Resources"]["Password1"]["Properties"]).not.toHaveProperty("Name");
  });

  test("control 26: the user gets it by its secret's name, so that neither plan nor state holds it", () => {
    expect(template()["Resources"]["User"]).toEqual({
      Type: "AWS::ElastiCache::User",
      Properties: {
        UserId: "acme-test-sessions",
        UserName: "acme-test-sessions",
        Engine: "valkey",
        AccessString: "on ~* +@all -@admin -@dangerous +info",
        Passwords: [resolved("Password1")],
      },
    });
    const { types } = synthPassword();
    expect(types).not.toContain("aws_elasticache_user");
    expect(types).not.toContain("aws_secretsmanager_secret_version");
  });

  test("control 26: it is rotated by name: the cache takes both, clients get the first", () => {
    const rotated = template({ passwordNames: ["2", "1"] });
    expect(rotated["Resources"]["User"]["Properties"]["Passwords"]).toEqual([
      resolved("Password2"),
      resolved("Password1"),
    ]);
    expect(rotated["Outputs"]).toEqual({ SecretArn: { Value: { Ref: "Password2" } } });
    expect(rotated["Resources"]["Password1"]["Properties"]["Description"]).toBe(
      "Password of the user of cache sessions, until no client has it any more",
    );
  });

  test("the user is there before its group", () => {
    expect(synthPassword().one("aws_elasticache_user_group")).toMatchObject({
      user_ids: ["acme-test-sessions"],
      depends_on: [expect.stringMatching(/^aws_cloudformation_stack\./)],
    });
  });

  test("control 21: a client's grant reads that secret, and decrypts it alone", () => {
    const { given, statements } = synthPassword();
    const secret = given["secret"];
    expect(secret).toMatch(/^\$\{local\..*secret-arn_[0-9A-F]+\}$/);
    expect(statements).toEqual([
      {
        Sid: "ReadCachePassword",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: [secret],
      },
      {
        Sid: "DecryptCachePassword",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [config.kmsKeyArn],
        Condition: {
          StringEquals: {
            "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
            "kms:EncryptionContext:SecretARN": secret,
          },
        },
      },
    ]);
  });
});
