import { TerraformOutput } from "cdktf";
import { synthesise } from "../internal/synth-test";
import { ALARMS, busOf, KEY, reference, topicOf } from "./fixture";

const TOPIC_ARN = reference("aws_sns_topic", "topic", "arn");

const { one, json } = synthesise((stack) => {
  const topic = topicOf(stack);
  busOf(stack).addRule("orders", {
    name: "orders",
    types: ["shop.order.placed.v1"],
    target: { topic },
  });
  new TerraformOutput(stack, "publish", { value: topic.publishStatements() });
});

test("control 24: messages are encrypted with the customer's key", () => {
  expect(one("aws_sns_topic")).toMatchObject({ name: "acme-test-order-events", kms_master_key_id: KEY });
});

test("control 21: rules that have it as target publish, and nobody without TLS", () => {
  expect(JSON.parse(one("aws_sns_topic_policy").policy).Statement).toEqual([
    {
      Sid: "DenyPlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: ["sns:Publish"],
      Resource: [TOPIC_ARN],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "PublishFromRuleOrders",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["sns:Publish"],
      Resource: [TOPIC_ARN],
      Condition: { ArnEquals: { "aws:SourceArn": reference("aws_cloudwatch_event_rule", "orders", "arn") } },
    },
  ]);
});

test("control 21: a role publishes with the key for this topic alone", () => {
  expect(json["output"].publish.value).toEqual([
    { sid: "PublishToOrderEvents", actions: ["sns:Publish"], resources: [TOPIC_ARN] },
    {
      sid: "EncryptForOrderEventsTopic",
      actions: ["kms:GenerateDataKey", "kms:Decrypt"],
      resources: [KEY],
      conditions: {
        StringEquals: {
          "kms:ViaService": "sns.eu-west-1.amazonaws.com",
          "kms:EncryptionContext:aws:sns:topicArn": TOPIC_ARN,
        },
      },
    },
  ]);
});

test("control 29: the first message that cannot be delivered alarms", () => {
  expect(one("aws_cloudwatch_metric_alarm", "undelivered")).toMatchObject({
    alarm_name: "acme-test-order-events-undelivered",
    threshold: 0,
    datapoints_to_alarm: 1,
    alarm_actions: [ALARMS],
  });
});
