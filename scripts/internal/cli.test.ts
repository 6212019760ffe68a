import { CommandError, CommandErrors, describeError, EXIT, exitCodeOf } from "./cli";

const tooOld = new CommandError(
  "Node.js",
  "18.0.0 is too old",
  "install Node.js 20.19 or newer",
  EXIT.missingTool,
);
const failed = new CommandError("emulator", "did not answer within 60 s");

test("an error is one line: place, what is wrong, how to mend it", () => {
  expect(describeError(tooOld)).toBe("error: Node.js: 18.0.0 is too old; install Node.js 20.19 or newer");
});

test("an error without a mend says no more than it knows", () => {
  expect(describeError(failed)).toBe("error: emulator: did not answer within 60 s");
});

test("several errors come one to a line", () => {
  expect(describeError(new CommandErrors([tooOld, failed]))).toBe(
    "error: Node.js: 18.0.0 is too old; install Node.js 20.19 or newer\nerror: emulator: did not answer within 60 s",
  );
});

test("a fault of the command itself comes with its stack trace", () => {
  const fault = new TypeError("x is not a function");
  expect(describeError(fault)).toMatch(/^error: unexpected: TypeError: x is not a function\n\s+at /);
});

test("what is thrown without being an error is shown", () => {
  expect(describeError("text")).toBe("error: unexpected: text");
});

test.each([
  ["an error's own", tooOld, 3],
  ["1 unless it says otherwise", failed, 1],
  ["the first of several", new CommandErrors([tooOld, failed]), 3],
  ["1 for a fault", new Error("x"), 1],
])("the exit code is %s", (_, error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});
