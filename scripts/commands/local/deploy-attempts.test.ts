/** Deployments with a stand-in for cdktf, which fails as it is told to, against the real emulator. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type DeployListener, deploy } from "./deploy";
import { type LocalDirectory, localDirectory } from "./directory";
import { runningEmulator, startEmulator, stopEmulator } from "./emulator";
import { ensureVirtualEnvironment } from "./python";
import type { DeployProgress } from "./terraform-log";
import { checkTools } from "./tools";

const ROOT = resolve(__dirname, "../../..");
const OUTPUTS = {
  todo_api_url: "https://7ded0b9c.execute-api.us-east-1.amazonaws.com/v1",
  user_pool_id: "us-east-1_abc",
  mobile_client_id: "client",
  identity_pool_id: "us-east-1:pool",
  user_files_bucket: "files",
  region: "us-east-1",
  hosted_domain_url: "https://acme.auth.us-east-1.amazoncognito.com",
};

let python: string;
let directory: LocalDirectory;
let again: number;
let progress: DeployProgress[];
const listener: DeployListener = {
  progress: (each) => progress.push(each),
  again: () => {
    again++;
  },
};

jest.setTimeout(60_000);

beforeAll(async () => {
  const usual = localDirectory(ROOT, join(ROOT, ".local"));
  python = await ensureVirtualEnvironment(usual, checkTools().python, () => {});
}, 300_000);

beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), "attempts-"));
  directory = localDirectory(root, join(root, ".local"));
  again = 0;
  progress = [];
});

afterEach(async () => {
  await stopEmulator(directory);
  rmSync(directory.root, { recursive: true });
});

/** Puts a program in cdktf's place. `attempt` counts from 1; `state(text)` writes Terraform's state. */
function cdktf(body: string): void {
  const path = join(directory.root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `const fs = require("node:fs");
     const counter = ${JSON.stringify(join(directory.root, "attempts"))};
     fs.appendFileSync(counter, ".");
     const attempt = fs.readFileSync(counter, "utf8").length;
     const file = ${JSON.stringify(directory.terraformState)};
     const state = (text) => fs.writeFileSync(file, text);
     const outputs = ${JSON.stringify(Object.fromEntries(Object.entries(OUTPUTS).map(([name, value]) => [name, { value }])))};
     ${body}`,
  );
}

async function run() {
  return deploy(directory, await startEmulator(directory, python), python, listener);
}

test("a deployment that succeeds leaves its outputs, its log and no mark", async () => {
  cdktf(`
    console.log("envs/local  Plan: 1 to add, 0 to change, 0 to destroy.");
    console.log("envs/local  aws_s3_bucket.b: Creation complete after 0s [id=b]");
    state(JSON.stringify({ outputs }));`);
  expect(await run()).toEqual(OUTPUTS);
  expect(progress.at(-1)).toEqual({ finished: 1, planned: 1 });
  expect(readFileSync(directory.deployLog, "utf8")).toContain("Creation complete");
  expect(existsSync(directory.deploying)).toBe(false);
});

test("what exists already is undone, and the deployment made once more", async () => {
  cdktf(`
    if (attempt === 1) {
      state("half-done");
      console.log("│ Error: creating Kinesis Stream: ResourceInUseException: Stream s already exists");
      process.exit(1);
    }
    if (fs.existsSync(file)) throw new Error("the first attempt was not undone");
    state(JSON.stringify({ outputs }));`);
  const before = (await startEmulator(directory, python)).process;
  expect(await run()).toEqual(OUTPUTS);
  expect(again).toBe(1);
  expect(runningEmulator(directory)?.process).not.toEqual(before);
});

test("a second time is the last", async () => {
  cdktf(`console.log("│ Error: creating S3 Bucket: BucketAlreadyOwnedByYou"); process.exit(1);`);
  await expect(run()).rejects.toThrow(
    `envs/local: cdktf deploy ended with code 1:\n  Error: creating S3 Bucket: BucketAlreadyOwnedByYou\n; the whole log is ${directory.deployLog}`,
  );
  expect(again).toBe(1);
});

test("another error is told at once, and what Terraform has made stays", async () => {
  cdktf(`state("two of three"); console.log("│ Error: AccessDenied"); process.exit(1);`);
  await expect(run()).rejects.toThrow("envs/local: cdktf deploy ended with code 1:\n  Error: AccessDenied\n");
  expect(again).toBe(0);
  expect(readFileSync(directory.terraformState, "utf8")).toBe("two of three");
  expect(existsSync(directory.deploying)).toBe(false);
});

test("an interruption reaches Terraform, is waited for, and leaves the mark for the next run", async () => {
  // As cdktf does, the stand-in runs Terraform in a session of its own, and ends when that ends.
  cdktf(`
    const terraform = require("node:child_process").spawn(
      process.execPath,
      ["-e", \`process.on("SIGINT", () => setTimeout(() => {
                 require("node:fs").writeFileSync(\${JSON.stringify(file)}, "written at the end");
                 process.exit(1);
               }, 200));
               console.log("ready");
               setTimeout(() => {}, 60000);\`],
      { detached: true, stdio: ["ignore", "pipe", "inherit"] });
    terraform.stdout.on("data", () => console.log("Plan: 1 to add, 0 to change, 0 to destroy."));
    terraform.on("exit", () => process.exit(1));`);
  const interrupted = expect(run()).rejects.toMatchObject({
    message:
      "envs/local: the deployment was interrupted; scripts/local up puts back what it has done, and begins it again",
    exitCode: 130,
  });
  while (progress.length === 0) await sleep(50);
  process.emit("SIGTERM");
  await interrupted;
  expect(readFileSync(directory.terraformState, "utf8")).toBe("written at the end");
  expect(existsSync(directory.deploying)).toBe(true);
});
