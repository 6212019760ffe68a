import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { StateMachine, type StateMachineConfig, type StateMachineDefinition, type TaskState } from ".";
import { bookingWorkflow, orderWorkflow, TARGETS } from "./fixture";

const ARN = "arn:aws:states:eu-west-1:111111111111:stateMachine:acme-test-fulfilment";
const DATA_KEY = "arn:aws:kms:eu-west-1:111111111111:key/data";

const config: StateMachineConfig = {
  label: testLabel,
  name: "fulfilment",
  type: "STANDARD",
  definition: orderWorkflow(),
  timeoutSeconds: 3600,
  kmsKeyArn: DATA_KEY,
  logKmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/telemetry",
  logRetentionDays: 30,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms",
};

const synth = (changes: Partial<StateMachineConfig> = {}) =>
  synthesise((stack) => new StateMachine(stack, "fulfilment", { ...config, ...changes }));

const standard = synth();
const stateMachine = standard.one("aws_sfn_state_machine");
const statements: Resource[] = JSON.parse(standard.one("aws_iam_role_policy")["policy"])["Statement"];
const statement = (sid: string) => statements.find(({ Sid }) => Sid === sid);

test("control 2: prevent_destroy follows deletionProtection", () => {
  const lifecycle = (changes: Partial<StateMachineConfig>) =>
    synth(changes).one("aws_sfn_state_machine")["lifecycle"];
  expect(lifecycle({ deletionProtection: true })).toEqual({ prevent_destroy: true });
  expect(lifecycle({})).toEqual({ prevent_destroy: false });
});

test("control 19: executions are traced", () => {
  expect(stateMachine["tracing_configuration"]).toEqual({ enabled: true });
});

test("control 24: definition and executions are encrypted with the customer-managed key", () => {
  expect(stateMachine["encryption_configuration"]).toEqual({
    type: "CUSTOMER_MANAGED_KMS_KEY",
    kms_key_id: DATA_KEY,
    kms_data_key_reuse_period_seconds: 300,
  });
});

test("control 27: every step is logged, encrypted and kept as long as configured", () => {
  expect(standard.one("aws_cloudwatch_log_group")).toMatchObject({
    name: "/aws/vendedlogs/states/acme-test-fulfilment",
    kms_key_id: config.logKmsKeyArn,
    retention_in_days: 30,
  });
  expect(stateMachine["logging_configuration"]).toMatchObject({
    level: "ALL",
    log_destination: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..+\.arn\}:\*$/),
  });
});

test("control 28: what an execution is about is in no log", () => {
  expect(stateMachine["logging_configuration"]["include_execution_data"]).toBe(false);
});

test("control 21: the role may do what the tasks do, and write logs and traces", () => {
  expect(statements.map(({ Sid, Action, Resource: on }) => [Sid, Action, on])).toEqual([
    ["CallFunctions", ["lambda:InvokeFunction"], [TARGETS.functionArn]],
    ["SendMessages", ["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111111111111:acme-test-messages"]],
    ["EncryptMessages", ["kms:GenerateDataKey", "kms:Decrypt"], [DATA_KEY]],
    ["PutEvents", ["events:PutEvents"], ["arn:aws:events:eu-west-1:111111111111:event-bus/acme-test-shop"]],
    ["EncryptExecutions", ["kms:Decrypt", "kms:GenerateDataKey"], [DATA_KEY]],
    ["EncryptLogsOnTheirWay", ["kms:GenerateDataKey"], [DATA_KEY]],
    ["DeliverLogs", expect.arrayContaining(["logs:CreateLogDelivery", "logs:PutResourcePolicy"]), ["*"]],
    ["WriteTraces", expect.arrayContaining(["xray:PutTraceSegments"]), ["*"]],
  ]);
});

test("control 21: messages, events and keys are those of the tasks alone", () => {
  expect(statement("EncryptMessages")?.["Condition"]).toEqual({
    StringEquals: {
      "kms:ViaService": "sqs.eu-west-1.amazonaws.com",
      "kms:EncryptionContext:aws:sqs:arn": ["arn:aws:sqs:eu-west-1:111111111111:acme-test-messages"],
    },
  });
  expect(statement("PutEvents")?.["Condition"]).toEqual({
    StringEquals: {
      "events:source": ["shop.fulfilment"],
      "events:detail-type": ["shop.fulfilment.shipped.v1"],
    },
  });
  expect(statement("EncryptExecutions")?.["Condition"]).toEqual({
    StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": ARN },
  });
  expect(statement("EncryptLogsOnTheirWay")?.["Condition"]).toEqual({
    StringEquals: { "kms:EncryptionContext:SourceArn": "arn:aws:logs:eu-west-1:111111111111:*" },
  });
});

