/**
 * The local edge as a process of its own: CloudFront's cache in front of a distribution in the emulator. It listens on the loopback
 * interface, prints one line of JSON when it does, tells of itself at `/_edge/status`, and ends on SIGTERM.
 *
 *   node --import tsx main.ts --stack <cdk.tf.json> --distribution <id> --endpoint <emulator> --folder <for large objects>
 *     [--port <port>] [--domain-name <of the distribution>] [--maximum-megabytes <of all objects>]
 *
 * Why none of the HTTP caches at hand is used: docs/local-differences.md.
 *
 * @module
 */
import { Command, InvalidArgumentError } from "commander";
import { EXIT, runCommand } from "../../../internal/cli";
import { readDistribution } from "../../../internal/synthesised-distribution";
import { startEdge } from "./edge";
import { EmulatedDistribution } from "./emulated-distribution";

interface Options {
  readonly stack: string;
  readonly distribution: string;
  readonly endpoint: string;
  readonly folder: string;
  readonly port: number;
  readonly domainName?: string;
  readonly maximumMegabytes: number;
}

async function main(): Promise<void> {
  const options = new Command("edge")
    .description("CloudFront's cache in front of a distribution in the emulator.")
    .requiredOption("--stack <file>", "cdk.tf.json of the deployed stack")
    .requiredOption("--distribution <id>", "id of the distribution in the emulator")
    .requiredOption("--endpoint <url>", "the emulator, e.g. http://127.0.0.1:4566")
    .requiredOption("--folder <path>", "folder for large objects; what is in it is removed")
    .option("--port <port>", "on the loopback interface; 0: any free one", wholeNumber, 0)
    .option("--domain-name <name>", "of the distribution; otherwise the emulator is asked")
    .option("--maximum-megabytes <count>", "of all cached objects together", wholeNumber, 1024)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage))
    .parse()
    .opts<Options>();
  const { stack, distribution, endpoint, folder, port, maximumMegabytes } = options;
  const emulated = new EmulatedDistribution(endpoint, distribution);
  const edge = await startEdge({
    distribution: readDistribution(stack, stack),
    distributionId: distribution,
    domainName: options.domainName ?? (await emulated.domainName()),
    endpoint,
    folder,
    port,
    maximumBytes: maximumMegabytes * 1024 ** 2,
    invalidations: emulated,
  });
  console.log(JSON.stringify({ pid: process.pid, port: edge.port, url: edge.url }));
  await new Promise((done) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, done);
  });
  await edge.close();
  emulated.close();
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError(`It must be a whole number, got "${text}".`);
  return Number(text);
}

void runCommand(main);
