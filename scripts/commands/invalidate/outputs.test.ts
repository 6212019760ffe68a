import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cdktfOf, findDistribution, type RunCdktf } from "./outputs";

let outputsFile = "";

/** cdktf as it behaves: it writes the outputs by stack to the file that it is given. */
function cdktf(outputs: unknown, code = 0, text = ""): RunCdktf {
  return async (args) => {
    expect(args.slice(0, 3)).toEqual(["output", "envs/prod", "--outputs-file"]);
    outputsFile = args[3] ?? "";
    if (outputs !== undefined) writeFileSync(outputsFile, JSON.stringify(outputs));
    return { code, text };
  };
}

afterEach(() => {
  if (outputsFile !== "") expect(existsSync(dirname(outputsFile))).toBe(false);
  outputsFile = "";
});

test("the distribution is an output of the environment's stack", async () => {
  const outputs = { "envs/prod": { region: "eu-west-1", distribution_id: "E1" } };
  expect(await findDistribution("envs/prod", cdktf(outputs))).toBe("E1");
});

test.each([
  ["has no such output", { "envs/prod": { region: "eu-west-1" } }],
  ["has no outputs", {}],
  ["has one that is empty", { "envs/prod": { distribution_id: "" } }],
  ["wrote no file", undefined],
])("says so when the stack %s", async (_case, outputs) => {
  await expect(findDistribution("envs/prod", cdktf(outputs))).rejects.toThrow(
    "envs/prod: the deployed stack has no output distribution_id; " +
      "deploy it with a distribution, or name the distribution with --distribution",
  );
});

test("shows what cdktf said when it failed", async () => {
  const failing = cdktf(undefined, 1, "\x1b[31mError\x1b[0m: Backend initialization required\n\n");
  await expect(findDistribution("envs/prod", failing)).rejects.toMatchObject({
    message:
      "envs/prod: cdktf output ended with code 1:\n  Error: Backend initialization required\n; " +
      "name the distribution with --distribution",
    exitCode: 1,
  });
});

test.each([
  "Error: No valid credential sources found",
  "Error: failed to refresh cached credentials, no EC2 IMDS role found",
  "operation error STS: GetCallerIdentity, https response error StatusCode: 403, api error ExpiredToken",
  "api error InvalidClientTokenId: The security token included in the request is invalid.",
  "Error refreshing state: AccessDenied: Access Denied",
  "The SSO session has expired or is invalid",
])("tells of credentials when cdktf failed for them: %s", async (text) => {
  await expect(findDistribution("envs/prod", cdktf(undefined, 1, text))).rejects.toMatchObject({
    message:
      `envs/prod: cdktf output ended with code 1:\n  ${text}\n; ` +
      "log in to the environment's account, e.g. aws sso login, or name the distribution with --distribution",
    exitCode: 4,
  });
});

describe("cdktf", () => {
  let root: string;
  /** A project whose cdktf starts a process, as it starts Terraform, writes both ids and hangs. */
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "outputs-"));
    const cli = join(root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");
    mkdirSync(dirname(cli), { recursive: true });
    writeFileSync(
      cli,
      `const { pid } = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
       require("node:fs").writeFileSync("pids.tmp", JSON.stringify([process.pid, pid]));
       require("node:fs").renameSync("pids.tmp", "pids");
       setInterval(() => {}, 1000);`,
    );
  });
  afterEach(() => rmSync(root, { recursive: true }));

  async function started(): Promise<readonly number[]> {
    while (!existsSync(join(root, "pids"))) await sleep(20);
    return JSON.parse(readFileSync(join(root, "pids"), "utf8"));
  }

  const isAlive = (pid: number) => {
    try {
      // A process that has ended, and whose parent has too, may wait for init to take note of it.
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
      return false;
    }
  };

  async function expectEnded(pids: readonly number[]): Promise<void> {
    for (let tries = 0; tries < 100 && pids.some(isAlive); tries++) await sleep(20);
    expect(pids.filter(isAlive)).toEqual([]);
  }

  test("is ended with all that it has started when the time is up", async () => {
    const deadline = new AbortController();
    const run = cdktfOf(root, deadline.signal)(["output"]).catch((error) => error);
    const pids = await started();
    deadline.abort();
    expect(await run).toMatchObject({
      message:
        "cdktf: has not ended at the end of --timeout; " +
        "run the same command again, or name the distribution with --distribution",
      exitCode: 5,
    });
    await expectEnded(pids);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("is ended by %s", async (signal) => {
    const run = cdktfOf(root, new AbortController().signal)(["output"]).catch((error) => error);
    const pids = await started();
    process.emit(signal);
    expect(await run).toMatchObject({ message: "scripts/invalidate: was interrupted", exitCode: 130 });
    await expectEnded(pids);
  });
});
