import { environments, loadEnvironments } from "../../../envs";
import { Label } from "../../../modules/internal/label";
import { buildServices, imageTag } from "../../../modules/internal/service-bundle";
import { CommandError, EXIT } from "../../internal/cli";
import type { BuiltService, Environment } from "./plan";

/** Most characters of a repository's name: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const NAME_LIMIT = 256;

/**
 * An environment, by its specification.
 *
 * @param argument e.g. `envs/prod`
 * @throws CommandError when there is none of that name, or the specifications are not right
 */
export function environmentOf(argument: string): Environment {
  const spec = specifications().find(({ name }) => `envs/${name}` === argument);
  if (!spec) {
    const known = Object.keys(environments).map((name) => `envs/${name}`);
    throw new CommandError(
      "environment",
      `"${argument}" is none`,
      `there are ${known.join(", ")}`,
      EXIT.usage,
    );
  }
  const { project, name, account } = spec;
  const label = new Label({ project, environment: name, accountId: account.id, region: account.region });
  return {
    name: argument,
    accountId: account.id,
    region: account.region,
    repositoryName: (service) => label.name(service, NAME_LIMIT),
  };
}

/** The services, built as synth builds them. @throws CommandError saying what does not build */
export function builtServices(root: string): BuiltService[] {
  const artifacts = explained("services", () => buildServices(root));
  return Object.values(artifacts).map((artifact) => ({
    name: artifact.name,
    tag: imageTag(artifact),
    folder: artifact.folder,
  }));
}

function specifications() {
  return explained("envs", () => loadEnvironments(environments));
}

/** What is wrong with the project is told as it is, without a stack trace. */
function explained<T>(place: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new CommandError(place, `the project is not right:\n${(error as Error).message}`);
  }
}
