import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { version as esbuildVersion } from "esbuild";
import { stampBefore, stampOf } from "../input-stamp";
import type { FunctionArtifact } from "./manifest";
import { writeWhole } from "./write-whole";

/** What is remembered of a build. */
interface Memory {
  /** Compiler, options and manifests that it was made with. */
  readonly recipe: string;
  /** Files that went into it, from the project's folder, and what they were like. */
  readonly inputs: readonly string[];
  readonly stamp: string;
  readonly artifacts: Readonly<Record<string, FunctionArtifact>>;
}

/**
 * The artifacts of the last build in this folder, if the same recipe and files would give them again and every zip is as it
 * was written.
 */
export function rememberedBuild(root: string, recipe: string): Record<string, FunctionArtifact> | undefined {
  try {
    const memory = JSON.parse(readFileSync(fileIn(root), "utf8")) as Memory;
    const files = [...memory.inputs, ...settings(root)];
    if (memory.recipe !== withCompiler(recipe) || memory.stamp !== stampOf(root, files)) return undefined;
    const whole = Object.values(memory.artifacts).every(({ zipPath, sha256 }) => hashOf(zipPath) === sha256);
    return whole ? memory.artifacts : undefined;
  } catch {
    return undefined; // No memory, or a file that it names is gone: built anew.
  }
}

/** A build that has just ended. */
export interface Build {
  /** When it began, in milliseconds since 1970. */
  readonly began: number;
  /** What it was made with, besides its files. */
  readonly recipe: string;
  /** Files that went into it, from the project's folder. */
  readonly inputs: readonly string[];
  readonly artifacts: Readonly<Record<string, FunctionArtifact>>;
}

/** Remembers a build, unless a file was written while it ran. */
export function rememberBuild(root: string, { began, recipe, inputs, artifacts }: Build): void {
  const stamp = stampBefore(root, [...inputs, ...settings(root)], began);
  if (stamp === undefined) return;
  const memory: Memory = { recipe: withCompiler(recipe), inputs, stamp, artifacts };
  writeWhole(fileIn(root), Buffer.from(JSON.stringify(memory)));
}

/** What esbuild also heeds but does not count among its inputs: options of the compiler, and which packages are installed. */
function settings(root: string): string[] {
  return ["tsconfig.json", "package.json", "package-lock.json"].filter((file) =>
    existsSync(join(root, file)),
  );
}

function fileIn(root: string): string {
  return join(root, ".build", "functions.json");
}

function withCompiler(recipe: string): string {
  return `esbuild ${esbuildVersion} ${recipe}`;
}

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
