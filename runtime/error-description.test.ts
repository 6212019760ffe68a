import { describeError } from ".";

test("control 28: the message is left out, as it may quote what a user wrote", () => {
  const described = describeError(new Error("bad title: buy a present for Ann"));
  expect(JSON.stringify(described)).not.toContain("Ann");
  expect(described.name).toBe("Error");
  expect(described.frames[0]).toMatch(/^at .*error-description\.test\.ts/);
});

test("a message of several lines leaves no line behind", () => {
  const described = describeError(new Error("first\nsecond secret\nthird"));
  expect(JSON.stringify(described)).not.toContain("secret");
});

test("tells what an AWS service said of the call", () => {
  const error = Object.assign(new Error("no"), {
    name: "AccessDeniedException",
    $metadata: { requestId: "r-1", httpStatusCode: 400, attempts: 3 },
  });
  expect(describeError(error)).toMatchObject({
    name: "AccessDeniedException",
    serviceRequestId: "r-1",
    serviceStatus: 400,
    attempts: 3,
  });
});

test.each([
  ["of the system is told", "ECONNREFUSED", "ECONNREFUSED"],
  ["that is a sentence is not: it may quote a user", "no such item: milk", undefined],
  ["that is a number is not", 5, undefined],
])("a code %s", (_case, code, told) => {
  expect(describeError(Object.assign(new Error("no"), { code })).code).toBe(told);
});

test("what is no error is named by its type alone", () => {
  expect(describeError("secret")).toEqual({ name: "string", frames: [] });
});
