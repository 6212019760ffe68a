import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError, EXIT } from "../../internal/cli";
import { type EnvironmentSource, readEnvironmentSource, type Value } from "./literal";
import type { Skeleton } from "./skeleton";

/** A version of an API. */
export interface ApiVersion {
  /** Name of the API, e.g. `todos`. */
  readonly api: string;
  /** E.g. `v2`. */
  readonly version: string;
}

/** Where a specification says which versions of an API its environment serves. Of others it serves one alone. */
const VERSIONS: Readonly<Record<string, string>> = { todos: "todo.api" };

/** Reads `todos/v2`. @throws CommandError of wrong usage */
export function readApiVersion(text: string): ApiVersion {
  const [, api, version] = /^([a-z][a-z0-9-]*)\/(v[1-9]\d*)$/.exec(text) ?? [];
  if (api === undefined || version === undefined) {
    throw new CommandError(text, "is no version of an API", "name both, like todos/v2", EXIT.usage);
  }
  return { api, version };
}

/**
 * A stage of a version that there is, in an environment: the line in its file, and its goldens anew.
 *
 * @throws CommandError of wrong usage
 */
export function stageSkeleton(root: string, { api, version }: ApiVersion, environment: string): Skeleton {
  const document = `api/${api}/${version}.yaml`;
  if (!existsSync(join(root, document))) {
    throw new CommandError(
      document,
      "no such file",
      `scripts/new version ${api}/${version} makes it`,
      EXIT.usage,
    );
  }
  return {
    place: environment,
    files: {},
    changed: servedIn(root, { api, version }, environment),
    generated: [],
    next: [
      `give it limits of its own, where those of the other versions do not fit it: ${environment}.ts`,
      `npx cdktf diff ${environment}, then npx cdktf deploy ${environment}`,
    ],
  };
}

/**
 * What changes with an environment that serves a version more: its file, and its goldens, whose new text is made later.
 *
 * @throws CommandError of wrong usage
 */
export function servedIn(
  root: string,
  { api, version }: ApiVersion,
  environment: string,
): Readonly<Record<string, string>> {
  const file = `${environment}.ts`;
  const text = existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "";
  const source = readEnvironmentSource(file, text);
  if (!source)
    throw new CommandError(environment, "is no environment", "name one, like envs/dev", EXIT.usage);
  const goldens = [
    `envs/testdata/envs-${source.name}.json`,
    `envs/testdata/bootstrap-${source.name}.json`,
    `envs/protected/${source.name}.json`,
  ].filter((golden) => existsSync(join(root, golden)));
  return {
    [file]: withVersion(source, { api, version }, file),
    ...Object.fromEntries(goldens.map((golden) => [golden, readFileSync(join(root, golden), "utf8")])),
  };
}

function withVersion(
  { source, values }: EnvironmentSource,
  { api, version }: ApiVersion,
  file: string,
): string {
  const place = Object.hasOwn(VERSIONS, api) ? VERSIONS[api] : undefined;
  if (place === undefined) {
    throw new CommandError(
      `api/${api}`,
      "an environment serves one version of it alone",
      `this is for ${Object.keys(VERSIONS).join(", ")}`,
      EXIT.usage,
    );
  }
  const at = (path: string): Value | undefined => values.find((value) => value.path === path);
  const section = at(place);
  if (!section) throw new CommandError(file, `has no ${place}`, "give it that system first", EXIT.usage);
  if (at(`${place}.versions.${version}`)) {
    throw new CommandError(file, `serves ${version} already`, "choose another version", EXIT.usage);
  }
  const versions = at(`${place}.versions`);
  if (versions) {
    const held = source.slice(versions.start, versions.end).replace(/,?\s*\}$/, "");
    return `${source.slice(0, versions.start)}${held}, ${version}: {} }${source.slice(versions.end)}`;
  }
  // Without the field it is version 1 that is served.
  const inside = section.start + 1;
  return `${source.slice(0, inside)} versions: { v1: {}, ${version}: {} },${source.slice(inside)}`;
}
