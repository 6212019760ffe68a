import type { Exception } from "./exceptions";
import { judge } from "./judge";
import type { Finding } from "./scan";

const STACKS = ["envs/local", "envs/prod"];

function finding(check: string, path: string, result: Finding["result"] = "failed"): Finding {
  return {
    check,
    title: `title of ${check}`,
    resource: `aws_thing.${path.replaceAll("/", "-")}`,
    path,
    result,
  };
}

function exception(changes: Partial<Exception> = {}): Exception {
  return { check: "CKV_AWS_18", resources: ["logs/bucket"], because: "It is the log bucket.", ...changes };
}

const FAULT = finding("CKV_AWS_18", "logs/bucket");

test("counts what passed, and leaves what is unknown out", () => {
  const findings = [finding("CKV_AWS_1", "a", "passed"), finding("CKV_AWS_2", "a", "unknown")];
  expect(judge([{ stack: "envs/prod", findings }], [], STACKS)).toEqual({
    stacks: [{ stack: "envs/prod", passed: 1, failed: [], excepted: [] }],
    stale: [],
  });
});

test("accepts a fault that an exception covers, and says why", () => {
  const { stacks, stale } = judge([{ stack: "envs/prod", findings: [FAULT] }], [exception()], ["envs/prod"]);
  expect(stacks).toEqual([
    {
      stack: "envs/prod",
      passed: 0,
      failed: [],
      excepted: [{ ...FAULT, because: "It is the log bucket." }],
    },
  ]);
  expect(stale).toEqual([]);
});

test.each([
  ["of another check", { check: "CKV_AWS_19" }],
  ["of another resource", { resources: ["files/bucket"] }],
  ["of another stack", { stacks: ["envs/local"] }],
])("does not accept a fault for an exception %s", (_name, changes) => {
  const { stacks } = judge([{ stack: "envs/prod", findings: [FAULT] }], [exception(changes)], STACKS);
  expect(stacks[0]?.failed).toEqual([FAULT]);
});

describe("an exception that covers nothing any more", () => {
  const both = STACKS.map((stack) => ({ stack, findings: [FAULT] }));
  const onlyProd = both.slice(1);

  test.each<[string, Partial<Exception>, typeof both, readonly string[]]>([
    ["in none of its resources", { resources: ["logs/bucket", "old/bucket"] }, both, ["old/bucket"]],
    ["in none of its stacks", { stacks: ["envs/prod", "bootstrap/*"] }, both, ["bootstrap/*"]],
    ["at all", { check: "CKV_AWS_19" }, both, ["logs/bucket"]],
    [
      "in a stack that was looked at alone",
      { resources: ["a"], stacks: ["envs/prod"] },
      onlyProd,
      ["a", "envs/prod"],
    ],
    ["as far as one can tell from one stack", { resources: ["a"] }, onlyProd, []],
  ])("%s", (_name, changes, scans, patterns) => {
    const { check } = exception(changes);
    expect(judge(scans, [exception(changes)], STACKS).stale).toEqual(
      patterns.map((pattern) => `${check}: nothing that "${pattern}" covers fails it any more`),
    );
  });

  test("beside one of the same check with another reason", () => {
    const other = exception({ stacks: ["envs/local"], because: "It is on the laptop." });
    const scans = [
      { stack: "envs/local", findings: [] },
      { stack: "envs/prod", findings: [FAULT] },
    ];
    expect(judge(scans, [exception({ stacks: ["envs/prod"] }), other], STACKS).stale).toEqual([
      'CKV_AWS_18: nothing that "logs/bucket" covers fails it any more',
      'CKV_AWS_18: nothing that "envs/local" covers fails it any more',
    ]);
  });
});
