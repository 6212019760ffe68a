/**
 * scripts/trace: the whole path of one request, from the logs of everything that it passed.
 *
 * @module
 */
import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { environmentArgument, jsonOption, stackOption, wholeNumber } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { isDeclaring } from "../../internal/declaring";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import { readId, type TraceId } from "./id";
import { checkOperands, idLast } from "./operands";
import type { TraceOptions } from "./run";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
The id is that of a trace, as logs and X-Ray write it or as traceparent has it, or that of a request: X-Request-Id of its answer, requestId of its
problem details. The ids of orders and of events do as well. It may come before the environment, too. Lines that have it name traces and requests,
whose lines belong to the path too.

Lines are in the order in which began what they tell of. Marked are errors (x): level ERROR, or a status of 500 and above; and what was refused, or
went on without something (!): level WARN, a status of 400 and above, or an outcome that is refused or failed. What a rebuild of the order history
has replayed is shown, and not counted. Where an order's event is not published yet, that is said below.

On AWS the log groups of the environment's functions, services, APIs and workflows are searched by one Logs Insights query, which costs
by the data that these groups have of that time, and X-Ray is asked for the traces' segments, of which it has those that were sampled. Newest lines
take some seconds to be found there. Locally the emulator has the logs, and there are no segments.

Rights: logs:StartQuery on the log groups, logs:GetQueryResults; xray:BatchGetTraces.`;

interface Options extends TraceOptions {
  readonly json: boolean;
}

async function main(): Promise<void> {
  const command = scriptCommand("trace", {
    description:
      "Shows the whole path of one request: the lines of all functions and services, and X-Ray's segments.",
    notes: NOTES,
    examples: [
      "scripts/trace envs/prod 1-5759e988-bd862e3fe1be46a994272793",
      "scripts/trace envs/local 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      "scripts/trace envs/prod 0d5c0f0e-5d5c-4a57-9f1e-0a3e2f7c1c11 --hours 72 --json",
    ],
    exitCodes: exitCodes(["missingTool", "credentials"], { failed: "failed, or nothing was found" }),
  })
    .addArgument(environmentArgument())
    .argument("<id>", "of a trace, a request, an order or an event", id)
    .option(
      "--hours <hours>",
      "how far back to search for an id that does not tell its time",
      wholeNumber(1, 8760),
      24,
    )
    .addOption(stackOption())
    .addOption(jsonOption());
  const [node = "", script = "", ...given] = process.argv;
  // While it is declared for another command, the arguments are the other's.
  if (!isDeclaring()) {
    const { operands, unknown } = command.parseOptions(given);
    // One that is unknown here is --help, or is refused by name.
    if (unknown.length === 0) checkOperands(operands);
  }
  command.parse([node, script, ...idLast(given)]);
  const [environment = ""] = command.args;
  const { json, ...options } = command.opts<Options>();
  // --help and wrong arguments are answered without it.
  const { run } = await import("./run.js");
  const { describePath } = await import("./show.js");
  const path = await run(ROOT, command.processedArgs[1] as TraceId, environment, options);
  printResult(path, json, describePath);
}

function id(text: string): TraceId {
  const read = readId(text);
  if (read) return read;
  throw new InvalidArgumentError(
    "It must be the id of a trace, like 1-5759e988-bd862e3fe1be46a994272793, a traceparent, or a UUID as requests have.",
  );
}

void runCommand(main);
