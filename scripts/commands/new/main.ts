/**
 * scripts/new: a module, a function, an environment or a version of an API to begin with, which passes all tests as it is.
 *
 * @module
 */
import { resolve } from "node:path";
import { dryRunOption, environmentArgument, jsonOption } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { scriptCommand } from "../../internal/script-command";
import type { Step } from "../../internal/steps";
import type { Skeleton } from "./skeleton";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
What is made passes all tests as it is. A name that is taken or not allowed is refused; when anything fails, all is as it was before.`;

interface Options {
  readonly summary?: string;
  readonly from?: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** What was made, or would be. */
interface Result {
  readonly place: string;
  readonly dryRun: boolean;
  readonly files: readonly string[];
  readonly changed: readonly string[];
  readonly next: readonly string[];
}

// --help and wrong arguments are answered without what the subcommands load.
async function main(): Promise<void> {
  const program = scriptCommand("new", {
    description:
      "Makes a module, a function, an environment or a version of an API to begin with, with tests and docs.",
    notes: NOTES,
    examples: [
      "scripts/new module mail-queue --summary 'The queue of mails that are to be sent.'",
      "scripts/new function send-mail",
      "scripts/new environment qa --from envs/staging",
      "scripts/new version todos/v3 --in envs/dev",
      "scripts/new stage envs/staging todos/v2",
      "scripts/new module mail-queue --dry-run",
    ],
  });

  program
    .subcommand("module", {
      description: "a package under modules/: a class that makes an encrypted log group, for a start",
      examples: ["scripts/new module mail-queue --summary 'The queue of mails that are to be sent.'"],
    })
    .argument("<name>", "lower-case letters, digits and hyphens, e.g. mail-queue")
    .option("--summary <sentence>", "what it is, for its docs")
    .addOption(dryRunOption("write nothing; list the files"))
    .addOption(jsonOption())
    .action(async (name: string, options: Options) => {
      const { moduleSkeleton } = await import("./packages.js");
      await make(moduleSkeleton(ROOT, name, options.summary), options, []);
    });

  program
    .subcommand("function", {
      description: "a package under functions/: it deals with the messages of a queue, for a start",
      examples: ["scripts/new function send-mail --summary 'Sends the mails of a queue.'"],
    })
    .argument("<name>", "lower-case letters, digits and hyphens, e.g. send-mail")
    .option("--summary <sentence>", "what it does, for its docs")
    .addOption(dryRunOption("write nothing; list the files"))
    .addOption(jsonOption())
    .action(async (name: string, options: Options) => {
      const { functionSkeleton } = await import("./packages.js");
      const { setBudget } = await import("./make.js");
      const budget = { title: "Measure its bundle", run: () => setBudget(ROOT, name) };
      await make(functionSkeleton(ROOT, name, options.summary), options, [budget]);
    });

  program
    .subcommand("environment", {
      description: "a file under envs/ like another, with its goldens: its own name, network and domains",
      examples: ["scripts/new environment qa", "scripts/new environment qa --from envs/staging --dry-run"],
    })
    .argument("<name>", "up to 16 lower-case letters and digits, e.g. qa")
    .option("--from <environment>", "the environment that it is to be like", "envs/dev")
    .option("--summary <sentence>", "what it is for")
    .addOption(dryRunOption("write nothing; list the files"))
    .addOption(jsonOption())
    .action(async (name: string, options: Options & { readonly from: string }) => {
      const { environmentSkeleton } = await import("./environment.js");
      const { checkEnvironments, makeGoldens } = await import("./make.js");
      const skeleton = environmentSkeleton(ROOT, name, options.from, options.summary);
      await make(skeleton, options, [
        { title: "Check all environments", run: async () => checkEnvironments(ROOT) },
        { title: "Make its goldens", run: async () => makeGoldens(ROOT, name) },
      ]);
    });

  program
    .subcommand("version", {
      description:
        "a version of an API like another: its contract, its types, its edge in the function, its tests",
      examples: [
        "scripts/new version todos/v3                              as the latest is",
        "scripts/new version todos/v3 --from v1 --in envs/dev      as another is, and served there",
      ],
    })
    .argument("<api>", "the API and its new version, e.g. todos/v3")
    .option("--from <version>", "the version that it is to be like; default: the latest")
    .option("--in <environment>", "an environment that serves it from now on, e.g. envs/dev")
    .addOption(dryRunOption("write nothing; list the files"))
    .addOption(jsonOption())
    .action(async (api: string, options: Options & { readonly in?: string }) => {
      const { readApiVersion } = await import("./serve.js");
      const { versionSkeleton } = await import("./version.js");
      const { fitBudget, generate } = await import("./make.js");
      const version = readApiVersion(api);
      const skeleton = versionSkeleton(ROOT, version, options.from, options.in);
      await make(skeleton, options, [
        { title: "Generate its types and validators", run: async () => generate(ROOT) },
        { title: "Measure the bundle", run: () => fitBudget(ROOT, skeleton) },
        ...(await servedSteps(options.in)),
      ]);
    });

  program
    .subcommand("stage", {
      description:
        "a version of an API that there is, served in an environment: its line, and the goldens anew",
      examples: [
        "scripts/new stage envs/staging todos/v2",
        "scripts/new stage envs/staging todos/v2 --dry-run",
      ],
    })
    .addArgument(environmentArgument())
    .argument("<api>", "the API and its version, e.g. todos/v2")
    .addOption(dryRunOption("write nothing; list the files"))
    .addOption(jsonOption())
    .action(async (environment: string, api: string, options: Options) => {
      const { readApiVersion, stageSkeleton } = await import("./serve.js");
      const skeleton = stageSkeleton(ROOT, readApiVersion(api), environment);
      await make(skeleton, options, await servedSteps(environment));
    });

  await program.parseAsync();
}

/** What follows from an environment that serves a version more. */
async function servedSteps(environment: string | undefined): Promise<Step[]> {
  if (environment === undefined) return [];
  const { checkEnvironments, makeGoldens } = await import("./make.js");
  return [
    { title: "Check all environments", run: async () => checkEnvironments(ROOT) },
    { title: `Make the goldens of ${environment}`, run: async () => makeGoldens(ROOT, nameOf(environment)) },
  ];
}

function nameOf(environment: string): string {
  return environment.replace(/^envs\//, "");
}

async function make(skeleton: Skeleton, { dryRun, json }: Options, steps: readonly Step[]): Promise<void> {
  const { checkUnchanged, makeSkeleton, generatedFiles } = await import("./make.js");
  checkUnchanged(ROOT, skeleton);
  if (!dryRun) {
    const { runSteps } = await import("../../internal/steps.js");
    await makeSkeleton(ROOT, skeleton, () => runSteps(steps, json));
  }
  const result: Result = {
    place: skeleton.place,
    dryRun,
    files: [
      ...Object.keys(skeleton.files),
      ...(dryRun ? skeleton.generated : generatedFiles(ROOT, skeleton)),
    ],
    changed: Object.keys(skeleton.changed),
    next: skeleton.next,
  };
  printResult(result, json, describe);
}

function describe({ place, dryRun, files, changed, next }: Result): string {
  return [
    `${place} ${dryRun ? "would be made" : "is made"}:`,
    ...files.map((file) => `  ${file}`),
    ...changed.map((file) => `  ${file} (changed)`),
    "",
    "Next:",
    ...next.map((sentence, index) => `  ${index + 1}. ${sentence}`),
  ].join("\n");
}

void runCommand(main);
