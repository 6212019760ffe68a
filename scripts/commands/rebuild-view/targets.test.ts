import { historyTargets, type StackWithHistory } from "./targets";

const ref = (type: string, id: string, attribute: string) => `\${${type}.${id}.${attribute}}`;

/** As cdktf synthesises it, as far as the view is read from it. */
const resource = {
  aws_dynamodb_table: {
    todos: { name: "acme-prod-todos" },
    history: { name: "acme-prod-order-history" },
  },
  aws_cloudwatch_event_bus: { shop_bus: { name: "acme-prod-shop" } },
  aws_cloudwatch_event_archive: {
    shop_archive: {
      name: "acme-prod-shop",
      event_source_arn: ref("aws_cloudwatch_event_bus", "shop_bus", "arn"),
    },
  },
  aws_cloudwatch_event_rule: {
    placed: { name: "acme-prod-placed", event_pattern: '{"detail-type":["shop.order.placed.v1"]}' },
    rebuild: {
      name: "acme-prod-order-history-rebuild",
      event_bus_name: ref("aws_cloudwatch_event_bus", "shop_bus", "name"),
      event_pattern: '{"replay-name":[{"exists":true}]}',
    },
  },
  aws_cloudwatch_event_target: {
    placed: {
      rule: ref("aws_cloudwatch_event_rule", "placed", "name"),
      arn: ref("aws_sqs_queue", "other", "arn"),
    },
    rebuild: {
      rule: ref("aws_cloudwatch_event_rule", "rebuild", "name"),
      arn: ref("aws_sqs_queue", "queue", "arn"),
    },
  },
  aws_sqs_queue: {
    other: { name: "acme-prod-other" },
    queue: {
      name: "acme-prod-order-history-rebuild",
      redrive_policy: JSON.stringify({ deadLetterTargetArn: ref("aws_sqs_queue", "failures", "arn") }),
    },
    failures: { name: "acme-prod-order-history-rebuild-failed" },
  },
};
const stack: StackWithHistory = {
  provider: {
    aws: [
      { alias: "aws-us-east-1", region: "us-east-1" },
      { region: "eu-west-1", allowed_account_ids: ["111111111111"] },
    ],
  },
  resource,
};

test("finds the rule of replays, its bus, archive and queue, and the table", () => {
  const arn = "arn:aws:events:eu-west-1:111111111111";
  expect(historyTargets("envs/prod", stack)).toEqual({
    accountId: "111111111111",
    region: "eu-west-1",
    tableName: "acme-prod-order-history",
    archiveName: "acme-prod-shop",
    archiveArn: `${arn}:archive/acme-prod-shop`,
    busArn: `${arn}:event-bus/acme-prod-shop`,
    ruleArn: `${arn}:rule/acme-prod-shop/acme-prod-order-history-rebuild`,
    queueName: "acme-prod-order-history-rebuild",
    deadLetterQueueName: "acme-prod-order-history-rebuild-failed",
  });
});

test.each([
  ["view of orders", "aws_dynamodb_table"],
  ["rule that takes replayed events", "aws_cloudwatch_event_rule"],
  ["archive of events", "aws_cloudwatch_event_archive"],
  ["bus of events", "aws_cloudwatch_event_bus"],
  ["queue of replayed events", "aws_sqs_queue"],
])("an environment without a %s is told how to get one", (what, type) => {
  const without = { ...stack, resource: { ...resource, [type]: {} } };
  expect(() => historyTargets("envs/prod", without)).toThrow(
    `envs/prod: has no ${what}; microservices.events.history of its specification adds it`,
  );
});
