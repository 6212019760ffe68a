import { CommandError, EXIT } from "../../internal/cli";

/** What is known of an environment. */
export interface Environment {
  /** As on the command line, e.g. `envs/prod`. */
  readonly name: string;
  /** Twelve-digit account id, which is that of its registry. */
  readonly accountId: string;
  readonly region: string;
  /** Name of a service's repository. */
  readonly repositoryName: (service: string) => string;
}

/** A service as it was built. */
export interface BuiltService {
  readonly name: string;
  /** Tag of its image, made from all that goes into it. */
  readonly tag: string;
  /** Folder that is the image's content. */
  readonly folder: string;
}

/** An image that an environment deploys, or could. */
export interface Image {
  readonly service: string;
  /** Name of the repository, e.g. `acme-prod-catalog`. */
  readonly repository: string;
  readonly tag: string;
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`. */
  readonly reference: string;
  /** Folder that is the image's content. */
  readonly folder: string;
}

/** Address of an environment's registry. */
export function registryOf({ accountId, region }: Environment): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com`;
}

/**
 * The images of services, by what the specification says alone.
 *
 * @param names of the services. None stands for all
 * @throws CommandError naming a service that is none
 */
export function imagesOf(
  environment: Environment,
  built: readonly BuiltService[],
  names: readonly string[],
): Image[] {
  for (const name of names) {
    if (built.some((service) => service.name === name)) continue;
    const known = built.map((service) => service.name).join(", ");
    throw new CommandError(`service "${name}"`, "is none", `there are ${known}`, EXIT.usage);
  }
  return built
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map(({ name, tag, folder }) => {
      const repository = environment.repositoryName(name);
      return {
        service: name,
        repository,
        tag,
        reference: `${registryOf(environment)}/${repository}:${tag}`,
        folder,
      };
    });
}
