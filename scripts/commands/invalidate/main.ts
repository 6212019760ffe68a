/**
 * scripts/invalidate: removes files from CloudFront's caches before they expire.
 *
 * @module
 */
import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { dryRunOption, environmentArgument, jsonOption, timeoutOption } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import { makePlan } from "./plan";
import { describeResult, resultOf, warningOf } from "./show";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
Paths start with a slash and are written as CloudFront compares them: case matters, spaces, "~" and all that is not
ASCII are percent-encoded, other characters are not. A "*" at the end stands for any characters; quote it for the
shell. Where query strings are part of the cache key, they are part of the path: '/latest?os=mac', or '/latest*'.
Every path is checked before anything is sent. Duplicates, and paths that a wildcard covers, are left out.

Releases:
  --release <file>     one path a line, # starts a comment; or JSON: ["/a"] or {"release": "v1.2.3", "paths": ["/a"]}
  --release <range>    v1.2.2..v1.2.3: each file added, changed or removed below --root, in the repository of --root. A
                       file is its path alone: what is cached with a query string is not covered; give '/latest*' besides

Run again:
  A run that is cut off before all is sent is gone on with by the same command; nothing is made or paid twice. A run that
  has sent all is gone on with, too, if something names it: --reference, a git range, or the release in a manifest. Then
  the invalidations made before are found, shown and not paid again; when nothing at all was sent anew, a warning on
  standard error says so. What nothing names is invalidated anew each time all was sent before (cut off more than an hour
  ago: also), as the files may have changed. Unfinished runs are kept in .local/invalidate/: where the checkout does not
  last, as in CI, name the run.

Limits: CloudFront takes 3000 paths at a time, 15 of them with a wildcard; more are sent in batches, each when the one
before is completed. What is throttled is sent again after a pause, until --timeout.

Rights: cloudfront:CreateInvalidation and cloudfront:GetInvalidation on the distribution. Without --distribution also
what "npx cdktf output" needs to read Terraform's state.`;

interface Options {
  readonly release?: string;
  readonly root?: string;
  readonly reference?: string;
  readonly distribution?: string;
  readonly timeout: number;
  readonly wait: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const command = scriptCommand("invalidate", {
    description:
      "Removes files from the caches of an environment's CloudFront distribution before they expire.",
    notes: NOTES,
    examples: [
      "scripts/invalidate envs/prod '/updates/*'",
      "scripts/invalidate envs/prod --release v1.2.2..v1.2.3 --root public --wait",
      "scripts/invalidate envs/prod --release paths.txt --reference v1.2.3 --json",
      "scripts/invalidate envs/prod --distribution EDFDVBD6EXAMPLE /updates/latest.json --dry-run",
    ],
    exitCodes: exitCodes(["missingTool", "credentials", "unfinished", "interrupted"], {
      usage: "wrong arguments or paths",
      unfinished: "not at the end by --timeout (the error says whether the same command goes on)",
    }),
  })
    .addArgument(environmentArgument())
    .argument("[path...]", "e.g. /updates/latest.json or '/updates/*'")
    .option("--release <file or range>", "the paths of a release: of a manifest, or of a git range")
    .option("--root <folder>", "folder that is the root of the URLs, for a git range")
    .option("--reference <name>", "what it is for; the same name and paths are paid once")
    .option(
      "--distribution <id>",
      "the distribution; otherwise the environment's output distribution_id",
      distributionId,
    )
    .option("--wait", "until CloudFront has completed it everywhere", false)
    .addOption(timeoutOption("how long to go on in all", 1800))
    .addOption(dryRunOption("send nothing; say what would be sent and what it would cost"))
    .addOption(jsonOption())
    .parse();
  const [environment = "", ...paths] = command.args;
  const options = command.opts<Options>();
  const { release, root, reference, dryRun, json } = options;
  const plan = makePlan({
    paths,
    cwd: process.cwd(),
    ...(release !== undefined && { release }),
    ...(root !== undefined && { root }),
    ...(reference !== undefined && { reference }),
  });
  const done =
    dryRun || plan.paths.length === 0
      ? { invalidations: [] }
      : // What that loads takes longer than all before: --help and wrong arguments are answered without it.
        await (await import("./run.js")).runPlan(ROOT, environment, plan, options);
  const result = resultOf(plan, { environment, dryRun, ...done });
  const warning = warningOf(result);
  if (warning !== undefined) console.error(warning);
  printResult(result, json, describeResult);
}

function distributionId(text: string): string {
  if (!/^[A-Za-z0-9]+$/.test(text)) throw new InvalidArgumentError(`It must be an id, got "${text}".`);
  return text;
}

void runCommand(main);
