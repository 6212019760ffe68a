import { dependencyProblem } from "./dependency-problem";

const cancelled = (...codes: string[]) => ({
  name: "TransactionCanceledException",
  $metadata: { httpStatusCode: 400 },
  CancellationReasons: codes.map((Code) => ({ Code })),
});

test.each([
  ["a request that timed out", { name: "TimeoutError" }, 504],
  ["throttling of a table", { name: "ProvisionedThroughputExceededException" }, 503],
  ["throttling of the account", { name: "RequestLimitExceeded" }, 503],
  ["a transaction in another's way", cancelled("None", "TransactionConflict"), 503],
  ["a list that is full", { name: "ItemCollectionSizeLimitExceededException" }, 409],
  ["a transaction on a list that is full", cancelled("ItemCollectionSizeLimitExceeded", "None"), 409],
  [
    "a transaction on a full list that is in another's way, too",
    cancelled("ItemCollectionSizeLimitExceeded", "TransactionConflict"),
    409,
  ],
  ["a refused connection", { name: "Error", code: "ECONNREFUSED" }, 503],
  ["a name that is not found", { name: "Error", code: "ENOTFOUND" }, 503],
  ["a fault of the service", { name: "InternalServerError", $metadata: { httpStatusCode: 500 } }, 503],
  ["a transaction that is wrong", cancelled("None", "ValidationError"), undefined],
  ["a denied call", { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } }, undefined],
  ["a missing table", { name: "ResourceNotFoundException", $metadata: { httpStatusCode: 400 } }, undefined],
  ["a fault of the code", new TypeError("x is not a function"), undefined],
  ["what is no error", "text", undefined],
  ["nothing", undefined, undefined],
])("%s", (_case, error, status) => {
  expect(dependencyProblem(error)?.status).toBe(status);
});

test("a list that is full is told by what helps", () => {
  expect(dependencyProblem({ name: "ItemCollectionSizeLimitExceededException" })?.detail).toBe(
    "The user's to-dos take up all the space there is. Delete some, or make them smaller.",
  );
});
