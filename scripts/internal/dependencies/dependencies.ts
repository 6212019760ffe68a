import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Requirements of the Python tools, from the project's folder. They run on developers' machines and in CI alone. */
const REQUIREMENTS = [
  "e2e/requirements.txt",
  "scripts/commands/local/emulator/requirements.txt",
  "scripts/commands/policy/checkov/requirements.txt",
  "scripts/commands/sdk/swift/requirements.txt",
];

/** One dependency, direct or not. */
export interface Dependency {
  readonly ecosystem: "npm" | "pypi";
  readonly name: string;
  readonly version: string;
  /** Used by developers and CI alone: none of it is deployed. */
  readonly development: boolean;
  /** SPDX expression, as the package says. Absent where the lock file does not hold it. */
  readonly licence?: string;
}

interface LockFile {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version: string; readonly license?: string; readonly dev?: boolean; readonly name?: string }
    >
  >;
}

/** All packages of `package-lock.json`, by name and version, each once. */
export function npmDependencies(root: string): Dependency[] {
  const { packages }: LockFile = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const found = Object.entries(packages)
    .filter(([path]) => path !== "")
    .map(
      ([path, { name, version, license, dev = false }]): Dependency => ({
        ecosystem: "npm",
        // An alias has a name of its own.
        name: name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
        version,
        development: dev,
        ...(license !== undefined && { licence: license }),
      }),
    );
  return eachOnce(found);
}

/** All packages that are pinned in requirements, by name and version, each once. */
export function pythonDependencies(root: string): Dependency[] {
  const found = REQUIREMENTS.flatMap((file) =>
    [
      ...readFileSync(join(root, file), "utf8").matchAll(/^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)/gm),
    ].map(
      ([, name = "", version = ""]): Dependency => ({
        ecosystem: "pypi",
        // As PyPI compares names: https://packaging.python.org/en/latest/specifications/name-normalization/
        name: name.toLowerCase().replace(/[-_.]+/g, "-"),
        version,
        development: true,
      }),
    ),
  );
  return eachOnce(found);
}

/** Sorted. What is used in production once is production's. */
function eachOnce(dependencies: readonly Dependency[]): Dependency[] {
  const byId = new Map<string, Dependency>();
  for (const dependency of dependencies) {
    const id = `${dependency.name}@${dependency.version}`;
    const known = byId.get(id);
    if (known === undefined || known.development) byId.set(id, dependency);
  }
  return [...byId.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, dependency]) => dependency);
}
