/** Diffs with stand-ins for cdktf and Terraform, which leave recorded plans. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunOptions, run } from "./run";

const RECORDED = resolve(__dirname, "../../internal/plan-report/testdata");

// Programs are started.
jest.setTimeout(60_000);

/** Folder of the project. */
let root: string;
const OPTIONS: RunOptions = { format: "text", maxBytes: 65_000, quiet: true };

function write(path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Puts programs in the place of cdktf and Terraform. `stack` is the environment's name. */
function standIns(cdktf: string): void {
  write(
    "node_modules/cdktf-cli/bundle/bin/cdktf",
    `const fs = require("node:fs");
     const [, , command, stack] = process.argv;
     fs.appendFileSync("calls", command + " " + stack + "\\n");
     const leave = (scenario) => {
       const folder = "cdktf.out/" + stack;
       fs.mkdirSync(folder, { recursive: true });
       fs.copyFileSync(${JSON.stringify(RECORDED)} + "/" + scenario + "/plan.json", folder + "/plan");
       fs.copyFileSync(${JSON.stringify(RECORDED)} + "/" + scenario + "/stack.json", folder + "/cdk.tf.json");
     };
     ${cdktf}`,
  );
  const terraform = join(root, "terraform");
  // A warning of Terraform's comes before the plan.
  writeFileSync(
    terraform,
    "#!/bin/sh\necho 'There are some problems with the CLI configuration:'\ntr -d '\\n' < plan | sed 's/^{ */{/'\n",
  );
  chmodSync(terraform, 0o755);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "diff-"));
  write("cdktf.json", '{ "output": "cdktf.out" }');
  process.env["TERRAFORM_BINARY_NAME"] = join(root, "terraform");
  delete process.env["CDKTF_OUTPUT"];
});

afterEach(() => {
  delete process.env["TERRAFORM_BINARY_NAME"];
  rmSync(root, { recursive: true });
});

test.each<[string, string, number, string]>([
  ["nothing changes", 'leave("nothing-changed");', 0, "envs/prod: no change"],
  ["something changes", 'leave("iam-widened");', 2, "envs/prod: 1 changed"],
  ["cdktf fails", 'console.log("Error: no such stack"); process.exit(1);', 1, "envs/prod: the plan failed"],
  ["no plan is left", "", 1, "envs/prod: the plan failed\n\ncdktf left no plan file"],
])("%s", async (_, cdktf, exitCode, beginning) => {
  standIns(cdktf);
  const result = await run(root, ["envs/prod"], OPTIONS);
  expect(result.exitCode).toBe(exitCode);
  expect(result.text.slice(0, beginning.length)).toBe(beginning);
});

test("a plan that an earlier run has left is not taken for this one's", async () => {
  standIns('leave("iam-widened");');
  await run(root, ["envs/prod"], OPTIONS);
  standIns("");
  expect((await run(root, ["envs/prod"], OPTIONS)).text).toContain("cdktf left no plan file");
});

test("of several environments one after the other is planned, each once; one that fails leaves the others", async () => {
  standIns(
    'if (stack === "envs/dev") process.exit(1); leave(stack === "envs/prod" ? "iam-widened" : "nothing-changed");',
  );
  const { text, exitCode } = await run(root, ["envs/dev", "envs/staging", "envs/prod", "envs/dev"], {
    ...OPTIONS,
    format: "json",
  });
  expect(readFileSync(join(root, "calls"), "utf8")).toBe(
    "diff envs/dev\ndiff envs/staging\ndiff envs/prod\n",
  );
  const { environments } = JSON.parse(text) as { environments: { environment: string; status: string }[] };
  expect(environments.map(({ environment, status }) => [environment, status])).toEqual([
    ["envs/dev", "error"],
    ["envs/staging", "no-change"],
    ["envs/prod", "changes"],
  ]);
  expect(exitCode).toBe(1);
});

test("--out keeps plan, stack and reports, for their owner alone, and none of an earlier run", async () => {
  const out = join(root, "plans");
  const folder = join(out, "envs", "prod");
  const modes = () =>
    ["plan.tfplan", "plan.json", "stack.json", "report.md"]
      .filter((name) => existsSync(join(folder, name)))
      .map((name) => `${name} ${(statSync(join(folder, name)).mode & 0o777).toString(8)}`);
  standIns('leave("iam-widened");');
  await run(root, ["envs/prod"], { ...OPTIONS, out });
  expect(modes()).toEqual(["plan.tfplan 600", "plan.json 600", "stack.json 600", "report.md 600"]);
  expect(readFileSync(join(folder, "report.md"), "utf8")).toBe(
    readFileSync(join(RECORDED, "iam-widened.md"), "utf8").replace("envs/local", "envs/prod"),
  );
  standIns("process.exit(1);");
  await run(root, ["envs/prod"], { ...OPTIONS, out });
  expect(modes()).toEqual(["plan.json 600", "report.md 600"]);
});

test("Markdown that is too long says where the whole is", async () => {
  standIns('leave("resource-added");');
  const full = join(root, "whole.md");
  const { text } = await run(root, ["envs/prod"], { ...OPTIONS, format: "markdown", maxBytes: 1500, full });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1500);
  expect(text).toMatch(/Left out here for length: .*; the whole is in `.*whole\.md`\.$/);
  expect(readFileSync(full, "utf8")).toContain("enable_key_rotation");
});

test("interrupted, it waits until cdktf and Terraform have ended", async () => {
  standIns(`process.on("SIGINT", () => setTimeout(() => { fs.writeFileSync("ended", ""); process.exit(1); }, 200));
    fs.writeFileSync("begun", "");
    setTimeout(() => {}, 60000);`);
  const interrupted = expect(run(root, ["envs/prod"], OPTIONS)).rejects.toMatchObject({ exitCode: 130 });
  while (!existsSync(join(root, "begun"))) await sleep(20);
  process.emit("SIGTERM", "SIGTERM");
  await interrupted;
  expect(existsSync(join(root, "ended"))).toBe(true);
});

test.each<[string, string[], string]>([
  ["no environment", [], "error: scripts/diff: missing required argument 'environment'\n"],
  [
    "none that can be",
    ["prod"],
    'error: environment: "prod" is none; write it as envs/<name>, e.g. envs/prod\n',
  ],
])("wrong arguments end it with 1, as 2 says that there are changes: %s", async (_, args, message) => {
  const command = spawn(resolve(__dirname, "../../diff"), args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  command.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = await once(command, "close");
  expect({ code, said }).toEqual({ code: 1, said: message });
});
