import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type MavenFile, mavenJar } from "../../internal/maven";
import { KOTLIN_COMPILER, KOTLIN_LIBRARIES, KOTLIN_SERIALIZATION } from "./artifacts";
import { filesBelow, runJava } from "./generate";

/** Where the Kotlin client is, from the project's root. */
const SOURCES = "clients/kotlin/src";
/** Half the time of the JVM's own choice for what runs this short: measured, decision 28. */
const SHORT_RUN = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

/**
 * Compiles the Kotlin client and its scenario, unless that has been done with the same sources.
 *
 * @param root folder of the project
 * @returns class path to run it with
 * @throws CommandError with what the compiler says
 */
export async function compileKotlin(root: string): Promise<string> {
  const config = { cache: join(root, ".local/maven") };
  const bring = (files: readonly MavenFile[]) => Promise.all(files.map((file) => mavenJar(file, config)));
  const libraries = (await bring(KOTLIN_LIBRARIES)).join(delimiter);
  const classes = join(root, ".local/kotlin", sourcesHash(root));
  if (!existsSync(classes)) {
    const compiler = (await bring(KOTLIN_COMPILER)).join(delimiter);
    const partial = `${classes}.${process.pid}.partial`;
    mkdirSync(partial, { recursive: true });
    try {
      runJava([
        ...SHORT_RUN,
        ...["-cp", compiler, "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler"],
        ...["-no-stdlib", "-no-reflect", "-jvm-target", "17"],
        `-Xplugin=${await mavenJar(KOTLIN_SERIALIZATION, config)}`,
        ...["-cp", libraries, "-d", partial, join(root, SOURCES)],
      ]);
      if (!existsSync(classes)) renameSync(partial, classes);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  return [classes, libraries].join(delimiter);
}

/** Names what they are compiled from. */
function sourcesHash(root: string): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([KOTLIN_COMPILER, KOTLIN_LIBRARIES, KOTLIN_SERIALIZATION]));
  for (const path of filesBelow(join(root, SOURCES))) {
    hash.update(`${path}\0`).update(readFileSync(join(root, SOURCES, path)));
  }
  return hash.digest("hex").slice(0, 12);
}
