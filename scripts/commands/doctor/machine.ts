import { spawn } from "node:child_process";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { checkTools, isAtLeast, parseVersion, type RunProgram } from "../local/tools";
import { type Check, note, ok, problem } from "./check";

/**
 * Gigabytes that a clone comes to with its dependencies, builds, emulator and a deployed local environment: 2.5 when it was measured
 * with `du`, the AWS provider's 0.7 beside it.
 */
const NEEDED_GIGABYTES = 3.2;

/**
 * The first version of the AWS CLI that goes by AWS_ENDPOINT_URL. Version 1 does as well, but for SQS and some others, which it asks on AWS:
 * https://github.com/aws/aws-cli/issues/8737
 */
const AWS_CLI = "2.13";

/** What the checks of this machine look with; tests put stand-ins in their place. */
export interface Machine {
  /** Folder of the project. */
  readonly root: string;
  /** Starts a program; undefined when it is not to be had, fails, or takes more than its time. */
  readonly run: (command: string, args: readonly string[]) => Promise<string | undefined>;
  /** The same for what must be known at once. @default starts the program */
  readonly runNow?: RunProgram;
  /** Bytes that are free where the project is. */
  readonly freeBytes: () => Promise<number>;
}

/** This machine. @param seconds that a program may take */
export function thisMachine(root: string, seconds: number): Machine {
  return {
    root,
    run: (command, args) => output(command, args, root, seconds),
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}

/** Tools, dependencies and room. */
export function machineChecks(machine: Machine): Check[] {
  return [
    {
      name: "Node.js, Python, Terraform",
      look: async () => {
        const { versions } = checkTools(machine.runNow);
        return [
          ok("Node.js", versions.node),
          ok("Python", versions.python),
          ok("Terraform", versions.terraform),
        ];
      },
    },
    {
      name: "git",
      look: async () => {
        const version = parseVersion(await machine.run("git", ["--version"]));
        return [
          version === undefined
            ? problem("git", "was not found on PATH", "install git: tests and releases ask it for files")
            : ok("git", version),
        ];
      },
    },
    {
      name: "Docker",
      look: async () => {
        const version = parseVersion(
          await machine.run("docker", ["version", "--format", "{{.Server.Version}}"]),
        );
        return [
          version === undefined
            ? note(
                "Docker",
                "is not there or does not answer",
                "scripts/images needs it, and nothing else does",
              )
            : ok("Docker", version),
        ];
      },
    },
    {
      name: "AWS CLI",
      look: async () => {
        const version = parseVersion(await machine.run("aws", ["--version"]));
        // No script calls it.
        if (version === undefined) return [];
        return [
          isAtLeast(version, AWS_CLI)
            ? ok("AWS CLI", version)
            : note(
                "AWS CLI",
                `${version} asks AWS, not the emulator, for queues and more, even in a shell of scripts/local env`,
                `install version ${AWS_CLI} or newer before you call aws by hand`,
              ),
        ];
      },
    },
    {
      name: "npm dependencies",
      look: async () => {
        const script = join(machine.root, "scripts/internal/install-dependencies.mjs");
        const same = (await machine.run(process.execPath, [script, "--check"])) !== undefined;
        return [
          same
            ? ok("npm dependencies", "are those of package-lock.json")
            : problem("npm dependencies", "are not those of package-lock.json", "run npm ci"),
        ];
      },
    },
    {
      name: "disk",
      look: async () => {
        const gigabytes = (await machine.freeBytes()) / 1e9;
        const free = `${gigabytes.toFixed(1)} GB are free`;
        return [
          gigabytes >= NEEDED_GIGABYTES
            ? ok("disk", free)
            : note("disk", free, `from a fresh clone to a local environment takes ${NEEDED_GIGABYTES} GB`),
        ];
      },
    },
  ];
}

function output(
  command: string,
  args: readonly string[],
  cwd: string,
  seconds: number,
): Promise<string | undefined> {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ["ignore", "pipe", "ignore"],
      timeout: seconds * 1000,
      killSignal: "SIGKILL",
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    child.once("error", () => done(undefined));
    child.once("close", (code) => done(code === 0 ? text : undefined));
  });
}
