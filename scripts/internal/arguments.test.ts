import { environmentArgument, repeated, timeoutOption, wholeNumber } from "./arguments";
import { scriptCommand } from "./script-command";

const HELP = { description: "Counts.", examples: ["scripts/count envs/prod"] };

test("an environment, or several, are taken as they are written", () => {
  const one = scriptCommand("count", HELP).addArgument(environmentArgument());
  expect(one.parse(["envs/prod"], { from: "user" }).processedArgs).toEqual(["envs/prod"]);
  const several = scriptCommand("count", HELP).addArgument(environmentArgument("<environment...>"));
  expect(several.parse(["envs/prod", "envs/dev"], { from: "user" }).processedArgs).toEqual([
    ["envs/prod", "envs/dev"],
  ]);
});

test.each(["<environment>", "[environment...]"] as const)(
  "what is no name of one is refused as %s",
  (name) => {
    const command = scriptCommand("count", HELP).addArgument(environmentArgument(name));
    expect(() => command.parse(["prod"], { from: "user" })).toThrow(
      'environment: "prod" is none; write it as envs/<name>, e.g. envs/prod',
    );
  },
);

test.each([
  { text: "0", range: "from 1 to 9" },
  { text: "10", range: "from 1 to 9" },
  { text: "1.5", range: "from 1 to 9" },
  { text: "1e0", range: "from 1 to 9" },
  { text: "", range: "from 1 to 9" },
  { text: "-1", range: "of at least 0", read: wholeNumber(0) },
])('"$text" is no whole number $range', ({ text, range, read = wholeNumber(1, 9) }) => {
  expect(() => read(text)).toThrow(`It must be a whole number ${range}, got "${text}".`);
});

test("whole numbers are read, seconds of a time-out among them", () => {
  expect(wholeNumber(1, 9)("9")).toBe(9);
  expect(wholeNumber(0)("123456")).toBe(123_456);
  const command = scriptCommand("count", HELP).addOption(timeoutOption("how long", 30));
  expect(command.parse([], { from: "user" }).opts()).toEqual({ timeout: 30 });
  expect(command.parse(["--timeout", "0"], { from: "user" }).opts()).toEqual({ timeout: 0 });
});

test("an option that is repeated has all its values", () => {
  const command = scriptCommand("count", HELP).option("--of <name>", "of what", repeated, []);
  expect(command.parse(["--of", "a", "--of", "b"], { from: "user" }).opts()).toEqual({ of: ["a", "b"] });
});
