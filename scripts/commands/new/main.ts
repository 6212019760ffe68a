/**
 * scripts/new: a module, a function or an environment to begin with, which passes all tests as it is.
 *
 * @module
 */
import { resolve } from "node:path";
import { dryRunOption, jsonOption } from "../../internal/arguments";
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
    description: "Makes a module, a function or an environment to begin with, with tests and docs.",
    notes: NOTES,
    examples: [
      "scripts/new module mail-queue --summary 'The queue of mails that are to be sent.'",
      "scripts/new function send-mail",
      "scripts/new environment qa --from envs/staging",
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
        { title: "Make its goldens", run: async () => makeGoldens(ROOT, skeleton) },
      ]);
    });

  await program.parseAsync();
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
