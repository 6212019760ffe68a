import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CommandError } from "../../internal/cli";
import type { Skeleton } from "./skeleton";

/**
 * Refuses to change a file that its user is changing: afterwards nobody could tell the changes apart.
 *
 * @throws CommandError naming it
 */
export function checkUnchanged(root: string, { changed }: Skeleton): void {
  for (const file of Object.keys(changed)) {
    // Outside a repository there is nothing to compare with.
    const { status, stdout } = spawnSync("git", ["status", "--porcelain", "--", file], {
      cwd: root,
      encoding: "utf8",
    });
    if (status === 0 && stdout !== "") {
      throw new CommandError(
        file,
        "has changes that are not committed",
        "commit them or take them back first",
      );
    }
  }
}

/**
 * Writes the files of a skeleton, formatted as all others are, then does what is left. When any of it fails, everything is as it was
 * before.
 *
 * @param finish makes what is generated from the files, in steps of its own
 * @throws what failed
 */
export async function makeSkeleton(
  root: string,
  skeleton: Skeleton,
  finish: () => Promise<void>,
): Promise<void> {
  const { files, changed, generated } = skeleton;
  const before = Object.keys(changed).map((file) => [file, readFileSync(join(root, file), "utf8")] as const);
  try {
    for (const [file, text] of Object.entries({ ...files, ...changed })) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    run(
      root,
      ["node_modules/.bin/biome", "check", "--write", ...Object.keys({ ...files, ...changed })],
      "format",
    );
    await finish();
  } catch (error) {
    for (const [file, text] of before) writeFileSync(join(root, file), text);
    for (const file of [...Object.keys(files), ...generated]) rmSync(join(root, file), { force: true });
    if (!skeleton.place.startsWith("envs/"))
      rmSync(join(root, skeleton.place), { recursive: true, force: true });
    throw error;
  }
}

/** Makes the budget of a new function what its bundle needs. @throws Error when the functions do not build */
export async function setBudget(root: string, name: string): Promise<void> {
  const { buildFunctions } = await import("../../../modules/internal/function-bundle/index.js");
  const { manifestFor } = await import("./packages.js");
  const artifact = buildFunctions(root)[name];
  if (!artifact) throw new Error(`functions/${name} was not built`);
  writeFileSync(join(root, "functions", name, "function.json"), manifestFor(name, artifact.bundleBytes));
}

/** Checks a new environment by the rules of all specifications. @throws CommandError with what they say */
export function checkEnvironments(root: string): void {
  const output = join(root, ".build", "new-environment");
  try {
    run(root, [process.execPath, "scripts/internal/synth.js"], "synth", { CDKTF_OUTDIR: output });
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** Makes the goldens of an environment, and the list of what is protected there; no others are touched. */
export function makeGoldens(root: string, name: string): void {
  const tests = `^(golden (envs|bootstrap)/${name}|protected resources the list of ${name} is that of its stacks)$`;
  run(root, ["node_modules/.bin/jest", "envs/synth.test", "-t", tests], "goldens", { UPDATE_GOLDENS: "1" });
}

/** Generates from the contracts what there is not yet. */
export function generate(root: string): void {
  run(root, [join(root, "scripts", "generate")], "generate");
}

/** Raises the budget of the function that serves a new version, where its bundle is larger than that. @throws Error when the functions do not build */
export async function fitBudget(root: string, { place }: Skeleton): Promise<void> {
  const { buildFunctions } = await import("../../../modules/internal/function-bundle/index.js");
  const [, name = ""] = place.split("/");
  const artifact = buildFunctions(root)[name];
  if (!artifact) throw new Error(`functions/${name} was not built`);
  const needed = Math.ceil(artifact.bundleBytes / 1024);
  if (needed <= artifact.bundleBudgetKilobytes) return;
  const file = join(root, "functions", name, "function.json");
  const field = /("bundleBudgetKilobytes": )\d+/;
  writeFileSync(file, readFileSync(file, "utf8").replace(field, `$1${needed}`));
}

/** Of what may be generated, the files that there are. */
export function generatedFiles(root: string, { generated }: Skeleton): string[] {
  return generated.filter((file) => existsSync(join(root, file)));
}

function run(
  root: string,
  command: readonly [string, ...string[]],
  place: string,
  env: NodeJS.ProcessEnv = {},
): void {
  const [program, ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  if (status === 0) return;
  const said = `${stdout ?? ""}${stderr ?? ""}`.trim() || error?.message;
  throw new CommandError(place, `failed, and all is as it was before:\n${said}`);
}
