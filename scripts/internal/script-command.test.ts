import { exitCodes, scriptCommand } from "./script-command";

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

describe("subcommands", () => {
  function program() {
    const command = scriptCommand("count", { ...HELP, exitCodes: "0 none, 4 many" });
    command.subcommand("up", { description: "counts up", examples: ["scripts/count up"] }).option("--json");
    return command;
  }

  test("have a help of their own, with the exit codes of the command", () => {
    const [up] = program().commands;
    let out = "";
    up?.configureOutput({ writeOut: (text) => (out += text) }).outputHelp();
    expect(out).toMatch(/^Usage: scripts\/count up \[options\]\n\ncounts up\n/);
    expect(out).toMatch(/\nExample:\n {2}scripts\/count up\n\nExit codes: 0 none, 4 many\.\n$/);
  });

  test("refuse a wrong call as the command does", () => {
    const exit = jest.spyOn(process, "exit").mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    });
    const error = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      expect(() => program().parse(["up", "--jsn"], { from: "user" })).toThrow("exit 2");
      expect(error).toHaveBeenCalledWith(
        "error: scripts/count: unknown option '--jsn'\n(Did you mean --json?)\n",
      );
    } finally {
      exit.mockRestore();
      error.mockRestore();
    }
  });
});

test("defaults that go without saying are not said", () => {
  const command = scriptCommand("count", HELP)
    .option("--json", "as JSON", false)
    .option("--of <list>", "of what", [])
    .option("--by <number>", "by how many", "2");
  expect(command.helpInformation()).toMatch(/--json +as JSON\n.*of what\n.*by how many \(default: "2"\)\n/);
});

test("exit codes are those of EXIT, and a long list of them is wrapped", () => {
  const codes = exitCodes(["missingTool", "credentials", "interrupted"], {
    usage: "wrong arguments or plan",
  });
  expect(codes).toBe(
    "0 done, 1 failed, 2 wrong arguments or plan, 3 a tool is missing or too old, " +
      "4 credentials are missing, have expired or do not allow it, 130 interrupted",
  );
  const { out } = outcome({ ...HELP, exitCodes: codes }, ["--help"]);
  expect(out.split("\n").slice(-3)).toEqual([
    "Exit codes: 0 done, 1 failed, 2 wrong arguments or plan, 3 a tool is missing or too old, 4 credentials are",
    "missing, have expired or do not allow it, 130 interrupted.",
    "",
  ]);
});
