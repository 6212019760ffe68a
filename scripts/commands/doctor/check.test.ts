import { CommandError, CommandErrors } from "../../internal/cli";
import { note, ok, runChecks } from "./check";

test("findings come in the order of the checks, whichever ends first", async () => {
  let finish: (() => void) | undefined;
  const findings = runChecks(
    [
      {
        name: "slow",
        look: () => new Promise((done) => (finish = () => done([ok("slow", "a"), note("slow", "b", "c")]))),
      },
      {
        name: "quick",
        look: async () => {
          finish?.();
          return [ok("quick", "d")];
        },
      },
    ],
    60,
  );
  expect(await findings).toEqual([
    { status: "ok", name: "slow", what: "a" },
    { status: "note", name: "slow", what: "b", mend: "c" },
    { status: "ok", name: "quick", what: "d" },
  ]);
});

test("a check without an answer in time is a problem, and the others have theirs", async () => {
  const findings = await runChecks(
    [
      { name: "hangs", look: () => new Promise(() => undefined) },
      { name: "answers", look: async () => [ok("answers", "a")] },
    ],
    0.05,
  );
  expect(findings).toEqual([
    {
      status: "problem",
      name: "hangs",
      what: "there was no answer within 0.05 s",
      mend: "try again with a longer --timeout",
    },
    { status: "ok", name: "answers", what: "a" },
  ]);
});

test.each([
  {
    name: "an error of the check's own place",
    error: new CommandError("state", "is locked", "wait"),
    findings: [{ status: "problem", name: "state", what: "is locked", mend: "wait" }],
  },
  {
    name: "an error of another place",
    error: new CommandError("AWS", "no credentials"),
    findings: [{ status: "problem", name: "state", what: "AWS: no credentials" }],
  },
  {
    name: "several errors at once, each by its place",
    error: new CommandErrors([
      new CommandError("Python", "is too old"),
      new CommandError("Terraform", "is too old"),
    ]),
    findings: [
      { status: "problem", name: "Python", what: "is too old" },
      { status: "problem", name: "Terraform", what: "is too old" },
    ],
  },
  {
    name: "a fault",
    error: new TypeError("x is not a function"),
    findings: [{ status: "problem", name: "state", what: "x is not a function" }],
  },
])("$name is a problem", async ({ error, findings }) => {
  const look = async () => {
    throw error;
  };
  expect(await runChecks([{ name: "state", look }], 60)).toEqual(findings);
});
