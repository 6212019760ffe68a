import { Lazy } from "cdktf";
import type { Resource } from "../internal/synth-test";
import { config, synth } from "./fixture";

const SECRET = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders-AbCdEf";
const sessions = {
  executeCommandLogGroupArn:
    "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/ecs/acme-test-services/sessions",
  executeCommandKmsKeyArn: config.kmsKeyArn,
};

const statements = (role: "task" | "execution", ...args: Parameters<typeof synth>): Resource[] =>
  JSON.parse(synth(...args).one("aws_iam_role_policy", `roles_${role}_`)["policy"])["Statement"];
const sids = (list: Resource[]) => list.map(({ Sid }) => Sid);
const statement = (sid: string, list: Resource[]) => list.find(({ Sid }) => Sid === sid);

describe("execution role", () => {
  test("control 21: pulls this image, writes this log and nothing else", () => {
    expect(statements("execution")).toEqual([
      {
        Sid: "LogInToRegistry",
        Effect: "Allow",
        Action: ["ecr:GetAuthorizationToken"],
        Resource: ["*"],
      },
      {
        Sid: "PullImage",
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: ["arn:aws:ecr:eu-west-1:111111111111:repository/acme-test-orders"],
      },
      {
        Sid: "WriteOwnLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..+\.arn\}:\*$/)],
      },
    ]);
  });

  test("control 21: reads the secrets of its containers, and has them decrypted by Secrets Manager alone", () => {
    const list = statements("execution", {
      secrets: { DATABASE_PASSWORD: `${SECRET}:application::` },
      migration: { secrets: { DATABASE_PASSWORD: `${SECRET}:password::` } },
    });
    expect(statement("ReadSecrets", list)).toEqual({
      Sid: "ReadSecrets",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue"],
      Resource: [SECRET],
    });
    expect(statement("DecryptSecrets", list)).toEqual({
      Sid: "DecryptSecrets",
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [config.kmsKeyArn],
      Condition: {
        StringEquals: {
          "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
          "kms:EncryptionContext:SecretARN": [SECRET],
        },
      },
    });
  });

  test("a reference to a secret is cut to its ARN too", () => {
    const arn = Lazy.stringValue({ produce: () => "${aws_secretsmanager_secret.orders.arn}" });
    const list = statements("execution", { secrets: { DATABASE_PASSWORD: `${arn}:password::` } });
    expect(statement("ReadSecrets", list)?.["Resource"]).toEqual(["${aws_secretsmanager_secret.orders.arn}"]);
  });

  test("pulls a collector from a repository of one's own too, and needs no right for a public one", () => {
    const repositories = (telemetryImage: string) =>
      statement("PullImage", statements("execution", { telemetryImage }))?.["Resource"];
    expect(repositories("111111111111.dkr.ecr.eu-west-1.amazonaws.com/collector:v1")).toEqual([
      "arn:aws:ecr:eu-west-1:111111111111:repository/acme-test-orders",
      "arn:aws:ecr:eu-west-1:111111111111:repository/collector",
    ]);
    expect(repositories("public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3")).toEqual([
      "arn:aws:ecr:eu-west-1:111111111111:repository/acme-test-orders",
    ]);
  });
});

describe("task role", () => {
  test("control 21: may do what its service may, and nothing else", () => {
    expect(statements("task")).toEqual([
      {
        Sid: "ConnectToDatabase",
        Effect: "Allow",
        Action: ["rds-db:connect"],
        Resource: ["arn:aws:rds-db:1"],
      },
    ]);
  });

  test("writes traces with a collector", () => {
    const telemetryImage = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3";
    expect(statement("WriteTraces", statements("task", { telemetryImage }))).toMatchObject({
      Action: [
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ],
    });
  });

  test("lets operators open sessions where configured, and logs them", () => {
    const list = statements("task", sessions);
    expect(sids(list)).toEqual([
      "ConnectToDatabase",
      "OpenSessions",
      "DecryptSessions",
      "FindSessionLog",
      "LogSessions",
    ]);
    expect(statement("LogSessions", list)?.["Resource"]).toEqual([
      sessions.executeCommandLogGroupArn,
      `${sessions.executeCommandLogGroupArn}:*`,
    ]);
  });

  test("control 21: no action is a wildcard", () => {
    const all = [...statements("task", sessions), ...statements("execution", sessions)];
    expect(JSON.stringify(all.map(({ Action }) => Action))).not.toContain("*");
  });
});

test.each([
  { role: "task", equals: "StringEquals", like: "ArnLike" },
  { role: "execution", equals: "StringEqualsIfExists", like: "ArnLikeIfExists" },
])("control 22: only tasks of this account assume the $role role", ({ role, equals, like }) => {
  const trust = JSON.parse(synth().one("aws_iam_role", `roles_${role}_`)["assume_role_policy"]);
  expect(trust["Statement"]).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "ecs-tasks.amazonaws.com" },
      Action: ["sts:AssumeRole"],
      Condition: {
        [equals]: { "aws:SourceAccount": "111111111111" },
        [like]: { "aws:SourceArn": "arn:aws:ecs:eu-west-1:111111111111:*" },
      },
    },
  ]);
});
