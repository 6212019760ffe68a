import { TerraformOutput, type TerraformStack } from "cdktf";
import { synthesise } from "../internal/synth-test";
import type { EventRuleConfig } from ".";
import { ALARMS, busOf, consumerOf, KEY, queueOf, reference, topicOf } from "./fixture";

const TYPE = "shop.order.placed.v1";
const MACHINE = "arn:aws:states:eu-west-1:111111111111:stateMachine:acme-test-fulfilment";
const RULES = ["to-queue", "to-topic", "to-machine", "to-function"] as const;

const { one, json, types } = synthesise((stack) => {
  const bus = busOf(stack, { schemas: { [TYPE]: '{"type":"object"}' } });
  const queue = queueOf(stack);
  const consumer = consumerOf(stack, [{ queue: queueOf(stack, { name: "other" }) }]);
  bus.addRule("to-queue", {
    name: "to-queue",
    pattern: { "replay-name": [{ exists: true }] },
    target: { queue },
    input: "whole",
    maximumEventAgeSeconds: 60,
    maximumRetryAttempts: 0,
  });
  bus.addRule("to-topic", { name: "to-topic", types: [TYPE], target: { topic: topicOf(stack) } });
  const rule = bus.addRule("to-machine", {
    name: "to-machine",
    types: [TYPE],
    source: "shop.orders",
    target: { stateMachineArn: MACHINE },
  });
  bus.addRule("to-function", { name: "to-function", types: [TYPE], target: { function: consumer } });
  new TerraformOutput(stack, "put", { value: bus.putStatements({ source: "shop.orders", types: [TYPE] }) });
  new TerraformOutput(stack, "of-bus", {
    value: [bus.arn, bus.name, bus.archiveArn, bus.deadLetterQueueArn],
  });
  new TerraformOutput(stack, "rule", { value: [rule.arn, rule.name] });
});

const BUS_NAME = reference("aws_cloudwatch_event_bus", "bus", "name");
const BUS_ARN = reference("aws_cloudwatch_event_bus", "bus", "arn");
const FAILURES = reference("aws_sqs_queue", "bus_failures", "arn");
const ruleArn = (name: string) => reference("aws_cloudwatch_event_rule", name, "arn");

test("all that is put on the bus is kept for replays", () => {
  expect(one("aws_cloudwatch_event_bus").name).toBe("acme-test-shop");
  const archive = one("aws_cloudwatch_event_archive");
  expect(archive).toMatchObject({ name: "acme-test-shop", event_source_arn: BUS_ARN, retention_days: 30 });
  expect(archive.event_pattern).toBeUndefined();
});

test("control 21: a role may put events of its source and types on this bus, and no other account may", () => {
  expect(json["output"].put.value).toEqual([
    {
      sid: "PutEventsOnShop",
      actions: ["events:PutEvents"],
      resources: [BUS_ARN],
      conditions: { StringEquals: { "events:source": "shop.orders", "events:detail-type": [TYPE] } },
    },
  ]);
  expect(types).not.toContain("aws_cloudwatch_event_bus_policy");
});

test("what others need is there to be named", () => {
  expect(json["output"]["of-bus"].value).toEqual([
    BUS_ARN,
    BUS_NAME,
    reference("aws_cloudwatch_event_archive", "archive", "arn"),
    FAILURES,
  ]);
  expect(json["output"].rule.value).toEqual([
    ruleArn("to-machine"),
    reference("aws_cloudwatch_event_rule", "to-machine", "name"),
  ]);
});

test("schemas are in a registry, for people", () => {
  expect(one("aws_schemas_registry").name).toBe("acme-test-shop");
  expect(one("aws_schemas_schema")).toMatchObject({
    name: TYPE,
    registry_name: reference("aws_schemas_registry", "schemas", "name"),
    type: "JSONSchemaDraft4",
    content: '{"type":"object"}',
  });
  const without = synthesise((stack) => {
    busOf(stack);
  });
  expect(without.types).not.toContain("aws_schemas_registry");
});

