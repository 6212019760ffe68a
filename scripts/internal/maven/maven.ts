import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { EnvHttpProxyAgent, fetch } from "undici";
import { CommandError } from "../cli";

/** A file in a Maven repository. */
export interface MavenFile {
  /** As Maven writes them, e.g. `com.squareup.okio:okio-jvm:3.17.0`. The file is the jar. */
  readonly coordinates: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** https://maven.apache.org/guides/introduction/introduction-to-the-pom.html#super-pom */
const CENTRAL = "https://repo.maven.apache.org/maven2";

/** Where files are looked for, and where they are kept. */
export interface MavenConfig {
  /** Keeps what was fetched, laid out as a repository. */
  readonly cache: string;
  /** Maven's own folder. @default `~/.m2` */
  readonly home?: string;
  /** Called before a file is fetched. @default nothing */
  readonly onFetch?: (coordinates: string) => void;
}

/**
 * Brings a jar onto this machine: from the cache, Maven's own repository, or Maven Central or its mirror in `settings.xml`. Proxies are
 * those of HTTPS_PROXY and NO_PROXY.
 *
 * @returns its path
 * @throws CommandError naming the address when it cannot be had, or is another file than the one that is pinned
 */
export async function mavenJar({ coordinates, sha256 }: MavenFile, config: MavenConfig): Promise<string> {
  const home = config.home ?? join(homedir(), ".m2");
  const path = pathOf(coordinates);
  const kept = join(config.cache, path);
  for (const file of [kept, join(home, "repository", path)]) {
    if (existsSync(file) && hashOf(readFileSync(file)) === sha256) return file;
  }
  config.onFetch?.(coordinates);
  const url = `${repositoryUrl(home)}/${path}`;
  const content = await download(url);
  if (hashOf(content) !== sha256) {
    throw new CommandError(
      url,
      `its SHA-256 is ${hashOf(content)}, and ${sha256} is pinned`,
      "look at what answers there",
    );
  }
  mkdirSync(dirname(kept), { recursive: true });
  const partial = `${kept}.${process.pid}.partial`;
  writeFileSync(partial, content);
  renameSync(partial, kept);
  return kept;
}

/**
 * Address of Maven Central, or of the mirror that Maven's settings name for it.
 *
 * @param home Maven's folder, with its `settings.xml`
 */
export function repositoryUrl(home: string): string {
  const file = join(home, "settings.xml");
  const settings = existsSync(file) ? readFileSync(file, "utf8").replace(/<!--[\s\S]*?-->/g, "") : "";
  for (const [, mirror = ""] of settings.matchAll(/<mirror>([\s\S]*?)<\/mirror>/g)) {
    const url = element(mirror, "url");
    if (url !== undefined && standsForCentral(element(mirror, "mirrorOf") ?? "")) {
      return url.replace(/\/+$/, "");
    }
  }
  return CENTRAL;
}

/** By Maven's rules: https://maven.apache.org/guides/mini/guide-mirror-settings.html#advanced-mirror-specification */
function standsForCentral(mirrorOf: string): boolean {
  const ids = mirrorOf.split(",").map((id) => id.trim());
  return !ids.includes("!central") && ids.some((id) => ["central", "*", "external:*"].includes(id));
}

function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(xml)?.[1];
}

async function download(url: string): Promise<Buffer> {
  const mend =
    "it is fetched once: connect this machine, or name a mirror of Maven Central in ~/.m2/settings.xml";
  try {
    const response = await fetch(url, { dispatcher: new EnvHttpProxyAgent() });
    if (!response.ok) throw new CommandError(url, `answered ${response.status}`, mend);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const cause = (error as Error).cause ?? error;
    throw new CommandError(url, `could not be fetched: ${(cause as Error).message}`, mend);
  }
}

function pathOf(coordinates: string): string {
  const [group = "", artifact = "", version = ""] = coordinates.split(":");
  return join(...group.split("."), artifact, version, basename(`${artifact}-${version}.jar`));
}

function hashOf(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
