import { resolve } from "node:path";
import { runChecks } from "./check";
import { type Machine, machineChecks, thisMachine } from "./machine";

const ROOT = resolve(__dirname, "../../..");

const GOOD: Readonly<Record<string, string>> = {
  python3: "Python 3.12.1",
  terraform: "Terraform v1.11.4",
  git: "git version 2.39.5",
  docker: "27.3.1\n",
  aws: "aws-cli/2.15.30 Python/3.11.8 Linux/6.8.0 exe/x86_64.debian.12\n",
  [process.execPath]: "",
};

async function examine(programs: Readonly<Record<string, string>>, freeBytes = 100e9) {
  const machine: Machine = {
    root: ROOT,
    run: async (command) => programs[command],
    runNow: (command) => programs[command],
    freeBytes: async () => freeBytes,
  };
  const findings = await runChecks(machineChecks(machine), 30);
  return findings.map(
    ({ status, name, what, mend }) => `${status} ${name}: ${what}${mend ? `; ${mend}` : ""}`,
  );
}

test("a machine that has all", async () => {
  expect(await examine(GOOD)).toEqual([
    `ok Node.js: ${process.versions.node}`,
    "ok Python: 3.12.1",
    "ok Terraform: 1.11.4",
    "ok git: 2.39.5",
    "ok Docker: 27.3.1",
    "ok AWS CLI: 2.15.30",
    "ok npm dependencies: are those of package-lock.json",
    "ok disk: 100.0 GB are free",
  ]);
});

test("a machine that has nothing: each is named with its mend, and Docker is no problem", async () => {
  expect(await examine({}, 1e9)).toEqual([
    "problem Python: was not found on PATH; install Python 3.11 or newer",
    "problem Terraform: was not found on PATH; install Terraform 1.11 or newer",
    "problem git: was not found on PATH; install git: tests and releases ask it for files",
    "note Docker: is not there or does not answer; scripts/images needs it, and nothing else does",
    "problem npm dependencies: are not those of package-lock.json; run npm ci",
    "note disk: 1.0 GB are free; from a fresh clone to a local environment takes 3.2 GB",
  ]);
});

test.each(["aws-cli/1.44.7 Python/3.12.1 Linux/6.8.0 botocore/1.42.17", "aws-cli/2.12.7 Python/3.11.4"])(
  "an AWS CLI that asks AWS in place of the emulator is told: %s",
  async (aws) => {
    const [, version] = /\/([\d.]+)/.exec(aws) ?? [];
    expect(await examine({ ...GOOD, aws })).toContain(
      `note AWS CLI: ${version} asks AWS, not the emulator, for queues and more, even in a shell of scripts/local env; install version 2.13 or newer before you call aws by hand`,
    );
  },
);

test("on this machine the tools are there, and the dependencies are those of the lock", async () => {
  const found = await runChecks(machineChecks(thisMachine(ROOT, 60)), 60);
  const problems = found.filter(({ status }) => status === "problem");
  expect(problems).toEqual([]);
  expect(found.map(({ name }) => name)).toContain("npm dependencies");
}, 120_000);

test("a program that does not end is ended", async () => {
  const { run } = thisMachine(ROOT, 0.2);
  expect(await run(process.execPath, ["-e", "setInterval(() => {}, 1000)"])).toBeUndefined();
});
