import { TerraformOutput } from "cdktf";
import { synthesise, testLabel } from "../internal/synth-test";
import { Schedule, type ScheduleConfig } from ".";
import { ALARMS, KEY, reference } from "./fixture";

const FUNCTION = "arn:aws:lambda:eu-west-1:111111111111:function:acme-test-report:live";
const MACHINE = "arn:aws:states:eu-west-1:111111111111:stateMachine:acme-test-report";
const FAILURES = reference("aws_sqs_queue", "failures", "arn");

const synth = (changes: Partial<ScheduleConfig> = {}) =>
  synthesise((stack) => {
    const schedule = new Schedule(stack, "report", {
      label: testLabel,
      name: "report",
      expression: "cron(0 3 * * ? *)",
      target: { functionAliasArn: FUNCTION },
      kmsKeyArn: KEY,
      alarmTopicArn: ALARMS,
      ...changes,
    });
    new TerraformOutput(stack, "arn", { value: schedule.arn });
  });

const { one, json } = synth();

test("starts the function at the time that is said, in UTC, with no input", () => {
  const {
    name,
    group_name,
    schedule_expression,
    schedule_expression_timezone,
    flexible_time_window,
    target,
  } = one("aws_scheduler_schedule");
  expect({
    name,
    group_name,
    schedule_expression,
    schedule_expression_timezone,
    flexible_time_window,
  }).toEqual({
    name: "acme-test-report",
    group_name: "default",
    schedule_expression: "cron(0 3 * * ? *)",
    schedule_expression_timezone: "UTC",
    flexible_time_window: { mode: "OFF" },
  });
  expect(target).toMatchObject({ arn: FUNCTION, input: "{}" });
  expect(json["output"].arn.value).toEqual(reference("aws_scheduler_schedule", "report", "arn"));
});

test("control 5: a start that fails for good is kept in a queue", () => {
  const { target, depends_on } = one("aws_scheduler_schedule");
  expect(target).toMatchObject({
    dead_letter_config: { arn: FAILURES },
    retry_policy: { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 10 },
  });
  expect(depends_on).toEqual([expect.stringMatching(/^aws_iam_role_policy\./)]);
  expect(one("aws_sqs_queue")).toMatchObject({
    name: "acme-test-report-schedule-failed",
    kms_master_key_id: KEY,
  });
});

test("control 22: the scheduler alone has the role, for schedules of this account", () => {
  expect(one("aws_scheduler_schedule").target.role_arn).toEqual(reference("aws_iam_role", "role", "arn"));
  expect(JSON.parse(one("aws_iam_role").assume_role_policy).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "scheduler.amazonaws.com" },
      Action: ["sts:AssumeRole"],
      Condition: {
        StringEquals: {
          "aws:SourceAccount": "111111111111",
          "aws:SourceArn": "arn:aws:scheduler:eu-west-1:111111111111:schedule-group/default",
        },
      },
    },
  ]);
});

test.each([
  {
    of: "the function",
    target: { functionAliasArn: FUNCTION },
    action: "lambda:InvokeFunction",
    arn: FUNCTION,
  },
  {
    of: "the state machine",
    target: { stateMachineArn: MACHINE },
    action: "states:StartExecution",
    arn: MACHINE,
  },
] as const)(
  "control 21: the role may start $of and keep failures, nothing else",
  ({ target, action, arn }) => {
    const made = synth({ target });
    expect(made.one("aws_scheduler_schedule").target.arn).toBe(arn);
    expect(JSON.parse(made.one("aws_iam_role_policy").policy).Statement).toEqual([
      { Sid: "Start", Effect: "Allow", Action: [action], Resource: [arn] },
      { Sid: "SendFailures", Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [FAILURES] },
      {
        Sid: "EncryptFailures",
        Effect: "Allow",
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: [KEY],
        Condition: {
          StringEquals: {
            "kms:ViaService": "sqs.eu-west-1.amazonaws.com",
            "kms:EncryptionContext:aws:sqs:arn": FAILURES,
          },
        },
      },
    ]);
  },
);

test("a window, a time zone, an input and bounds of retries are as configured", () => {
  const schedule = synth({
    timeZone: "Europe/Berlin",
    flexibleMinutes: 15,
    input: { days: 7 },
    maximumEventAgeSeconds: 600,
    maximumRetryAttempts: 0,
  }).one("aws_scheduler_schedule");
  expect(schedule).toMatchObject({
    schedule_expression_timezone: "Europe/Berlin",
    flexible_time_window: { mode: "FLEXIBLE", maximum_window_in_minutes: 15 },
    target: {
      input: '{"days":7}',
      retry_policy: { maximum_event_age_in_seconds: 600, maximum_retry_attempts: 0 },
    },
  });
});

test("all that is wrong is told at once", () => {
  expect(() =>
    synth({
      expression: "daily",
      flexibleMinutes: 1441,
      maximumEventAgeSeconds: 59,
      maximumRetryAttempts: 186,
    }),
  ).toThrow(
    new Error(
      'schedule report: expression must be rate(…), cron(…) or at(…), got "daily"\n' +
        "schedule report: flexibleMinutes must be a whole number from 1 to 1440, got 1441\n" +
        "schedule report: maximumEventAgeSeconds must be a whole number from 60 to 86400, got 59\n" +
        "schedule report: maximumRetryAttempts must be a whole number from 0 to 185, got 186",
    ),
  );
});
