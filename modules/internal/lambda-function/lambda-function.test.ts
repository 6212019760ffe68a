import { type Synthesised, synthesise, testArtifact, testLabel } from "../synth-test";
import { LambdaFunction, type LambdaFunctionConfig } from ".";

const KEY = "arn:aws:kms:eu-west-1:111111111111:key/data";
const TOPIC = "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms";
const FUNCTION = "arn:aws:lambda:eu-west-1:111111111111:function:acme-test-hello";
const API = "arn:aws:execute-api:eu-west-1:111111111111:abc/v1/*";

const artifact = testArtifact("hello", { required: ["TABLE"], optional: ["ORIGIN"] });

function synth(...changes: Partial<LambdaFunctionConfig>[]): Synthesised {
  return synthesise((stack) => {
    for (const [index, change] of (changes.length ? changes : [{}]).entries()) {
      const lambda = new LambdaFunction(stack, `hello-${index}`, {
        label: testLabel,
        artifact,
        artifactBucket: "artifacts",
        environment: { TABLE: "todos" },
        statements: [],
        kmsKeyArn: KEY,
        logRetentionDays: 30,
        alarmTopicArn: TOPIC,
        reservedConcurrency: 5,
        ...change,
      });
      lambda.allowInvocation("from-api", "apigateway.amazonaws.com", API);
    }
  });
}

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string[];
  readonly Resource: string[];
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

const statements = (synthesised: Synthesised): Statement[] =>
  JSON.parse(synthesised.one("aws_iam_role_policy")["policy"])["Statement"];

const plain = synth();
const lambda = () => plain.one("aws_lambda_function");

test("runs the artifact from its object, known by its hash", () => {
  expect(lambda()).toMatchObject({
    function_name: "acme-test-hello",
    handler: "index.handler",
    memory_size: 256,
    s3_bucket: "artifacts",
    s3_key: expect.stringMatching(/^\$\{aws_s3_object\..+\.key\}$/),
    source_code_hash: Buffer.from(artifact.sha256, "hex").toString("base64"),
  });
  expect(plain.one("aws_s3_object")).toMatchObject({
    bucket: "artifacts",
    key: `functions/hello/${artifact.sha256}.zip`,
    source_hash: artifact.sha256,
    lifecycle: { create_before_destroy: true },
  });
});

test("memory may be other than the manifest's", () => {
  expect(synth({ memoryMegabytes: 1024 }).one("aws_lambda_function")["memory_size"]).toBe(1024);
});

test("control 44: each deployment is a version, and callers use the alias", () => {
  expect(lambda()["publish"]).toBe(true);
  expect(plain.one("aws_lambda_alias")).toMatchObject({
    name: "live",
    function_version: expect.stringMatching(/^\$\{aws_lambda_function\..+\.version\}$/),
  });
  expect(plain.one("aws_lambda_permission")["qualifier"]).toBe("live");
});

test("control 3: concurrency is reserved", () => {
  expect(lambda()["reserved_concurrent_executions"]).toBe(5);
});

test("control 4: the timeout is the manifest's", () => {
  expect(lambda()["timeout"]).toBe(10);
});

test("control 19: calls are traced", () => {
  expect(lambda()["tracing_config"]).toEqual({ mode: "Active" });
});

test("control 21: the role is the function's own, and Lambda alone assumes it", () => {
  const role = plain.one("aws_iam_role");
  expect(role["name"]).toBe("acme-test-hello");
  expect(JSON.parse(role["assume_role_policy"])["Statement"]).toEqual([
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
  ]);
});

test("control 21: the role writes its own log group and traces, and reads its own environment, and no more", () => {
  expect(statements(plain)).toEqual([
    {
      Sid: "WriteOwnLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..+\.arn\}:\*$/)],
    },
    {
      Sid: "WriteTraces",
      Effect: "Allow",
      Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      Resource: ["*"],
    },
    {
      Sid: "ReadOwnEnvironment",
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [KEY],
      Condition: { ArnLike: { "kms:EncryptionContext:aws:lambda:FunctionArn": [FUNCTION, `${FUNCTION}:*`] } },
    },
  ]);
});

test("control 21: no statement allows an action by wildcard", () => {
  const actions = statements(synth({ vpc: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] } })).flatMap(
    ({ Action }) => Action,
  );
  expect(actions.filter((action) => action.includes("*"))).toEqual([]);
});

test("the function's own statements join its role", () => {
  const own = { sid: "ReadTable", actions: ["dynamodb:GetItem"], resources: ["arn:aws:dynamodb:::table/t"] };
  expect(statements(synth({ statements: [own] })).at(-1)).toMatchObject({ Sid: "ReadTable" });
});

