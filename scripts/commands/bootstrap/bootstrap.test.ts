import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..", "..");

function bootstrap(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(join(root, "scripts", "bootstrap"), args, {
    encoding: "utf8",
    env: { ...process.env, AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
  });
  return { status, stdout, stderr };
}

test.each([
  ["no environment", [], "error: scripts/bootstrap: missing required argument 'environment'\n"],
  [
    "two environments",
    ["envs/dev", "envs/prod"],
    "error: scripts/bootstrap: too many arguments. Expected 1 argument but got 2.\n",
  ],
  ["an unknown option", ["envs/dev", "--force"], "error: scripts/bootstrap: unknown option '--force'\n"],
  [
    "a name without its folder",
    ["prod"],
    'error: environment: "prod" is none; write it as envs/<name>, e.g. envs/prod\n',
  ],
  [
    "a way out of the folder",
    ["envs/../prod"],
    'error: environment: "envs/../prod" is none; write it as envs/<name>, e.g. envs/prod\n',
  ],
])("refuses %s with exit code 2", (_case, args, stderr) => {
  expect(bootstrap(...args)).toEqual({ status: 2, stdout: "", stderr });
});

test("refuses a real account in a shell that speaks to the emulator", () => {
  expect(bootstrap("envs/prod")).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "error: envs/prod: is of account 777788889999, but AWS_ENDPOINT_URL is http://127.0.0.1:9; " +
      "use another shell than that of scripts/local env\n",
  });
});

test("an environment that is none is told which there are", () => {
  expect(bootstrap("envs/nope").stderr).toMatch(
    /^error: envs\/nope: has no bootstrap stack: it is not among the environments of envs\/index\.ts, or its state\.kind is not s3; these have one: (envs\/\w+, )*envs\/prod(, envs\/\w+)*\n$/,
  );
});

test("says what it does when asked", () => {
  const { status, stdout } = bootstrap("--help");
  expect(status).toBe(0);
  expect(stdout).toContain("Usage: scripts/bootstrap [options] <environment>");
});
