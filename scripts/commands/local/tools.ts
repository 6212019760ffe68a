import { spawnSync } from "node:child_process";
import { CommandError, CommandErrors, EXIT } from "../../internal/cli";

/** Oldest versions that the local environment works with. */
export const REQUIRED = { node: "20.19", python: "3.11", terraform: "1.11" } as const;

/** The tools found on this machine. */
export interface Tools {
  /** Command that starts Python, e.g. `python3`. */
  readonly python: string;
  /** Their versions. */
  readonly versions: { readonly node: string; readonly python: string; readonly terraform: string };
}

/** What a program printed, or undefined when it is not to be had or failed. */
export type RunProgram = (command: string, args: readonly string[]) => string | undefined;

/** Names that a Python of the right age may have, the usual one first. */
const PYTHON_NAMES = ["python3", "python3.11", "python3.12", "python3.13", "python3.14"] as const;

/**
 * Checks the tools that the local environment needs.
 *
 * @throws CommandErrors naming every tool that is missing or too old, with what was found and what is needed
 */
export function checkTools(run: RunProgram = runProgram, nodeVersion = process.versions.node): Tools {
  const errors: CommandError[] = [];
  const report = (tool: string, what: string, needed: string) =>
    errors.push(new CommandError(tool, what, `install ${tool} ${needed} or newer`, EXIT.missingTool));

  if (!isAtLeast(nodeVersion, REQUIRED.node)) {
    report("Node.js", `${nodeVersion} is too old`, REQUIRED.node);
  }
  const pythons = PYTHON_NAMES.flatMap((name) => {
    const version = parseVersion(run(name, ["--version"]));
    return version === undefined ? [] : [{ name, version }];
  });
  const python = pythons.find(({ version }) => isAtLeast(version, REQUIRED.python));
  if (!python) {
    const newest = pythons[0];
    report("Python", newest ? `${newest.version} is too old` : "was not found on PATH", REQUIRED.python);
  } else if (run(python.name, ["-c", "import ensurepip, venv"]) === undefined) {
    errors.push(
      new CommandError(
        "Python",
        `${python.name} cannot make virtual environments`,
        "install its venv package (python3-venv on Debian and Ubuntu)",
        EXIT.missingTool,
      ),
    );
  }
  const terraform = parseVersion(run("terraform", ["version"]));
  if (terraform === undefined) report("Terraform", "was not found on PATH", REQUIRED.terraform);
  else if (!isAtLeast(terraform, REQUIRED.terraform)) {
    report("Terraform", `${terraform} is too old`, REQUIRED.terraform);
  }

  if (errors.length > 0 || !python || terraform === undefined) throw new CommandErrors(errors);
  return { python: python.name, versions: { node: nodeVersion, python: python.version, terraform } };
}

/** The first version number in a program's output: `Terraform v1.11.4 …` gives `1.11.4`. */
export function parseVersion(output: string | undefined): string | undefined {
  return output === undefined ? undefined : /\d+(?:\.\d+)+/.exec(output)?.[0];
}

/** Compares versions number by number: 1.11 is newer than 1.9. */
export function isAtLeast(version: string, needed: string): boolean {
  const [found, wanted] = [version, needed].map((text) => text.split(".").map(Number)) as [
    number[],
    number[],
  ];
  for (let index = 0; index < wanted.length; index++) {
    const difference = (found[index] ?? 0) - (wanted[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function runProgram(command: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 20_000,
    env: { ...process.env, CHECKPOINT_DISABLE: "1" },
  });
  return status === 0 ? stdout : undefined;
}