test("control 23: a permission names the source that may cause the call", () => {
  expect(plain.one("aws_lambda_permission")).toMatchObject({
    action: "lambda:InvokeFunction",
    principal: "apigateway.amazonaws.com",
    source_arn: API,
  });
});

test("control 24: environment and artifact are encrypted with the customer's key", () => {
  expect(lambda()["kms_key_arn"]).toBe(KEY);
  expect(plain.one("aws_s3_object")).toMatchObject({ kms_key_id: KEY, server_side_encryption: "aws:kms" });
});

test("control 27: the log group is there first, with retention and key", () => {
  expect(plain.one("aws_cloudwatch_log_group")).toMatchObject({
    name: "/aws/lambda/acme-test-hello",
    retention_in_days: 30,
    kms_key_id: KEY,
  });
  expect(lambda()["logging_config"]).toMatchObject({
    log_format: "JSON",
    log_group: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..+\.name\}$/),
  });
});

test.each([
  ["errors", "Errors", "Sum", 0],
  ["throttles", "Throttles", "Sum", 0],
  ["latency", "Duration", "p99", 5000],
])("control 29: %s are told of", (id, metricName, stat, threshold) => {
  const alarm = plain.one("aws_cloudwatch_metric_alarm", `${id}-alarm`);
  expect(alarm["metric_query"][0]["metric"]).toMatchObject({ metric_name: metricName, stat });
  expect(alarm["threshold"]).toBe(threshold);
  expect(alarm["alarm_actions"]).toEqual([TOPIC]);
  expect(alarm["ok_actions"]).toEqual([TOPIC]);
});

test("control 29: the age of waiting events is told of, where events wait", () => {
  const asynchronous = synth({
    onFailureQueueArn: "arn:aws:sqs:eu-west-1:111111111111:failed",
    maxEventAgeSeconds: 600,
  });
  const alarm = asynchronous.one("aws_cloudwatch_metric_alarm", "age-alarm");
  expect(alarm["metric_query"][0]["metric"]).toMatchObject({ metric_name: "AsyncEventAge", stat: "Maximum" });
  expect(alarm["threshold"]).toBe(300_000);
  expect(plain.all("aws_cloudwatch_metric_alarm")).toHaveLength(3);
});

test("the latency that is told of may be chosen", () => {
  const alarm = synth({ p99AlarmMilliseconds: 300 }).one("aws_cloudwatch_metric_alarm", "latency");
  expect(alarm["threshold"]).toBe(300);
});

test("outside a VPC, the role may not touch the network", () => {
  expect(lambda()).not.toHaveProperty("vpc_config");
  expect(plain.one("aws_iam_role_policy")["policy"]).not.toContain("ec2:");
});

test("control 21: in a VPC, Lambda attaches the function, and the function's code may not", () => {
  const inVpc = synth({ vpc: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] } });
  expect(inVpc.one("aws_lambda_function")["vpc_config"]).toEqual({
    subnet_ids: ["subnet-1"],
    security_group_ids: ["sg-1"],
  });
  const [allow, deny] = statements(inVpc).filter(
    ({ Sid }) => Sid.endsWith("AttachToVpc") || Sid.endsWith("AttachesToVpc"),
  );
  expect(allow).toMatchObject({ Effect: "Allow", Resource: ["*"] });
  expect(deny).toMatchObject({
    Effect: "Deny",
    Action: allow?.Action,
    Condition: { ArnEquals: { "lambda:SourceFunctionArn": FUNCTION } },
  });
});

test("one artifact deployed twice shares no name", () => {
  const twice = synth({ name: "hello-v1" }, { name: "hello-v2" });
  for (const [type, field] of [
    ["aws_lambda_function", "function_name"],
    ["aws_iam_role", "name"],
    ["aws_s3_object", "key"],
    ["aws_cloudwatch_log_group", "name"],
    ["aws_cloudwatch_metric_alarm", "alarm_name"],
  ] as const) {
    const names = twice.all(type).map((resource) => resource[field]);
    expect(new Set(names).size).toBe(names.length);
  }
});

test.each([
  [
    "a variable that is missing",
    {},
    "function hello: functions/hello/function.json requires TABLE; set it in environment",
  ],
  [
    "a variable that is not known",
    { TABLE: "todos", TABEL: "todos", PORT: "1" },
    "function hello: functions/hello/function.json does not know TABEL, PORT; remove it or name it there",
  ],
])("%s is refused", (_case, environment, message) => {
  expect(() => synth({ environment: environment as Record<string, string> })).toThrow(new Error(message));
});

test("an optional variable is set when given", () => {
  const environment = { TABLE: "todos", ORIGIN: "https://app.example.com" };
  expect(synth({ environment }).one("aws_lambda_function")["environment"]["variables"]).toEqual(environment);
});
