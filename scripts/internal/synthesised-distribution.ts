/**
 * The CloudFront distribution of an environment, as the environment's stack is synthesised now: nothing has to be deployed for it.
 *
 * @module
 */
import { type Distribution, readDistributions, type TerraformStack } from "./cdn-model";
import { CommandError } from "./cli";
import { readJson } from "./json-file";
import { stackFile, withSynthesised } from "./synthesised-stack";

/**
 * Synthesises the environments and reads the distribution of one.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 * @throws CommandError when there is no such environment, it has no release downloads, or the project does not synthesise
 */
export function synthesiseDistribution(root: string, environment: string): Distribution {
  return withSynthesised(root, (folder) => readDistribution(stackFile(folder, environment), environment));
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
