import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { version as esbuildVersion } from "esbuild";
import { stampBefore, stampOf } from "../input-stamp";
import { writeWhole } from "./write-whole";

/** What is remembered of a build. */
interface Memory<Artifact> {
  /** Compiler, options and manifests that it was made with. */
  readonly recipe: string;
  /** Files that went into it, from the project's folder, and what they were like. */
  readonly inputs: readonly string[];
  readonly stamp: string;
  readonly artifacts: Readonly<Record<string, Artifact>>;
}

/**
 * The artifacts of the last build in this folder, if the same recipe and files would give them again and every artifact is as it
 * was written.
 *
 * @param what was built, e.g. `functions`
 * @param isWhole tells whether what was written of an artifact is still that; may throw when it is gone
 */
export function rememberedBuild<Artifact>(
  root: string,
  what: string,
  recipe: string,
  isWhole: (artifact: Artifact) => boolean,
): Record<string, Artifact> | undefined {
  try {
    const memory = JSON.parse(readFileSync(fileIn(root, what), "utf8")) as Memory<Artifact>;
    const files = [...memory.inputs, ...settings(root)];
    if (memory.recipe !== withCompiler(recipe) || memory.stamp !== stampOf(root, files)) return undefined;
    return Object.values(memory.artifacts).every(isWhole) ? memory.artifacts : undefined;
  } catch {
    return undefined; // No memory, or a file that it names is gone: built anew.
  }
}

/** A build that has just ended. */
export interface Build<Artifact> {
  /** When it began, in milliseconds since 1970. */
  readonly began: number;
  /** What it was made with, besides its files. */
  readonly recipe: string;
  /** Files that went into it, from the project's folder. */
  readonly inputs: readonly string[];
  readonly artifacts: Readonly<Record<string, Artifact>>;
}

/** Remembers a build, unless a file was written while it ran. @param what was built, e.g. `functions` */
export function rememberBuild<Artifact>(
  root: string,
  what: string,
  { began, recipe, inputs, artifacts }: Build<Artifact>,
): void {
  const stamp = stampBefore(root, [...inputs, ...settings(root)], began);
  if (stamp === undefined) return;
  const memory: Memory<Artifact> = { recipe: withCompiler(recipe), inputs, stamp, artifacts };
  writeWhole(fileIn(root, what), Buffer.from(JSON.stringify(memory)));
}

/** What esbuild also heeds but does not count among its inputs: options of the compiler, and which packages are installed. */
function settings(root: string): string[] {
  return ["tsconfig.json", "package.json", "package-lock.json"].filter((file) =>
    existsSync(join(root, file)),
  );
}

function fileIn(root: string, what: string): string {
  return join(root, ".build", `${what}.json`);
}

function withCompiler(recipe: string): string {
  return `esbuild ${esbuildVersion} ${recipe}`;
}
