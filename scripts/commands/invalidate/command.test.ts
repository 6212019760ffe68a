/**
 * The command as it is run, in processes of its own, against a loopback stub of CloudFront.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type CloudFrontStub, startCloudFrontStub } from "./cloudfront-stub";

const ROOT = resolve(__dirname, "../../..");
const COMMAND = join(ROOT, "scripts", "invalidate");
let stub: CloudFrontStub;
let folder: string;

jest.setTimeout(60_000);

beforeEach(async () => {
  stub = await startCloudFrontStub();
  folder = mkdtempSync(join(tmpdir(), "command-"));
});

afterEach(async () => {
  await stub.close();
  rmSync(folder, { recursive: true });
});

function start(args: readonly string[], variables: Record<string, string> = {}) {
  const child = spawn(COMMAND, args, {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      LOCAL_DIRECTORY: folder,
      AWS_ENDPOINT_URL: stub.url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
      ...variables,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<{ status: number | null; stdout: string; stderr: string }>((done) => {
    child.on("close", (status) => done({ status, stdout, stderr }));
  });
  return { child, ended };
}

const run = (args: readonly string[], variables?: Record<string, string>) => start(args, variables).ended;

test("invalidates and tells what was done and what it costs", async () => {
  const { status, stdout } = await run(["envs/prod", "/b/*", "/b/1", "/a", "/a", "--distribution", "E1"]);
  expect(stdout).toBe(
    "envs/prod E1: 2 paths (and 1 given more than once, 1 covered by a wildcard)\n" +
      "  I1 completed: 2 paths\n" +
      "Cost: 0 to 0.01 USD, by how many of the account's 1000 free paths of the month are left (price of 2025-04-27).\n",
  );
  expect(status).toBe(0);
  expect(stub.invalidations.map(({ paths }) => paths)).toEqual([["/a", "/b/*"]]);
});

test("--json prints the result alone", async () => {
  stub.looks = 1;
  const { status, stdout, stderr } = await run([
    ...["envs/prod", "/b/*", "/b/1", "--distribution", "E1", "--reference", "v1", "--wait", "--json"],
  ]);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    environment: "envs/prod",
    distributionId: "E1",
    dryRun: false,
    given: 2,
    paths: ["/b/*"],
    covered: [{ path: "/b/1", by: "/b/*" }],
    reference: "reference v1",
    cost: expect.objectContaining({ paths: 1, least: 0, most: 0.005 }),
    invalidations: [
      {
        id: "I1",
        status: "Completed",
        createdAt: stub.invalidations[0]?.createdAt,
        callerReference: stub.invalidations[0]?.callerReference,
        paths: 1,
        wildcards: 1,
        repeated: false,
      },
    ],
  });
});

test("--dry-run asks nobody, and lists the paths with their cost", async () => {
  writeFileSync(join(folder, "release.txt"), Array.from({ length: 1500 }, (_, n) => `/${n}.zip\n`).join(""));
  const { status, stdout } = await run(["envs/prod", "--release", "release.txt", "--dry-run"]);
  expect(status).toBe(0);
  const lines = stdout.split("\n");
  expect(lines[0]).toBe("envs/prod: 1500 paths");
  expect(lines).toContain("  and 1480 more; --json lists all");
  expect(lines).toContain(
    "Cost: 2.5 to 7.5 USD, by how many of the account's 1000 free paths of the month are left (price of 2025-04-27).",
  );
  expect(stub.requests).toEqual([]);
});

test("a release that changes nothing is done at once", async () => {
  writeFileSync(join(folder, "release.txt"), "# nothing\n");
  expect(await run(["envs/prod", "--release", "release.txt"])).toEqual({
    status: 0,
    stdout: "envs/prod: nothing to invalidate.\n",
    stderr: "",
  });
});

test("a reference that was used before is told, and not paid again", async () => {
  const args = ["envs/prod", "/a", "--distribution", "E1", "--reference", "v1"];
  await run(args);
  for (const made of stub.invalidations) made.createdAt = "2026-01-01T00:00:00.000Z";
  const { status, stdout, stderr } = await run(args);
  expect(status).toBe(0);
  expect(stderr).toContain(
    "warning: nothing was sent anew: all was invalidated before, last at 2026-01-01T00:00:00.000Z; " +
      "to invalidate anew, give another --reference\n",
  );
  expect(stdout).toContain("  I1 completed: 1 path, made before, at 2026-01-01T00:00:00.000Z\n");
  expect(stdout).toContain("To invalidate anew, give another --reference.\n");
  expect(stub.invalidations).toHaveLength(1);
});

test.each(["hang up", "lose answer"] as const)(
  "a connection that breaks (%s) makes no second one",
  async (trouble) => {
    stub.troubles.push(trouble);
    const { status } = await run(["envs/prod", "/a", "--distribution", "E1"]);
    expect(status).toBe(0);
    expect(stub.requests).toEqual(["POST invalidation", "POST invalidation"]);
    expect(stub.invalidations).toHaveLength(1);
  },
);

describe("killed between two batches", () => {
  const args = ["envs/prod", "--release", "release.json", "--distribution", "E1"];
  const paths = Array.from({ length: 3001 }, (_, n) => `/${n}.zip`);

  /** Ends the command by that signal when it looks whether the first batch is completed. */
  async function cutOff(signal: NodeJS.Signals) {
    writeFileSync(join(folder, "release.json"), JSON.stringify(paths));
    stub.looks = 1000;
    const { child, ended } = start(args);
    stub.onRequest = (count) => {
      if (count === 2) child.kill(signal);
    };
    const { status } = await ended;
    for (const made of stub.invalidations) made.looksLeft = 0;
    stub.onRequest = () => {};
    return status;
  }

  test.each([
    ["SIGKILL", null],
    ["SIGINT", 130],
  ] as const)("by %s it goes on with the second", async (signal, code) => {
    expect(await cutOff(signal)).toBe(code);
    expect(stub.invalidations).toHaveLength(1);

    const { status, stdout } = await run(args);
    expect(status).toBe(0);
    expect(stdout).toContain("  I1 completed: 3000 paths, made before, at ");
    expect(stdout).toContain("  I2 in progress: 1 path\n");
    expect(stub.invalidations.flatMap((made) => made.paths).sort()).toEqual([...paths].sort());
    expect(readdirSync(join(folder, "invalidate"))).toEqual([]);
  });

  test("and killed before the answer to the last batch came, it finds all that it has made", async () => {
    writeFileSync(join(folder, "release.json"), JSON.stringify(paths));
    stub.looks = 1;
    stub.troubles.push(undefined, undefined, "lose answer");
    const { child, ended } = start(args);
    stub.onRequest = (count) => {
      if (count === 3) child.kill("SIGKILL");
    };
    expect((await ended).status).toBeNull();
    stub.onRequest = () => {};
    expect(stub.requests).toEqual(["POST invalidation", "GET I1", "POST invalidation"]);

    const { status, stdout } = await run(args);
    expect(status).toBe(0);
    expect(stdout).toContain("  I1 completed: 3000 paths, made before, at ");
    expect(stub.invalidations.flatMap((made) => made.paths).sort()).toEqual([...paths].sort());
  });

  test("and killed before the answer came, it finds what it has made", async () => {
    writeFileSync(join(folder, "release.json"), JSON.stringify(["/a"]));
    const { child, ended } = start(args);
    stub.troubles.push("lose answer");
    stub.onRequest = () => child.kill("SIGKILL");
    await ended;
    stub.onRequest = () => {};
    expect(stub.invalidations).toHaveLength(1);
    expect((await run(args)).status).toBe(0);
    expect(stub.invalidations).toHaveLength(1);
  });
});