test("a rule picks events by their types and where they come from, or by a pattern of its own", () => {
  const rules = RULES.map((name) => one("aws_cloudwatch_event_rule", name));
  expect(rules.map(({ name, event_bus_name }) => [name, event_bus_name])).toEqual(
    RULES.map((name) => [`acme-test-${name}`, BUS_NAME]),
  );
  const byType = { "detail-type": [TYPE] };
  expect(rules.map(({ event_pattern }) => JSON.parse(event_pattern))).toEqual([
    { "replay-name": [{ exists: true }] },
    byType,
    { source: ["shop.orders"], ...byType },
    byType,
  ]);
});

test.each([
  { rule: "to-queue", arn: reference("aws_sqs_queue", "stock_queue", "arn"), age: 60, retries: 0 },
  { rule: "to-topic", arn: reference("aws_sns_topic", "topic", "arn") },
  { rule: "to-machine", arn: MACHINE },
  { rule: "to-function", arn: reference("aws_lambda_alias", "live", "arn") },
])(
  "control 5: rule $rule gives up after a while, into a queue",
  ({ rule, arn, age = 3600, retries = 30 }) => {
    const target = one("aws_cloudwatch_event_target", rule);
    expect(target).toMatchObject({
      arn,
      event_bus_name: BUS_NAME,
      dead_letter_config: { arn: FAILURES },
      retry_policy: { maximum_event_age_in_seconds: age, maximum_retry_attempts: retries },
    });
  },
);

test("a target gets the event as its producer made it, or whole where it asks for that", () => {
  expect(RULES.map((name) => one("aws_cloudwatch_event_target", name).input_path)).toEqual([
    undefined,
    "$.detail",
    "$.detail",
    "$.detail",
  ]);
});

test.each([
  { rule: "to-queue", waits: ["aws_sqs_queue_policy.stock_policy", "aws_sqs_queue_policy.bus_failures"] },
  { rule: "to-topic", waits: ["aws_sns_topic_policy.topic_policy", "aws_sqs_queue_policy.bus_failures"] },
  { rule: "to-machine", waits: ["aws_iam_role_policy.bus_to-machine", "aws_sqs_queue_policy.bus_failures"] },
  {
    rule: "to-function",
    waits: ["aws_lambda_permission.consumer_function_from-rule", "aws_sqs_queue_policy.bus_failures"],
  },
])("rule $rule delivers only once it is let", ({ rule, waits }) => {
  const { depends_on } = one("aws_cloudwatch_event_target", rule);
  expect(depends_on).toEqual(waits.map((wait) => expect.stringMatching(`^${wait}`)));
});

test("control 21: the rule's queue, and that of what no target took, let these rules in alone", () => {
  const send = (name: string, sid: string) =>
    expect.objectContaining({
      Sid: sid,
      Principal: { Service: "events.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Condition: { ArnEquals: { "aws:SourceArn": ruleArn(name) } },
    });
  const statementsOf = (id: string) => JSON.parse(one("aws_sqs_queue_policy", id).policy).Statement;
  expect(statementsOf("stock_policy")).toEqual([
    expect.objectContaining({ Sid: "DenyPlainHttp" }),
    send("to-queue", "SendFromRuleToQueue"),
  ]);
  expect(statementsOf("bus_failures")).toEqual([
    expect.objectContaining({ Sid: "DenyPlainHttp" }),
    send("to-queue", "SendFromRuleToQueue"),
    send("to-topic", "SendFromRuleToTopic"),
    send("to-machine", "SendFromRuleToMachine"),
    send("to-function", "SendFromRuleToFunction"),
  ]);
});

test("control 22: EventBridge starts the state machine by a role that only this rule may use", () => {
  expect(one("aws_cloudwatch_event_target", "to-machine").role_arn).toEqual(
    reference("aws_iam_role", "to-machine", "arn"),
  );
  expect(JSON.parse(one("aws_iam_role", "to-machine").assume_role_policy).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["sts:AssumeRole"],
      Condition: {
        StringEquals: { "aws:SourceAccount": "111111111111" },
        ArnEquals: { "aws:SourceArn": ruleArn("to-machine") },
      },
    },
  ]);
  expect(JSON.parse(one("aws_iam_role_policy", "to-machine").policy).Statement).toEqual([
    { Sid: "StartExecution", Effect: "Allow", Action: ["states:StartExecution"], Resource: [MACHINE] },
  ]);
});

