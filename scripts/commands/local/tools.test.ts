import { CommandErrors, EXIT } from "../../internal/cli";
import { checkTools, isAtLeast, parseVersion, type RunProgram } from "./tools";

/** A machine with these programs: what each prints as its version. Python can make virtual environments, unless told. */
function machine(versions: Record<string, string>, venv = true): RunProgram {
  return (command, args) => {
    if (args[0] === "-c") return venv ? "" : undefined;
    return versions[command];
  };
}

const GOOD = { python3: "Python 3.12.1\n", terraform: "Terraform v1.11.4\non linux_amd64\n" };

function problems(run: RunProgram, node = "20.19.0"): string[] {
  try {
    checkTools(run, node);
  } catch (error) {
    if (error instanceof CommandErrors) {
      expect(error.errors.map(({ exitCode }) => exitCode)).toEqual(error.errors.map(() => EXIT.missingTool));
      return error.message.split("\n");
    }
    throw error;
  }
  return [];
}

test("what is new enough is taken", () => {
  expect(checkTools(machine(GOOD), "20.19.0")).toMatchObject({
    python: "python3",
    versions: { node: "20.19.0", terraform: "1.11.4" },
  });
});

test("a newer Python under another name is taken when python3 is too old", () => {
  const versions = { ...GOOD, python3: "Python 3.9.2", "python3.11": "Python 3.11.7" };
  expect(checkTools(machine(versions), "22.0.0")).toMatchObject({
    python: "python3.11",
    versions: { python: "3.11.7" },
  });
});

test.each<[string, RunProgram, string, string[]]>([
  [
    "everything is missing",
    machine({}),
    "18.1.0",
    [
      "Node.js: 18.1.0 is too old; install Node.js 20.19 or newer",
      "Python: was not found on PATH; install Python 3.11 or newer",
      "Terraform: was not found on PATH; install Terraform 1.11 or newer",
    ],
  ],
  [
    "Python is too old",
    machine({ ...GOOD, python3: "Python 3.10.2" }),
    "20.19.0",
    ["Python: 3.10.2 is too old; install Python 3.11 or newer"],
  ],
  [
    "Python comes without venv",
    machine(GOOD, false),
    "20.19.0",
    [
      "Python: python3 cannot make virtual environments; install its venv package (python3-venv on Debian and Ubuntu)",
    ],
  ],
  [
    "Terraform is too old",
    machine({ ...GOOD, terraform: "Terraform v1.9.8" }),
    "20.19.0",
    ["Terraform: 1.9.8 is too old; install Terraform 1.11 or newer"],
  ],
])("%s: all is told at once", (_, run, node, expected) => {
  expect(problems(run, node)).toEqual(expected);
});

test.each([
  ["Terraform v1.11.4\non linux_amd64", "1.11.4"],
  ["Python 3.11.7", "3.11.7"],
  ["no version", undefined],
  [undefined, undefined],
])("the version in %j is %j", (output, version) => {
  expect(parseVersion(output)).toBe(version);
});

test.each([
  ["1.11", "1.11", true],
  ["1.9.8", "1.11", false],
  ["2.0", "1.11", true],
  ["20.19.0", "20.19", true],
  ["20.18.9", "20.19", false],
  ["21", "20.19", true],
])("%s against %s: %s", (version, needed, expected) => {
  expect(isAtLeast(version, needed)).toBe(expected);
});
