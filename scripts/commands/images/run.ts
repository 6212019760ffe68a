import { CommandError } from "../../internal/cli";
import { runSteps, type Step } from "../../internal/steps";
import { buildAndPush, checkDocker, logInTo } from "./docker";
import { type Environment, type Image, registryOf } from "./plan";
import { openRegistry, type Registry } from "./registry";
import type { ImageResult } from "./show";

/** How to push. */
export interface PushOptions {
  /** Folder of the project. */
  readonly root: string;
  /** E.g. `linux/amd64,linux/arm64`. */
  readonly platform: string;
  /** Services were named: one without a repository is then an error. */
  readonly named: boolean;
  /** Shows no steps. */
  readonly quiet: boolean;
}

/**
 * Pushes the images that the registry does not have, step by step for the user to see. Docker is asked for only when there is one
 * to push.
 *
 * @throws CommandError for the first that fails; those before it are pushed
 */
export async function pushImages(
  environment: Environment,
  images: readonly Image[],
  options: PushOptions,
): Promise<ImageResult[]> {
  const registry = await openRegistry(environment);
  try {
    const results: ImageResult[] = [];
    const look: Step = {
      title: `Look for the images in the registry of ${environment.name}`,
      run: async () => {
        for (const image of images) results.push({ image, status: await statusOf(registry, image) });
        checkRepositories(environment, results, options.named);
      },
    };
    await runSteps([look], options.quiet);
    const absent = results.filter(({ status }) => status === "absent").map(({ image }) => image);
    if (absent.length === 0) return results;
    const prepare: Step = {
      title: "Log in to the registry",
      run: async () => {
        await checkDocker();
        await logInTo(registryOf(environment), await registry.logIn());
      },
    };
    await runSteps([prepare, ...absent.map((image) => pushStep(registry, image, options))], options.quiet);
    return results.map(({ image, status }) => ({ image, status: status === "absent" ? "pushed" : status }));
  } finally {
    registry.close();
  }
}

async function statusOf(registry: Registry, image: Image): Promise<ImageResult["status"]> {
  const found = await registry.find(image);
  return found === "present" ? "exists" : found;
}

function pushStep(registry: Registry, image: Image, { root, platform }: PushOptions): Step {
  return {
    title: `Build and push ${image.service} ${image.tag}`,
    run: async ({ progress, done }) => {
      try {
        await buildAndPush(image, { root, platform, onLine: progress });
      } catch (error) {
        // Somebody else has pushed it meanwhile: a tag cannot be pushed twice.
        if ((await registry.find(image)) !== "present") throw error;
        done(`${image.service} ${image.tag} was pushed by somebody else meanwhile`);
      }
    },
  };
}

function checkRepositories({ name }: Environment, results: readonly ImageResult[], named: boolean): void {
  const without = results.filter(({ status }) => status === "noRepository");
  const [first] = without;
  // What an environment does not deploy has no repository.
  if (!first || (!named && without.length < results.length)) return;
  throw new CommandError(
    `repository ${first.image.repository}`,
    "does not exist",
    `run scripts/bootstrap ${name} first; it makes those of the services that the environment deploys`,
  );
}
