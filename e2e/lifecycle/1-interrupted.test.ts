import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STACK } from "../../scripts/commands/local/deploy";
import { MARKS } from "../../scripts/commands/local/settings";
import { plainText } from "../../scripts/commands/local/terraform-log";
import { findMarkedProcesses, sendSignal } from "../../scripts/internal/process-identity";
import { type ProjectCopy, temporaryProject } from "../../scripts/internal/project-copy";
import { todoApi } from "../internal/api";
import { cdktf, plannedChanges, terraformEnvironment } from "../internal/deployment";
import { environmentDirectory } from "../internal/directory";
import { ROOT } from "../internal/project";
import { until } from "../internal/services";
import { newUser } from "../internal/users";

/** A copy of the project with a change of many resources: how long all logs are kept. */
let project: ProjectCopy;
let deployment: ChildProcess | undefined;

beforeAll(() => {
  project = temporaryProject(ROOT);
  const path = join(project.root, "envs", "local.ts");
  const text = readFileSync(path, "utf8");
  const changed = text.replace(/logRetentionDays: \d+,/, "logRetentionDays: 30,");
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
});

afterAll(() => {
  deployment?.kill("SIGKILL");
  for (const pid of deploymentProcesses()) sendSignal(pid, "SIGKILL");
  project.remove();
});

/** Ids of the processes of deployments: cdktf's, Terraform's, the provider's. */
function deploymentProcesses(): number[] {
  return findMarkedProcesses(MARKS.deployment, environmentDirectory().path);
}

/**
 * Begins what a person begins with `npx cdktf deploy`, without what `scripts/local up` does about an interruption, and has some of it
 * killed as soon as the first resource is done.
 *
 * @param victims which processes, of cdktf's id and the others'
 * @returns what was printed until all had ended
 */
async function deployAndKill(victims: (cdktf: number, others: number[]) => number[]): Promise<string> {
  const cli = join(project.root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");
  const child = spawn(process.execPath, [cli, "deploy", STACK, "--auto-approve"], {
    cwd: project.root,
    // With few at a time most are not done yet.
    env: { ...terraformEnvironment(), TF_CLI_ARGS_apply: "-parallelism=5" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  deployment = child;
  const { pid = 0 } = child;
  let output = "";
  let killed = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (killed || !/(?:Modifications|Creation) complete after/.test(output)) return;
      killed = true;
      const others = deploymentProcesses().filter((found) => found !== pid);
      for (const victim of victims(pid, others)) sendSignal(victim, "SIGKILL");
    });
  }
  await new Promise((done) => child.once("exit", done));
  await until("the end of all processes of the deployment", 60, () => deploymentProcesses().length === 0);
  return plainText(output);
}

test("a deployment whose Terraform is killed stops in the middle", async () => {
  const output = await deployAndKill((_cdktf, others) => others);
  expect(output).toContain("complete after");
  expect(output).not.toContain("Apply complete!");
}, 180_000);

test("begun again, and now cdktf is killed: Terraform ends with it", async () => {
  const output = await deployAndKill((cdktf) => [cdktf]);
  expect(output).toContain("complete after");
  expect(output).not.toContain("Apply complete!");
}, 180_000);

test("the same command once more brings it to its end, and a second plan is empty", async () => {
  const { code, output } = await cdktf(project.root, "deploy", "--auto-approve");
  expect({ code, ...(code !== 0 && { output }) }).toEqual({ code: 0 });
  expect(output).toContain("Apply complete!");
  expect(await plannedChanges(project.root)).toEqual([]);
  const { idToken } = await newUser();
  expect((await todoApi(idToken).list()).status).toBe(200);
}, 240_000);
