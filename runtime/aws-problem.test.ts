import { awsProblem, dynamoDbProblem } from "./aws-problem";

const named = (name: string, fields: object = {}) => Object.assign(new Error("x"), { name, ...fields });

test.each([
  ["throttling", named("ThrottlingException"), 503, "The database is busy. Try again."],
  ["too many requests", named("SlowDown"), 503, "The database is busy. Try again."],
  [
    "a transaction in the way",
    named("TransactionCanceledException", {
      CancellationReasons: [{ Code: "None" }, { Code: "TransactionConflict" }],
    }),
    503,
    "The database is busy. Try again.",
  ],
  ["nobody there", named("Error", { code: "ECONNREFUSED" }), 503, "The database is away. Try again."],
  [
    "a fault",
    named("Fault", { $metadata: { httpStatusCode: 500 } }),
    503,
    "The database is away. Try again.",
  ],
  [
    "no answer",
    named("TimeoutError"),
    504,
    "The database did not answer in time. Whether a write took place is not known.",
  ],
])("%s", (_case, error, status, detail) => {
  expect(dynamoDbProblem(error)).toMatchObject({ status, detail });
});

test("of what is only read, nothing is said of writes", () => {
  expect(awsProblem("file store", false)(named("TimeoutError"))).toMatchObject({
    status: 504,
    detail: "The file store did not answer in time.",
  });
});

test.each([
  ["a refusal", named("AccessDeniedException", { $metadata: { httpStatusCode: 400 } })],
  [
    "a cancelled transaction that was wrong",
    named("TransactionCanceledException", { CancellationReasons: [{ Code: "ValidationError" }] }),
  ],
  ["no error", undefined],
])("%s is nothing that a client can mend", (_case, error) => {
  expect(dynamoDbProblem(error)).toBeUndefined();
});