test.each([
  ["no path", ["envs/prod"], "error: path: is missing; give paths, e.g. '/updates/*', or --release\n"],
  [
    "an environment without its folder",
    ["prod", "/a"],
    'error: environment: "prod" is none; write it as envs/<name>, e.g. envs/prod\n',
  ],
  [
    "all paths that are wrong",
    ["envs/prod", "a", "/b", "/c d"],
    'error: path 1: "a" does not start with a slash; write "/a"\n' +
      'error: path 3: "/c d" holds " ", which must be encoded; write %20 for it\n',
  ],
  ["an unknown option", ["envs/prod", "/a", "--all"], "error: scripts/invalidate: unknown option '--all'\n"],
  [
    "a distribution that is no id",
    ["envs/prod", "/a", "--distribution", "../E1"],
    "error: scripts/invalidate: option '--distribution <id>' argument '../E1' is invalid. It must be an id, got \"../E1\".\n",
  ],
  [
    "a root without a release",
    ["envs/prod", "/a", "--root", "public"],
    "error: --root: is for --release with a git range; leave it out\n",
  ],
  [
    "an empty reference",
    ["envs/prod", "/a", "--reference", ""],
    "error: --reference: is empty; name what the invalidation is for\n",
  ],
])("refuses %s with exit code 2, before any call", async (_case, args, stderr) => {
  expect(await run(args)).toEqual({ status: 2, stdout: "", stderr });
  expect(stub.requests).toEqual([]);
});

