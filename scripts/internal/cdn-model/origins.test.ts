import { failsOver, patienceSeconds, targetOf } from ".";
import { behaviourOf, distributionOf, originOf } from "./fixture";

const alb = originOf();
const s3 = originOf({ id: "s3", kind: "s3" });
const distribution = distributionOf([], {
  origins: { alb, s3 },
  originGroups: { both: { id: "both", members: ["alb", "s3"], failoverStatuses: [404, 503] } },
});

test("a behaviour asks its origin", () => {
  expect(targetOf(distribution, behaviourOf({ targetId: "s3" }))).toEqual({
    origins: [s3],
    failoverStatuses: [],
  });
});

test("a behaviour of a group asks its two origins in their order", () => {
  expect(targetOf(distribution, behaviourOf({ targetId: "both" }))).toEqual({
    origins: [alb, s3],
    failoverStatuses: [404, 503],
  });
});

test("an origin that is not there is told", () => {
  expect(() => targetOf(distribution, behaviourOf({ pathPattern: "/a", targetId: "x" }))).toThrow(
    "behaviour /a: there is no origin x",
  );
});

describe("the second origin is asked", () => {
  const group = targetOf(distribution, behaviourOf({ targetId: "both" }));

  test.each([
    { name: "a status that is named", method: "GET", outcome: 503, expected: true },
    { name: "a missing file, which is named", method: "HEAD", outcome: 404, expected: true },
    { name: "no answer", method: "OPTIONS", outcome: undefined, expected: true },
    { name: "a status that is not named", method: "GET", outcome: 500, expected: false },
    { name: "success", method: "GET", outcome: 200, expected: false },
    { name: "a redirect", method: "GET", outcome: 302, expected: false },
    { name: "a request that writes", method: "POST", outcome: 503, expected: false },
    { name: "a request that writes, without an answer", method: "PUT", outcome: undefined, expected: false },
  ])("after $name: $expected", ({ method, outcome, expected }) => {
    expect(failsOver(group, method, outcome)).toBe(expected);
  });

  test("never where there is none", () => {
    expect(failsOver(targetOf(distribution, behaviourOf()), "GET", undefined)).toBe(false);
  });
});

test("attempts and timeouts bound how long an origin is waited for", () => {
  expect(patienceSeconds(alb)).toEqual({ connecting: 30, answering: 90 });
  const impatient = originOf({ connectionAttempts: 2, connectionTimeoutSeconds: 5, readTimeoutSeconds: 10 });
  expect(patienceSeconds(impatient)).toEqual({ connecting: 10, answering: 20 });
});
