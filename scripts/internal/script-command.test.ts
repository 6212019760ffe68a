import { scriptCommand } from "./script-command";

const HELP = { description: "Counts.", examples: ["scripts/count envs/prod", "scripts/count --json"] };

function outcome(help: Parameters<typeof scriptCommand>[1], args: readonly string[]) {
  const exit = jest.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  let out = "";
  let err = "";
  const command = scriptCommand("count", help).argument("<environment>").option("--json");
  command.configureOutput({
    writeOut: (text) => {
      out += text;
    },
    writeErr: (text) => {
      err += text;
    },
  });
  try {
    command.parse(args, { from: "user" });
    return { out, err, args: command.args, options: command.opts() };
  } catch (error) {
    return { out, err, ended: (error as Error).message };
  } finally {
    exit.mockRestore();
  }
}

test("arguments and options are read", () => {
  expect(outcome(HELP, ["envs/prod", "--json"])).toEqual({
    out: "",
    err: "",
    args: ["envs/prod"],
    options: { json: true },
  });
});

test("help has the description, then the notes, the examples and the exit codes, and ends with 0", () => {
  const { out, err, ended } = outcome({ ...HELP, notes: "\nOnce a day.\n", exitCodes: "0 none, 4 many" }, [
    "--help",
  ]);
  expect({ err, ended }).toEqual({ err: "", ended: "exit 0" });
  expect(out).toMatch(/^Usage: scripts\/count \[options\] <environment>\n\nCounts\.\n/);
  expect(out).toMatch(
    /\n\nOnce a day\.\n\nExamples:\n {2}scripts\/count envs\/prod\n {2}scripts\/count --json\n\nExit codes: 0 none, 4 many\.\n$/,
  );
});

test("without notes and exit codes, help says the usual ones; one example is no list", () => {
  const { out } = outcome({ ...HELP, examples: ["scripts/count"] }, ["--help"]);
  expect(out).toMatch(
    /\n\nExample:\n {2}scripts\/count\n\nExit codes: 0 done, 1 failed, 2 wrong arguments\.\n$/,
  );
});

test.each([
  { name: "no argument", args: [], says: "missing required argument 'environment'" },
  {
    name: "an unknown option",
    args: ["envs/prod", "--jsn"],
    says: "unknown option '--jsn'\n(Did you mean --json?)",
  },
])("$name ends the command with 2, and names it", ({ args, says }) => {
  expect(outcome(HELP, args)).toEqual({ out: "", err: `error: scripts/count: ${says}\n`, ended: "exit 2" });
});
