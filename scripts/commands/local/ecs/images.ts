import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readRecord } from "../../../internal/json-file";

/** A service's image, by what its reference says. */
export interface ImageReference {
  /** Last part of the repository's name, e.g. `acme-local-catalog`. */
  readonly repository: string;
  readonly tag: string;
}

/** Where images are found and kept. */
export interface ImageStore {
  /** File that lists the folders of built services: each holds `<service>/<tag>/index.mjs`. Deployments add theirs. */
  readonly sources: string;
  /** Folder that an image is kept in from its first use: `<service>/<tag>`. */
  readonly folder: string;
}

/** A service's image, on disk. */
export interface Image {
  /** Name of the service's package, e.g. `catalog`. */
  readonly service: string;
  readonly tag: string;
  /** Folder with the image's content. */
  readonly folder: string;
}

const ENTRY = "index.mjs";

/** Splits `<registry>/<repository>:<tag>`. @returns undefined for a reference without a tag, such as one by digest */
export function parseImage(image: string): ImageReference | undefined {
  const [, repository, tag] = /(?:^|\/)([^/:@]+):([\w.-]+)$/.exec(image) ?? [];
  return repository === undefined || tag === undefined ? undefined : { repository, tag };
}

/**
 * The service whose image a repository holds: the repository is `<project>-<environment>-<service>`.
 *
 * @param services names of packages
 * @returns undefined when it is none of them
 */
export function serviceOf(repository: string, services: readonly string[]): string | undefined {
  return services
    .filter((name) => repository === name || repository.endsWith(`-${name}`))
    .sort((left, right) => right.length - left.length)[0];
}

/**
 * Finds a built service by the reference of its image. From its first use a copy of it is kept, as a registry keeps it: what was
 * built may change or go, the image stays what it is.
 *
 * @returns `unknown` when the repository is that of no service, `missing` when the service was built, but not with that tag
 */
export function findImage(store: ImageStore, image: string): Image | "unknown" | "missing" {
  const reference = parseImage(image);
  if (!reference) return "unknown";
  const sources = [...(readRecord<string[]>(store.sources) ?? []), store.folder].filter((path) =>
    existsSync(path),
  );
  const names = [...new Set(sources.flatMap((path) => readdirSync(path)))];
  const service = serviceOf(reference.repository, names);
  if (service === undefined) return "unknown";
  const { tag } = reference;
  const kept = join(store.folder, service, tag);
  if (!existsSync(kept)) {
    const built = sources
      .map((path) => join(path, service, tag))
      .find((path) => existsSync(join(path, ENTRY)));
    if (built === undefined) return "missing";
    const partial = `${kept}.${process.pid}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(join(store.folder, service), { recursive: true });
    cpSync(built, partial, { recursive: true });
    renameSync(partial, kept);
  }
  return { service, tag, folder: kept };
}

/** Path of the file that an image's entry point, `node index.mjs`, runs. */
export function entryOf({ folder }: Pick<Image, "folder">): string {
  return join(folder, ENTRY);
}
