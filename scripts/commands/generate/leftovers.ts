import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Finds files in the `generated` folders of functions and services that no contract gives any more.
 *
 * @param root folder of the project
 * @param files generated from the contracts, by their paths from `root`
 * @returns paths from `root`, sorted
 */
export function leftovers(root: string, files: Readonly<Record<string, string>>): string[] {
  const folders = ["functions", "services"]
    .filter((kind) => existsSync(join(root, kind)))
    .flatMap((kind) => readdirSync(join(root, kind)).map((name) => `${kind}/${name}/generated`))
    .filter((folder) => existsSync(join(root, folder)));
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(join(root, "/").length)),
    )
    .filter((path) => !(path in files))
    .sort();
}
