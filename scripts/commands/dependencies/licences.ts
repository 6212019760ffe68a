import { readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import { CommandError } from "../../internal/cli";
import type { Dependency } from "../../internal/dependencies";

/** Where the licences are, from the project's folder. */
export const LICENCES = "policy/licences.yaml";

const because = z.string({ error: "must say why" }).min(20, { error: "must say why" });

const policy = z.strictObject({
  allowed: z.array(z.string()),
  exceptions: z.array(z.strictObject({ licence: z.string(), packages: z.array(z.string()).min(1), because })),
  python: z.record(z.string(), z.string()),
});

/** Which licences a dependency may have. */
export type LicencePolicy = z.output<typeof policy>;

/**
 * Reads the file of licences.
 *
 * @throws CommandError naming the first field that is wrong
 */
export function readLicences(file: string): LicencePolicy {
  const result = policy.safeParse(parse(readFileSync(file, "utf8")));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new CommandError(LICENCES, `${issue?.path.join(".")} ${issue?.message}`);
}

/** One line for each dependency whose licence is not allowed, and each entry that is about none any more. */
export function licenceFaults(dependencies: readonly Dependency[], licences: LicencePolicy): string[] {
  const { allowed, exceptions, python } = licences;
  const used = new Set<string>();
  const excepted = (licence: string, name: string): boolean => {
    const found = exceptions.find((entry) => entry.licence === licence && entry.packages.includes(name));
    if (found) used.add(`${licence} ${name}`);
    return found !== undefined;
  };
  const faults = dependencies.flatMap(({ ecosystem, name, version, licence: own }) => {
    const licence = ecosystem === "pypi" ? python[name] : own;
    const place = `${ecosystem} ${name}@${version}`;
    if (licence === undefined) {
      return [`${place}: no licence is known; look it up, and write it into ${LICENCES}`];
    }
    if (isAllowed(licence, (id) => allowed.includes(id) || excepted(id, name))) return [];
    return [`${place}: ${licence} is not allowed; replace it, or write its reason into ${LICENCES}`];
  });
  const names = new Set(dependencies.filter(({ ecosystem }) => ecosystem === "pypi").map(({ name }) => name));
  return [
    ...faults,
    ...exceptions.flatMap(({ licence, packages }) =>
      packages
        .filter((name) => !used.has(`${licence} ${name}`))
        .map((name) => `${LICENCES}: no dependency ${name} needs ${licence} any more; remove it`),
    ),
    ...Object.keys(python)
      .filter((name) => !names.has(name))
      .map((name) => `${LICENCES}: python.${name} is no dependency any more; remove it`),
  ];
}

/**
 * Whether an SPDX expression can be complied with: of alternatives one, of what comes together all.
 *
 * @param allowed says of one licence
 */
export function isAllowed(expression: string, allowed: (licence: string) => boolean): boolean {
  // `A AND (B OR C)`: what is between parentheses is decided first, from the inside.
  const known = new Map<string, boolean>();
  let rest = expression.trim();
  for (let inner = /\(([^()]*)\)/.exec(rest); inner; inner = /\(([^()]*)\)/.exec(rest)) {
    const id = `\u0000${known.size}`;
    known.set(id, decide(inner[1] ?? "", known, allowed));
    rest = rest.replace(inner[0], id);
  }
  return decide(rest, known, allowed);
}

function decide(
  flat: string,
  known: ReadonlyMap<string, boolean>,
  allowed: (licence: string) => boolean,
): boolean {
  return flat
    .split(/ OR /)
    .some((all) => all.split(/ AND /).every((one) => known.get(one.trim()) ?? allowed(one.trim())));
}