test("control 21: a role that sends no messages has no right to", () => {
  const definition: StateMachineDefinition = { startAt: "Done", states: { Done: { type: "succeed" } } };
  const [policy] = synth({ definition }).all("aws_iam_role_policy");
  expect(JSON.parse(policy?.["policy"])["Statement"].map(({ Sid }: Resource) => Sid)).toEqual([
    "EncryptExecutions",
    "EncryptLogsOnTheirWay",
    "DeliverLogs",
    "WriteTraces",
  ]);
});

test("control 22: Step Functions takes the role for this workflow alone", () => {
  expect(JSON.parse(standard.one("aws_iam_role")["assume_role_policy"])["Statement"]).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "states.amazonaws.com" },
      Action: ["sts:AssumeRole"],
      Condition: {
        StringEquals: { "aws:SourceAccount": "111111111111" },
        ArnLike: { "aws:SourceArn": ARN },
      },
    },
  ]);
});

const alarmed = (synthesised = standard) =>
  synthesised
    .all("aws_cloudwatch_metric_alarm")
    .map(({ metric_query: [query] }) => query["metric"]["metric_name"])
    .sort();

test("control 29: alarms tell of executions that failed, took too long, were stopped or held back", () => {
  expect(alarmed()).toEqual([
    "ExecutionThrottled",
    "ExecutionsAborted",
    "ExecutionsFailed",
    "ExecutionsTimedOut",
  ]);
  expect(standard.one("aws_cloudwatch_metric_alarm", "failed")).toMatchObject({
    alarm_name: "acme-test-fulfilment-failed",
    threshold: 0,
    alarm_actions: [config.alarmTopicArn],
    metric_query: [
      {
        metric: {
          namespace: "AWS/States",
          dimensions: { StateMachineArn: expect.stringMatching(/^\$\{aws_sfn_state_machine\..+\.arn\}$/) },
          stat: "Sum",
        },
      },
    ],
  });
});

test("alarms of executions that came to no good end close with what to do about them", () => {
  const runbook = "Read the handbook.";
  const told = synth({ runbook })
    .all("aws_cloudwatch_metric_alarm")
    .filter((alarm) => String(alarm["alarm_description"]).endsWith(`. ${runbook}`))
    .map((alarm) => String(alarm["alarm_name"]).replace("acme-test-fulfilment-", ""));
  expect(told.sort()).toEqual(["aborted", "failed", "timed-out"]);
});

test("an Express workflow cannot be stopped: no alarm waits for it", () => {
  expect(alarmed(synth({ type: "EXPRESS", timeoutSeconds: 60, definition: bookingWorkflow() }))).toEqual([
    "ExecutionThrottled",
    "ExecutionsFailed",
    "ExecutionsTimedOut",
  ]);
});

test("control 21: who starts it, and who answers it, may do nothing else", () => {
  synthesise((stack) => {
    const workflow = new StateMachine(stack, "returns", { ...config, name: "order-returns" });
    const arn = "arn:aws:states:eu-west-1:111111111111:stateMachine:acme-test-order-returns";
    expect(workflow.startStatements()).toEqual([
      { sid: "StartOrderReturns", actions: ["states:StartExecution"], resources: [arn] },
    ]);
    expect(workflow.callbackStatements()).toEqual([
      {
        sid: "AnswerOrderReturns",
        actions: ["states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"],
        resources: [arn],
      },
      {
        sid: "EncryptAnswersForOrderReturns",
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: [DATA_KEY],
        conditions: { StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": arn } },
      },
    ]);
  });
});

test("control 21: who answers callbacks that take no failure has no right to answer with one", () => {
  const definition = orderWorkflow();
  const approve = { ...definition.states["Approve"], callSeconds: 20 } as TaskState;
  synthesise((stack) => {
    const states = { ...definition.states, Approve: approve };
    const workflow = new StateMachine(stack, "orders", { ...config, definition: { ...definition, states } });
    expect(workflow.callbackStatements()[0]?.actions).toEqual([
      "states:SendTaskHeartbeat",
      "states:SendTaskSuccess",
    ]);
  });
});

test("all that is wrong is told at once", () => {
  const definition: StateMachineDefinition = {
    startAt: "A",
    states: { A: { type: "wait", seconds: 0, next: "B" } },
  };
  expect(() => synth({ type: "EXPRESS", timeoutSeconds: 600, definition })).toThrow(
    new Error(
      [
        "state machine fulfilment: timeoutSeconds must be a whole number from 1 to 300, got 600; what takes longer is STANDARD",
        'state machine fulfilment: definition.states.A.next must name a state, got "B"; there are A',
        "state machine fulfilment: definition.states.A.seconds must be a whole number from 1 to 600, got 0",
      ].join("\n"),
    ),
  );
});
