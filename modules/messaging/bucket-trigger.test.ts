import { synthesise, testLabel } from "../internal/synth-test";
import { BucketTrigger, type BucketTriggerConfig } from ".";
import { queueOf, reference } from "./fixture";

const synth = (changes: Partial<BucketTriggerConfig> = {}, fifo = false) =>
  synthesise((stack) => {
    new BucketTrigger(stack, "import-trigger", {
      label: testLabel,
      bucket: "acme-test-import",
      queue: queueOf(stack, { fifo }),
      ...changes,
    });
  });

const { one } = synth({ prefix: "incoming/", suffix: ".csv" });

test("the queue is told of each new object that is meant", () => {
  expect(one("aws_s3_bucket_notification")).toMatchObject({
    bucket: "acme-test-import",
    queue: [
      {
        id: "stock",
        queue_arn: reference("aws_sqs_queue", "stock_queue", "arn"),
        events: ["s3:ObjectCreated:*"],
        filter_prefix: "incoming/",
        filter_suffix: ".csv",
      },
    ],
    // S3 sends a test message at once, and refuses the notification when it cannot.
    depends_on: [expect.stringMatching(/^aws_sqs_queue_policy\.stock_policy/)],
  });
});

test("without a prefix or suffix it is told of all", () => {
  const [queue] = synth().one("aws_s3_bucket_notification").queue;
  expect(Object.keys(queue).sort()).toEqual(["events", "id", "queue_arn"]);
});

test("control 21: S3 sends for this bucket of this account alone", () => {
  expect(JSON.parse(one("aws_sqs_queue_policy", "stock_policy").policy).Statement).toEqual([
    expect.objectContaining({ Sid: "DenyPlainHttp" }),
    expect.objectContaining({
      Sid: "SendFromBucketImportTrigger",
      Principal: { Service: "s3.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Condition: {
        ArnEquals: { "aws:SourceArn": "arn:aws:s3:::acme-test-import" },
        StringEquals: { "aws:SourceAccount": "111111111111" },
      },
    }),
  ]);
});

test("refused: a FIFO queue", () => {
  expect(() => synth({}, true)).toThrow(new Error("queue stock must not be FIFO: S3 sends to no such queue"));
});
