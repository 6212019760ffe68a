import { EXIT } from "../../internal/cli";
import { GUARD, HISTORY, STOCK } from "./fixture";
import { chooseQueues, failureQueues } from "./targets";

const arn = (id: string) => `\${aws_sqs_queue.${id}.arn}`;

const STACK = {
  provider: {
    aws: [
      { alias: "global", region: "us-east-1" },
      {
        region: "eu-west-1",
        allowed_account_ids: ["111111111111"],
        default_tags: [{ tags: { project: "acme", environment: "prod" } }],
      },
    ],
  },
  resource: {
    aws_sqs_queue: {
      stock: {
        name: "acme-prod-stock",
        redrive_policy: JSON.stringify({ deadLetterTargetArn: arn("stock_failures"), maxReceiveCount: 5 }),
      },
      stock_failures: { name: "acme-prod-stock-failed" },
      history_failures: { name: "acme-prod-history-order-events-failed" },
      bus_failures: { name: "acme-prod-shop-undelivered-failed" },
      nightly_failures: { name: "acme-prod-nightly-schedule-failed" },
      guard_failures: { name: "acme-prod-upload-guard-failed" },
      fifo: {
        name: "acme-prod-letters.fifo",
        redrive_policy: JSON.stringify({ deadLetterTargetArn: arn("fifo_failures") }),
      },
      fifo_failures: { name: "acme-prod-letters-failed.fifo" },
    },
    aws_lambda_event_source_mapping: {
      stream: { destination_config: { on_failure: { destination_arn: arn("history_failures") } } },
      queue: { event_source_arn: arn("stock") },
    },
    aws_cloudwatch_event_target: { rule: { dead_letter_config: { arn: arn("bus_failures") } }, other: {} },
    aws_scheduler_schedule: {
      nightly: { target: { dead_letter_config: { arn: arn("nightly_failures") } } },
    },
    aws_lambda_function: { guard: { function_name: "acme-prod-upload-guard" } },
    aws_lambda_function_event_invoke_config: {
      guard: {
        function_name: "${aws_lambda_function.guard.function_name}",
        destination_config: { on_failure: { destination: arn("guard_failures") } },
      },
    },
  },
} as const;

test("whatever is named as a place for failures is found, with what can be done with it", () => {
  expect(failureQueues(STACK)).toEqual({
    accountId: "111111111111",
    region: "eu-west-1",
    queues: [
      HISTORY,
      {
        name: "letters",
        queueName: "acme-prod-letters-failed.fifo",
        source: { kind: "queue", queueName: "acme-prod-letters.fifo" },
      },
      {
        name: "nightly-schedule",
        queueName: "acme-prod-nightly-schedule-failed",
        source: { kind: "schedule" },
      },
      {
        name: "shop-undelivered",
        queueName: "acme-prod-shop-undelivered-failed",
        source: { kind: "rule" },
      },
      STOCK,
      GUARD,
    ],
  });
});

test("queues are named by what failed, or as they are in AWS; all, when none is named", () => {
  const queues = [STOCK, GUARD, HISTORY];
  expect(chooseQueues("envs/prod", queues, [])).toEqual(queues);
  expect(chooseQueues("envs/prod", queues, ["acme-prod-upload-guard-failed", "stock"])).toEqual([
    STOCK,
    GUARD,
  ]);
  expect(chooseQueues("envs/prod", queues, ["stock-failed"])).toEqual([STOCK]);
});

test.each([
  { queues: [STOCK, GUARD], mend: "name some of: stock, upload-guard" },
  { queues: [], mend: "it has none at all" },
])("a queue that is none is refused: $mend", ({ queues, mend }) => {
  expect(() => chooseQueues("envs/prod", queues, ["stick"])).toThrow(
    expect.objectContaining({
      message: `envs/prod: has no queue of failures "stick"; ${mend}`,
      exitCode: EXIT.usage,
    }),
  );
});
