/**
 * scripts/images: builds the images of the container services and pushes them to an environment's registry.
 *
 * @module
 */
import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { dryRunOption, environmentArgument, jsonOption } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import type { ImageResult } from "./show";
import { describeResult, resultOf } from "./show";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
An image's tag is made from all that goes into it: the service's bundle and services/Dockerfile. What is deployed names that tag. Tags
cannot be pushed twice, so an image that is there already is not built again, and one that is deployed never changes.

Run it after a change of services/ and before the deployment; and once after scripts/bootstrap, which makes the repositories.

Rights: ecr:GetAuthorizationToken; and on the repositories what modules/image-repositories gives out as pushStatements. Docker stays
logged in to the registry, for twelve hours at most.`;

interface Options {
  readonly platform: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const command = scriptCommand("images", {
    description:
      "Builds the images of the container services and pushes to an environment's registry those that it lacks.",
    notes: NOTES,
    examples: [
      "scripts/images envs/prod",
      "scripts/images envs/prod catalog orders --platform linux/arm64",
      "scripts/images envs/prod --dry-run --json",
    ],
    exitCodes: exitCodes(["missingTool", "credentials", "interrupted"], {
      missingTool: "Docker or buildx is missing or does not answer",
    }),
  })
    .addArgument(environmentArgument())
    .argument("[service...]", "e.g. catalog. Otherwise all that the environment has repositories for")
    .option("--platform <list>", "architectures of the images", platforms, "linux/amd64,linux/arm64")
    .addOption(dryRunOption("ask nobody and push nothing; say which images there would be"))
    .addOption(jsonOption())
    .parse();
  const [name = "", ...services] = command.args;
  const { platform, dryRun, json } = command.opts<Options>();
  // What these load takes longer than all before: --help and wrong arguments are answered without it.
  const { builtServices, environmentOf } = await import("./project.js");
  const { imagesOf } = await import("./plan.js");
  const environment = environmentOf(name);
  const images = imagesOf(environment, builtServices(ROOT), services);
  const results: ImageResult[] =
    dryRun || images.length === 0
      ? images.map((image) => ({ image, status: "planned" }))
      : await (await import("./run.js")).pushImages(environment, images, {
          root: ROOT,
          platform,
          named: services.length > 0,
          quiet: json,
        });
  const result = resultOf(results, { environment: name, dryRun, platform });
  printResult(result, json, describeResult);
}

function platforms(text: string): string {
  if (/^linux\/(amd64|arm64)(,linux\/(amd64|arm64))*$/.test(text)) return text;
  throw new InvalidArgumentError(`It must be linux/amd64, linux/arm64 or both with a comma, got "${text}".`);
}

void runCommand(main);