test("control 23: EventBridge invokes the function for this rule alone", () => {
  expect(one("aws_lambda_permission")).toMatchObject({
    principal: "events.amazonaws.com",
    source_arn: ruleArn("to-function"),
    qualifier: "live",
  });
});

test("control 29: what a rule cannot deliver alarms, and what no target took", () => {
  expect(one("aws_sqs_queue", "bus_failures")).toMatchObject({
    name: "acme-test-shop-undelivered-failed",
    kms_master_key_id: KEY,
  });
  const alarms = [...RULES, "bus_failures"].map((id) => one("aws_cloudwatch_metric_alarm", id));
  expect(
    alarms.map(({ alarm_name, threshold, alarm_actions }) => [alarm_name, threshold, alarm_actions]),
  ).toEqual(
    [...RULES.map((name) => `acme-test-${name}-failures`), "acme-test-shop-undelivered-failed-depth"].map(
      (name) => [name, 0, [ALARMS]],
    ),
  );
});

test("refused: a right to put what are no events", () => {
  expect(() =>
    synthesise((stack) => busOf(stack).putStatements({ source: "shop.orders", types: [] })),
  ).toThrow(new Error("bus shop: types must be 1 to 150 types of events, got 0"));
});

test("refused: an archive of no days", () => {
  expect(() => synthesise((stack) => busOf(stack, { archiveDays: 0 }))).toThrow(
    new Error("bus shop: archiveDays must be a whole number from 1 to 3650, got 0"),
  );
});

const target = { stateMachineArn: MACHINE };

test.each<{ name: string; rule: (stack: TerraformStack) => Omit<EventRuleConfig, "name">; message: string }>([
  {
    name: "that picks nothing",
    rule: () => ({ target }),
    message: "rule orders: one of types and pattern must be given, got none",
  },
  {
    name: "that picks by types and a pattern",
    rule: () => ({ target, types: [TYPE], pattern: {} }),
    message: "rule orders: one of types and pattern must be given, got both",
  },
  {
    name: "with a source beside a pattern",
    rule: () => ({ target, source: "shop.orders", pattern: {} }),
    message: "rule orders: source goes with types; a pattern says its own",
  },
  {
    name: "of what is no type",
    rule: () => ({ target, types: ["Placed"] }),
    message: 'rule orders: types[0] must be words joined by dots, as shop.order.placed.v1, got "Placed"',
  },
  {
    name: "that retries for too long",
    rule: () => ({ target, types: [TYPE], maximumEventAgeSeconds: 59, maximumRetryAttempts: 186 }),
    message:
      "rule orders: maximumEventAgeSeconds must be a whole number from 60 to 86400, got 59\n" +
      "rule orders: maximumRetryAttempts must be a whole number from 0 to 185, got 186",
  },
  {
    name: "to a FIFO queue",
    rule: (stack) => ({ target: { queue: queueOf(stack, { fifo: true }) }, types: [TYPE] }),
    message: "rule orders: queue stock must not be FIFO: events have no group",
  },
])("refused: a rule $name", ({ rule, message }) => {
  expect(() =>
    synthesise((stack) => {
      busOf(stack).addRule("orders", { name: "orders", ...rule(stack) });
    }),
  ).toThrow(new Error(message));
});
