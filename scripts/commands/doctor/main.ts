/**
 * scripts/doctor: whether all is there that a deployment needs.
 *
 * @module
 */
import { resolve } from "node:path";
import { environmentArgument, jsonOption, timeoutOption } from "../../internal/arguments";
import { EXIT, printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import type { Finding } from "./check";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
Looks at tools, dependencies and room on this machine; without an environment, or with envs/local, at the local environment: whether it
runs, is whole, and is what the project synthesises now. With another at its account: whose the credentials are and how long they last,
the state and its lock, and the quotas that the environment's stack would run into. Nothing is changed anywhere.

Rights, for an account: s3:GetObject and s3:ListBucket on the state's bucket, servicequotas:GetServiceQuota,
servicequotas:GetAWSDefaultServiceQuota, and, for what there is already, ec2:DescribeVpcs, ec2:DescribeAddresses,
elasticloadbalancing:DescribeLoadBalancers, cloudfront:ListDistributions, lambda:GetAccountSettings, lambda:GetFunctionConcurrency.`;

interface Options {
  readonly directory?: string;
  readonly timeout: number;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const command = scriptCommand("doctor", {
    description: "Says what is missing on this machine, or in an environment's account, and how to mend it.",
    notes: NOTES,
    examples: [
      "scripts/doctor",
      "scripts/doctor envs/prod",
      "scripts/doctor envs/prod --json | jq '.findings[] | select(.status == \"problem\")'",
    ],
    exitCodes: exitCodes([], { failed: "there are problems" }),
  })
    .addArgument(environmentArgument("[environment]"))
    .option("--directory <folder>", "where the local environment is (default: .local)")
    .addOption(timeoutOption("how long each check may take", 30))
    .addOption(jsonOption())
    .parse();
  const [environment] = command.args;
  const { directory, timeout, json } = command.opts<Options>();
  // --help and wrong arguments are answered without it.
  const { examine } = await import("./run.js");
  const findings = await examine(ROOT, {
    timeoutSeconds: timeout,
    ...(environment !== undefined && { environment }),
    ...(directory !== undefined && { directory }),
  });
  const problems = findings.filter(({ status }) => status === "problem").length;
  printResult({ environment: environment ?? null, problems, findings }, json, describe);
  // Once all is written: what had no answer in time may still wait for one.
  process.stdout.write("", () => process.exit(problems > 0 ? EXIT.failed : 0));
}

const SIGNS = { ok: "ok     ", problem: "PROBLEM", note: "note   ", skipped: "skipped" } as const;

function describe({
  problems,
  findings,
}: {
  readonly problems: number;
  readonly findings: readonly Finding[];
}): string {
  const lines = findings.map(
    ({ status, name, what, mend }) =>
      `${SIGNS[status]} ${name}: ${what}${mend === undefined ? "" : `\n          → ${mend}`}`,
  );
  const last =
    problems === 0 ? "No problem was found." : `${problems} ${problems === 1 ? "problem" : "problems"}.`;
  return [...lines, "", last].join("\n");
}

void runCommand(main);