test("places of a manifest's wrong paths are told", async () => {
  writeFileSync(join(folder, "release.txt"), "/a\n/*/b\n");
  const { status, stderr } = await run(["envs/prod", "--release", "release.txt"]);
  expect(stderr).toBe(
    'error: release.txt:2: "/*/b" has a wildcard before its end; name each file, or all that "/*" stands for\n',
  );
  expect(status).toBe(2);
});

test.each([
  ["expired credentials", { status: 403, code: "ExpiredToken" }, "60", 4],
  ["throttling until --timeout", { status: 400, code: "Throttling" }, "1", 5],
  ["a refusal", { status: 400, code: "InvalidArgument" }, "60", 1],
])("%s has its exit code", async (_case, trouble, timeout, code) => {
  stub.troubles.push(...Array.from({ length: 9 }, () => trouble));
  const { status, stdout } = await run(["envs/prod", "/a", "--distribution", "E1", "--timeout", timeout]);
  expect(status).toBe(code);
  expect(stdout).toBe("");
});

test("an answer that never comes is not waited for beyond --timeout", async () => {
  stub.troubles.push("hang");
  const { status, stderr } = await run(["envs/prod", "/a", "--distribution", "E1", "--timeout", "1"]);
  expect(stderr).toContain("error: CloudFront: has not answered at the end of --timeout;");
  expect(status).toBe(5);
});

test("nobody at the address is told at once", async () => {
  const { status, stderr } = await run(["envs/prod", "/a", "--distribution", "E1"], {
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  });
  expect(stderr).toContain("error: CloudFront: could not be reached: connect ECONNREFUSED 127.0.0.1:1\n");
  expect(status).toBe(1);
});

test("--help documents every exit code, and loads neither the SDK nor the display", () => {
  const loaded = join(folder, "loaded");
  const hook = join(folder, "hook.cjs");
  writeFileSync(
    hook,
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(loaded)}, Object.keys(require.cache).join("\\n")));`,
  );
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      ...["--require", hook, "--import", join(ROOT, "node_modules/tsx/dist/loader.mjs")],
      ...[join(__dirname, "main.ts"), "--help"],
    ],
    { encoding: "utf8" },
  );
  expect(status).toBe(0);
  for (const code of [0, 1, 2, 3, 4, 5, 130]) expect(stdout).toMatch(new RegExp(`\\b${code} [a-z]`));
  expect(existsSync(loaded)).toBe(true);
  const files = spawnSync("cat", [loaded], { encoding: "utf8" }).stdout.split("\n");
  expect(files.some((file) => file.endsWith("/commander/lib/command.js"))).toBe(true);
  expect(files.filter((file) => /@aws-sdk|@smithy|listr2/.test(file))).toEqual([]);
});
