/**
 * scripts/local: the platform on one machine, without an AWS account.
 *
 * @module
 */
import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { jsonOption, wholeNumber } from "../../internal/arguments";
import { CommandError, printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import { DIRECTORY_VARIABLE, type LocalDirectory, localDirectory } from "./directory";

const ROOT = resolve(__dirname, "../../..");

const OVERVIEW = `
The emulator (MiniStack, pinned) serves AWS's APIs on a free port of 127.0.0.1, with IAM enforced; the stack
envs/local is deployed to it by the real cdktf, Terraform and AWS provider. docs/local-differences.md says where it
differs from AWS.`;

const UP_NOTES = `
Steps, each of which finds what an earlier run has done: check the tools, make the Python environment, start the
emulator, deploy envs/local, bring up what it deploys of services, databases and caches, and the edge before its
distribution, and try it out as a sample user. A run that was cut off anywhere, by Ctrl-C, a crash or kill -9, is put
right by the next.`;

// --help and wrong arguments are answered without what the subcommands load.
async function main(): Promise<void> {
  const program = scriptCommand("local", {
    description: "The platform on this machine, without an AWS account and without Docker.",
    notes: OVERVIEW,
    examples: [
      "scripts/local up                         bring everything up; again: nothing changes",
      "scripts/local up --json | jq -r .apiUrl  for scripts",
      'eval "$(scripts/local env)"              then aws, terraform and npx cdktf diff envs/local work by hand',
      "scripts/local logs todos-v1 --follow     what the function todos-v1 says",
      "scripts/local logs catalog --follow      what the tasks of the service catalog say",
      "scripts/local stop-task catalog          kill one of them, and see another take its place",
      "scripts/local down                       end every process; the data stays",
      "scripts/local reset                      begin from nothing",
    ],
    exitCodes: exitCodes(["missingTool", "interrupted"]),
  }).option(
    "--directory <folder>",
    `where the environment keeps everything (or ${DIRECTORY_VARIABLE}; default: .local)`,
  );
  const directory = () => localDirectory(ROOT, program.opts<{ directory?: string }>().directory);

  program
    .subcommand("up", {
      description: "bring the environment up, and show its addresses",
      notes: UP_NOTES,
      examples: [
        "scripts/local up",
        "scripts/local up --json                  the endpoints as one JSON object on standard output",
        "scripts/local --directory /tmp/b up      a second environment beside the first",
      ],
    })
    .addOption(jsonOption())
    .action(async ({ json }: { json: boolean }) => {
      const { up } = await import("./up.js");
      const { describeUp } = await import("./show.js");
      const result = await up(directory(), { quiet: json });
      const { tour: _, ...endpoints } = result;
      printResult(endpoints, json, () => `\n${describeUp(directory(), result)}`);
    });

  program
    .subcommand("down", {
      description: "end every process; data stays for the next up",
      examples: ["scripts/local down"],
    })
    .action(async () => {
      const { down } = await import("./down.js");
      const ended = await down(directory());
      print(
        ended.length > 0 ? `Ended the environment (${processes(ended)}).` : "The environment did not run.",
      );
    });

  program
    .subcommand("status", {
      description: "say whether the environment is up, and where",
      examples: ["scripts/local status", "scripts/local status --json | jq -r .state"],
    })
    .addOption(jsonOption())
    .action(async ({ json }: { json: boolean }) => {
      const { status } = await import("./status.js");
      const { describeStatus } = await import("./show.js");
      printResult(await status(directory()), json, describeStatus);
    });

  program
    .subcommand("logs", {
      description: "print a log",
      examples: [
        "scripts/local logs                       the emulator's log",
        "scripts/local logs deploy                Terraform's output of the last deployment",
        "scripts/local logs catalog --follow      the tasks of a service: time, task, container, line",
        "scripts/local logs supervisor            what starts and stops them",
        "scripts/local logs todos-v1 --follow     a function's log group in CloudWatch Logs",
      ],
    })
    .argument(
      "[name]",
      "emulator, deploy, supervisor, edge, or a service's, a function's or a log group's name",
      "emulator",
    )
    .option("-f, --follow", "go on with what is new, until interrupted", false)
    .option("-n, --lines <count>", "how many lines to begin with", wholeNumber(0), 100)
    .action(async (name: string, { follow, lines }: { follow: boolean; lines: number }) => {
      const { logs } = await import("./logs.js");
      await logs(directory(), { name, follow, lines });
    });

  program
    .subcommand("stop-task", {
      description: "kill a task of a service, as the loss of its machine does: another takes its place",
      examples: ["scripts/local stop-task catalog"],
    })
    .argument("<service>", "as it is deployed, or its end: catalog")
    .action(async (name: string) => {
      const { killTask } = await import("./kill-task.js");
      const { id, taskDefinition, processes: killed } = killTask(directory(), name);
      print(`Killed task ${id} of ${taskDefinition} (${processes(Object.values(killed))}).`);
    });

  program
    .subcommand("env", {
      description: "print variables for eval, with which aws, terraform and cdktf reach the environment",
      notes: `
Log in again, with the same command, when the sample user's token has expired.

The AWS CLI must be of version 2.13 or newer: older ones, and those of version 1 for queues and some more, ask AWS in spite of AWS_ENDPOINT_URL.`,
      examples: [
        'eval "$(scripts/local env)"              as administrator: npx cdktf diff envs/local; buckets, e.g. CATALOG_IMPORT_BUCKET',
        'eval "$(scripts/local env --user)"       as the sample user: ID_TOKEN, API_URL, API_URL_V2, temporary AWS credentials',
        'eval "$(scripts/local env --user other@example.com)"  as another user, who is signed up the first time',
        '(eval "$(scripts/local env --user)"; curl -H "Authorization: Bearer $ID_TOKEN" "$API_URL/todos")',
      ],
    })
    .addOption(
      new Option("--user [email]", "be the sample user, or the one of that address, not the administrator")
        .argParser(emailAddress)
        .default(false),
    )
    .action(async ({ user }: { user: boolean | string }) => {
      const email = typeof user === "string" ? user : undefined;
      print(await (user === false ? administratorLines(directory()) : userLines(directory(), email)));
    });

  program
    .subcommand("reset", {
      description: "end every process and remove all data, Terraform's state too",
      notes:
        "Nothing is asked. What was removed is listed. Dependencies (node_modules, the Python environment) stay.",
      examples: ["scripts/local reset", "scripts/local reset && scripts/local up  begin from nothing"],
    })
    .action(async () => {
      const { reset } = await import("./down.js");
      const removed = await reset(directory());
      print(removed.length > 0 ? `Removed:\n  ${removed.join("\n  ")}` : "There was nothing to remove.");
    });

  await program.parseAsync();
}

async function administratorLines(directory: LocalDirectory): Promise<string> {
  const { edgeUrl } = await import("./edge-process.js");
  const { runningEmulator } = await import("./emulator.js");
  const { endpointsOf, readOutputs } = await import("./outputs.js");
  const { foreignVariables, shellEnvironment } = await import("./settings.js");
  const { administratorVariables, exportLines } = await import("./show.js");
  const emulator = runningEmulator(directory);
  if (!emulator) throw notUp();
  const outputs = readOutputs(directory);
  const variables = {
    ...shellEnvironment(directory, emulator.port),
    ...(outputs && administratorVariables(endpointsOf(outputs, emulator.port), edgeUrl(directory))),
  };
  return exportLines(variables, foreignVariables());
}

/** @param email of the user. @default the sample user's */
async function userLines(directory: LocalDirectory, email?: string): Promise<string> {
  const { runningEmulator } = await import("./emulator.js");
  const { endpointsOf, readOutputs } = await import("./outputs.js");
  const { openSampleSession } = await import("./sample.js");
  const { foreignVariables } = await import("./settings.js");
  const { exportLines, userVariables } = await import("./show.js");
  const emulator = runningEmulator(directory);
  const outputs = readOutputs(directory);
  if (!emulator || !outputs) throw notUp();
  const endpoints = endpointsOf(outputs, emulator.port);
  const session = await openSampleSession(directory, endpoints, email);
  return exportLines(userVariables(endpoints, session), foreignVariables());
}

function emailAddress(text: string): string {
  if (/^[^\s@]+@[^\s@]+$/.test(text)) return text;
  throw new InvalidArgumentError("Write it as other@example.com.");
}

function notUp(): CommandError {
  return new CommandError("scripts/local", "the environment is not up", "scripts/local up brings it up");
}

function processes(pids: readonly number[]): string {
  return `${pids.length === 1 ? "process" : "processes"} ${pids.join(", ")}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

void runCommand(main);
