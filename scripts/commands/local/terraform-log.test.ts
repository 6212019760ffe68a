import { type DeployProgress, findErrors, followDeploy, isTransient, plainText } from "./terraform-log";

test("colours are taken out", () => {
  expect(plainText("\u001b[0m\u001b[1mInitializing\u001b[0m")).toBe("Initializing");
});

describe("progress", () => {
  function follow(...lines: string[]): DeployProgress {
    return lines.reduce(followDeploy, { finished: 0 });
  }

  test("is unknown before the plan", () => {
    expect(follow("envs/local  Initializing the backend...")).toEqual({ finished: 0 });
  });

  test.each([
    ["of a new stack", "            Plan: 119 to add, 0 to change, 0 to destroy.", 119],
    ["with the stack's name before it", "envs/local  Plan: 2 to add, 17 to change, 2 to destroy.", 21],
    ["with imports", "  Plan: 1 to import, 2 to add, 0 to change, 0 to destroy.", 2],
  ])("the plan %s says how much there is to do", (_, line, planned) => {
    expect(follow(line)).toEqual({ finished: 0, planned });
  });

  test("what is created, changed and destroyed counts", () => {
    expect(
      follow(
        "Plan: 1 to add, 1 to change, 1 to destroy.",
        "envs/local  aws_s3_bucket.b: Creating...",
        "envs/local  aws_s3_bucket.b: Creation complete after 0s [id=demo]",
        "            aws_sqs_queue.q: Modifications complete after 1s [id=q]",
        "            aws_iam_role.r: Destruction complete after 0s",
      ),
    ).toEqual({ finished: 3, planned: 3 });
  });
});

describe("errors", () => {
  test("Terraform's are shown without frames and the stack's name, each once", () => {
    const box = (prefix: string) => `${prefix}╷
            │ Error: creating S3 Bucket (demo): BucketAlreadyExists
            │ 
            │   with aws_s3_bucket.b (b),
            │   on cdk.tf.json line 12, in resource.aws_s3_bucket.b (b):
            │   12:       }
            │ 
            ╵
`;
    expect(
      findErrors(
        `Plan: 1 to add\n${box("envs/local  ")}${box("[2026-11-24T20:00:03.626] [ERROR] default - ")}`,
      ),
    ).toEqual([
      "Error: creating S3 Bucket (demo): BucketAlreadyExists",
      "  with aws_s3_bucket.b (b),",
      "  on cdk.tf.json line 12, in resource.aws_s3_bucket.b (b):",
      "  12:       }",
    ]);
  });

  test("without any, the last lines are shown", () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    expect(findErrors(`${lines.join("\n")}\n\n`)).toEqual(lines.slice(-10));
  });
});

test.each([
  ["Error: creating SQS Queue: QueueAlreadyExists: …", true],
  ["BucketAlreadyOwnedByYou: Your previous request succeeded", true],
  ["ResourceConflictException: Function already exist: acme-local-todos", true],
  ["Error: creating Kinesis Stream: ResourceInUseException: Stream s already exists", true],
  ["Error: AccessDenied: not authorized", false],
])("%s: a fresh start helps: %s", (log, expected) => {
  expect(isTransient(log)).toBe(expected);
});
