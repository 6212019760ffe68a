/**
 * The CloudFront distribution of an environment, as the environment's stack is synthesised now: nothing has to be deployed for it.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Distribution, readDistributions, type TerraformStack } from "./cdn-model";
import { CommandError, EXIT } from "./cli";
import { readJson } from "./json-file";

/**
 * Checks how an environment is named, before anything is synthesised.
 *
 * @throws CommandError of wrong usage
 */
export function checkEnvironmentName(name: string): void {
  if (/^envs\/[a-z0-9-]+$/.test(name)) return;
  throw new CommandError(
    "environment",
    `"${name}" is none`,
    "write it as envs/<name>, e.g. envs/prod",
    EXIT.usage,
  );
}

/**
 * Synthesises the environments and reads the distribution of one.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 * @throws CommandError when there is no such environment, it has no release downloads, or the project does not synthesise
 */
export function synthesiseDistribution(root: string, environment: string): Distribution {
  const output = mkdtempSync(join(tmpdir(), "synthesised-"));
  try {
    const { status } = spawnSync(process.execPath, ["scripts/internal/synth.js"], {
      cwd: root,
      // What it says belongs to the user, not to the command's result.
      stdio: ["ignore", 2, 2],
      env: { ...process.env, CDKTF_OUTDIR: output },
    });
    if (status !== 0) throw new CommandError("synth", "failed", "see its messages above");
    const file = join(output, environment, "cdk.tf.json");
    if (existsSync(file)) return readDistribution(file, environment);
    const known = readdirSync(join(output, "envs")).map((name) => `envs/${name}`);
    throw new CommandError(
      environment,
      "is not among the environments of envs/index.ts",
      `these are: ${known.sort().join(", ")}`,
      EXIT.usage,
    );
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/**
 * Reads the distribution of a stack that has been synthesised.
 *
 * @param file its `cdk.tf.json`
 * @param place what errors name
 * @throws CommandError when the file is none of Terraform's, or the stack has no distribution
 */
export function readDistribution(file: string, place: string): Distribution {
  let distributions: readonly Distribution[];
  try {
    const stack = readJson<TerraformStack>(file);
    if (stack === undefined) throw new Error("there is no such file");
    distributions = readDistributions(stack);
  } catch (error) {
    throw new CommandError(place, (error as Error).message);
  }
  const [distribution, ...others] = distributions;
  if (distribution === undefined) {
    throw new CommandError(
      place,
      "has no CloudFront distribution",
      "give it the section downloads, see envs/downloads-spec.ts",
    );
  }
  if (others.length === 0) return distribution;
  throw new CommandError(
    place,
    `has ${others.length + 1} CloudFront distributions, and only one is expected`,
  );
}
