/**
 * scripts/cdn-explain: what CloudFront does with a request, and why.
 *
 * @module
 */
import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { environmentArgument, jsonOption, repeated, stackOption } from "../../internal/arguments";
import { runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
Everything is computed from the configuration as it is synthesised now, by the rules of CloudFront's Developer Guide: which behaviour
matches, what the function at the edge makes of the request, the cache key, how long an answer is kept and why, which origin is asked,
and whether the request is refused, redirected or must be signed. Nothing is sent anywhere, nothing has to be deployed.`;

interface Options {
  readonly header: readonly string[];
  readonly response: readonly string[];
  readonly status: number;
  readonly method: string;
  readonly country?: string;
  readonly stack?: string;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const command = scriptCommand("cdn-explain", {
    description: "Explains what an environment's CloudFront distribution does with a request.",
    notes: NOTES,
    examples: [
      "scripts/cdn-explain envs/prod https://downloads.example.com/updates/v1.2.3.zip",
      "scripts/cdn-explain envs/prod '/updates/latest.json?utm_source=mail' --response 'Cache-Control: max-age=30'",
      "scripts/cdn-explain envs/staging /downloads/a.zip --status 404 --json",
      "scripts/cdn-explain envs/prod /downloads/a.zip --method OPTIONS -H 'Origin: https://www.example.com'",
    ],
    exitCodes: exitCodes(["missingTool"]),
  })
    .addArgument(environmentArgument())
    .argument("<url>", "of the distribution, or its path alone")
    .option(
      "-H, --header <header>",
      "a header of the request, e.g. 'Accept-Encoding: br'; may be repeated",
      repeated,
      [],
    )
    .option(
      "--response <header>",
      "a header of the origin's answer, e.g. 'Cache-Control: max-age=60'; may be repeated",
      repeated,
      [],
    )
    .option("--status <code>", "status of the origin's answer", status, 200)
    .option("-X, --method <method>", "method of the request", method, "GET")
    .option("--country <code>", "country of the viewer, e.g. DE, where countries are restricted", country)
    .addOption(stackOption())
    .addOption(jsonOption())
    .parse();
  const [environment = "", url = ""] = command.args;
  const options = command.opts<Options>();
  // --help and wrong options are answered without it.
  const { run } = await import("./run.js");
  process.stdout.write(`${run(ROOT, environment, url, options)}\n`);
}

function status(text: string): number {
  const code = Number(text);
  if (/^\d{3}$/.test(text) && code >= 200 && code <= 599) return code;
  throw new InvalidArgumentError(`It must be a status from 200 to 599, got "${text}".`);
}

function method(text: string): string {
  if (/^[A-Za-z]+$/.test(text)) return text.toUpperCase();
  throw new InvalidArgumentError(`It must be a method like GET, got "${text}".`);
}

function country(text: string): string {
  if (/^[A-Za-z]{2}$/.test(text)) return text.toUpperCase();
  throw new InvalidArgumentError(`It must be a country's code of two letters like DE, got "${text}".`);
}

void runCommand(main);
