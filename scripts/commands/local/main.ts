/**
 * scripts/local: the platform on one machine, without an AWS account.
 *
 * @module
 */
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { CommandError, EXIT, runCommand } from "../../internal/cli";
import { DIRECTORY_VARIABLE, type LocalDirectory, localDirectory } from "./directory";
import { down, reset } from "./down";
import { edgeUrl } from "./edge-process";
import { runningEmulator } from "./emulator";
import { killTask } from "./kill-task";
import { logs } from "./logs";
import { endpointsOf, readOutputs } from "./outputs";
import { openSampleSession } from "./sample";
import { foreignVariables, shellEnvironment } from "./settings";
import { describeStatus, describeUp, downloadsVariables, exportLines, userVariables } from "./show";
import { status } from "./status";
import { up } from "./up";

const ROOT = resolve(__dirname, "../../..");

const OVERVIEW = `
The emulator (MiniStack, pinned) serves AWS's APIs on a free port of 127.0.0.1, with IAM enforced; the stack
envs/local is deployed to it by the real cdktf, Terraform and AWS provider. docs/local-differences.md says where it
differs from AWS.

Examples:
  scripts/local up                         bring everything up; again: nothing changes
  scripts/local up --json | jq -r .apiUrl  for scripts
  eval "$(scripts/local env)"              then aws, terraform and npx cdktf diff envs/local work by hand
  scripts/local logs todos --follow        what the function todos says
  scripts/local logs catalog --follow      what the tasks of the service catalog say
  scripts/local stop-task catalog          kill one of them, and see another take its place
  scripts/local down                       end every process; the data stays
  scripts/local reset                      begin from nothing

Exit codes: 0 done, 1 failed, 2 wrong arguments, 3 a tool is missing or too old, 130 interrupted.`;

const UP_HELP = `
Steps, each of which finds what an earlier run has done: check the tools, make the Python environment, start the
emulator, deploy envs/local, bring up what it deploys of services, databases and caches, and the edge before its
distribution, and try it out as a sample user. A run that was cut off anywhere, by Ctrl-C, a crash or kill -9, is put
right by the next.

Examples:
  scripts/local up
  scripts/local up --json                  the endpoints as one JSON object on standard output
  scripts/local --directory /tmp/b up      a second environment beside the first`;

const ENV_HELP = `
Examples:
  eval "$(scripts/local env)"              as administrator: aws s3 ls; npx cdktf diff envs/local
  eval "$(scripts/local env --user)"       as the sample user: ID_TOKEN, API_URL, temporary AWS credentials
  (eval "$(scripts/local env --user)"; curl -H "Authorization: Bearer $ID_TOKEN" "$API_URL/todos")

Log in again, with the same command, when the token has expired.`;

const LOGS_HELP = `
Examples:
  scripts/local logs                       the emulator's log
  scripts/local logs deploy                Terraform's output of the last deployment
  scripts/local logs catalog --follow      the tasks of a service: time, task, container, line
  scripts/local logs supervisor            what starts and stops them
  scripts/local logs todos --follow        a function's log group in CloudWatch Logs`;

const RESET_HELP = `
Nothing is asked. What was removed is listed. Dependencies (node_modules, the Python environment) stay.

Examples:
  scripts/local reset
  scripts/local reset && scripts/local up  begin from nothing`;

const program = new Command("scripts/local")
  .description("The platform on this machine, without an AWS account and without Docker.")
  .option(
    "--directory <path>",
    `where the environment keeps everything (or ${DIRECTORY_VARIABLE}; default: .local)`,
  )
  .addHelpText("after", OVERVIEW)
  .configureOutput({
    outputError: (text, write) => write(text.replace(/^error: /, "error: scripts/local: ")),
  })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage));

program
  .command("up")
  .description("bring the environment up, and show its addresses")
  .option("--json", "print the addresses as JSON, and nothing else")
  .addHelpText("after", UP_HELP)
  .action(async ({ json = false }: { json?: boolean }) => {
    const result = await up(directory(), { quiet: json });
    const { tour: _, ...endpoints } = result;
    print(json ? JSON.stringify(endpoints, null, 2) : `\n${describeUp(directory(), result)}`);
  });

program
  .command("down")
  .description("end every process; data stays for the next up")
  .action(async () => {
    const ended = await down(directory());
    print(ended.length > 0 ? `Ended the environment (${processes(ended)}).` : "The environment did not run.");
  });

program
  .command("status")
  .description("say whether the environment is up, and where")
  .option("--json", "print it as JSON")
  .action(async ({ json = false }: { json?: boolean }) => {
    const found = await status(directory());
    print(json ? JSON.stringify(found, null, 2) : describeStatus(found));
  });

program
  .command("logs")
  .description("print a log")
  .argument(
    "[name]",
    "emulator, deploy, supervisor, edge, or a service's, a function's or a log group's name",
    "emulator",
  )
  .option("-f, --follow", "go on with what is new, until interrupted")
  .option("-n, --lines <count>", "how many lines to begin with", wholeNumber, 100)
  .addHelpText("after", LOGS_HELP)
  .action((name: string, { follow = false, lines }: { follow?: boolean; lines: number }) =>
    logs(directory(), { name, follow, lines }),
  );

program
  .command("stop-task")
  .description("kill a task of a service, as the loss of its machine does: another takes its place")
  .argument("<service>", "as it is deployed, or its end: catalog")
  .action((name: string) => {
    const { id, taskDefinition, processes: killed } = killTask(directory(), name);
    print(`Killed task ${id} of ${taskDefinition} (${processes(Object.values(killed))}).`);
  });

program
  .command("env")
  .description("print variables for eval, with which aws, terraform and cdktf reach the environment")
  .option("--user", "be the sample user, not the administrator")
  .addHelpText("after", ENV_HELP)
  .action(async ({ user = false }: { user?: boolean }) => {
    const emulator = runningEmulator(directory());
    if (!emulator) throw notUp();
    if (!user) {
      const variables = {
        ...shellEnvironment(directory(), emulator.port),
        ...downloadsVariables(readOutputs(directory())?.downloads_bucket, edgeUrl(directory())),
      };
      print(exportLines(variables, foreignVariables()));
      return;
    }
    const outputs = readOutputs(directory());
    if (!outputs) throw notUp();
    const endpoints = endpointsOf(outputs, emulator.port);
    const session = await openSampleSession(directory(), endpoints);
    print(exportLines(userVariables(endpoints, session), foreignVariables()));
  });

program
  .command("reset")
  .description("end every process and remove all data, Terraform's state too")
  .addHelpText("after", RESET_HELP)
  .action(async () => {
    const removed = await reset(directory());
    print(removed.length > 0 ? `Removed:\n  ${removed.join("\n  ")}` : "There was nothing to remove.");
  });

function directory(): LocalDirectory {
  return localDirectory(ROOT, program.opts<{ directory?: string }>().directory);
}

function notUp(): CommandError {
  return new CommandError("scripts/local", "the environment is not up", "scripts/local up brings it up");
}

function processes(pids: readonly number[]): string {
  return `${pids.length === 1 ? "process" : "processes"} ${pids.join(", ")}`;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError(`It must be a whole number, got "${text}".`);
  return Number(text);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

runCommand(async () => {
  await program.parseAsync();
});
