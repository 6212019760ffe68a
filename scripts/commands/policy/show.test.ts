import type { Verdict } from "./judge";
import { describeVerdict, isClean, verdictJson } from "./show";

const FAULT = {
  check: "CKV_AWS_18",
  title: "Ensure the S3 bucket has access logging enabled",
  resource: "aws_s3_bucket.files",
  path: "files/bucket",
  result: "failed",
} as const;
const CLEAN: Verdict = {
  stacks: [
    { stack: "envs/prod", passed: 999, failed: [], excepted: [{ ...FAULT, because: "It is kept." }] },
    { stack: "bootstrap/prod", passed: 67, failed: [], excepted: [] },
  ],
  stale: [],
};
const FAULTY: Verdict = {
  stacks: [{ stack: "envs/prod", passed: 2, failed: [FAULT], excepted: [] }],
  stale: ['CKV_AWS_19: nothing that "logs" covers fails it any more'],
};

test("people see how each stack stands", () => {
  expect(describeVerdict(CLEAN)).toBe(
    [
      "stack           passed  failed  excepted  % passed",
      "envs/prod          999       0         1      99.9",
      "bootstrap/prod      67       0         0     100.0",
    ].join("\n"),
  );
});

test("people see what is to be mended", () => {
  expect(describeVerdict(FAULTY)).toBe(
    [
      "stack      passed  failed  excepted  % passed",
      "envs/prod       2       1         0      66.7",
      "",
      "envs/prod: files/bucket: CKV_AWS_18, Ensure the S3 bucket has access logging enabled",
      'policy/exceptions.yaml: CKV_AWS_19: nothing that "logs" covers fails it any more: remove it',
    ].join("\n"),
  );
});

test("machines get all of it", () => {
  expect(JSON.parse(verdictJson(CLEAN))).toEqual({
    version: 1,
    stacks: [
      { ...CLEAN.stacks[0], share: 0.999 },
      { ...CLEAN.stacks[1], share: 1 },
    ],
    stale: [],
  });
});

test.each([
  ["no fault and no exception too many", CLEAN, true],
  ["a fault", { ...FAULTY, stale: [] }, false],
  ["an exception too many", { ...CLEAN, stale: FAULTY.stale }, false],
])("%s: clean is %s", (_name, verdict, clean) => {
  expect(isClean(verdict)).toBe(clean);
});
