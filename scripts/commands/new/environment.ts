import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { CommandError, EXIT } from "../../internal/cli";
import { freeRange } from "./free-range";
import { type EnvironmentSource, readEnvironmentSource, type Value } from "./literal";
import { wrongName } from "./name";
import type { Skeleton } from "./skeleton";

/** What of a specification belongs to its environment alone, and cannot be made up: by path, what it is. */
const TO_FILL_IN: readonly (readonly [RegExp, string])[] = [
  [/^account\.id$/, "the account that it lives in"],
  [/\.hostedZoneId$/, "the zone of its names"],
  [/[Aa]rn$/, "what it refers to"],
  [/^alarmEmails\./, "who is told of alarms"],
  [/\.albDomainName$/, "the load balancer that serves its downloads"],
  [/\.publicKeyPem$/, "the key that signs its downloads"],
];

/** What `scripts/policy` accepts. */
const EXCEPTIONS = "policy/exceptions.yaml";

/**
 * A specification like another: with its own name, network and domains; account and references stay, to be replaced by hand.
 *
 * @param from the other, e.g. `envs/dev`
 * @throws CommandError of wrong usage
 */
export function environmentSkeleton(root: string, name: string, from: string, summary?: string): Skeleton {
  checkName(root, name);
  const all = readSources(root);
  const source = all.find((one) => `envs/${one.name}` === from);
  if (!source) {
    const known = all.map((one) => `envs/${one.name}`).join(", ");
    throw new CommandError(
      "--from",
      `"${from}" is none of the environments`,
      `these are: ${known}`,
      EXIT.usage,
    );
  }
  if (textAt(source, "state.kind") !== "s3") {
    throw new CommandError(
      "--from",
      `${from} keeps its state in a file: it is a laptop's`,
      "take one that keeps it in S3",
      EXIT.usage,
    );
  }
  const index = readFileSync(join(root, "envs/index.ts"), "utf8");
  return {
    place: `envs/${name}`,
    files: { [`envs/${name}.ts`]: copyOf(source, name, all, summary ?? `An environment like ${from}.`) },
    changed: { "envs/index.ts": withEnvironment(index, name), ...exceptionsFor(root, name, source.name) },
    generated: [
      `envs/testdata/envs-${name}.json`,
      `envs/testdata/bootstrap-${name}.json`,
      ...(isProtected(source) ? [`envs/protected/${name}.json`] : []),
    ],
    next: [
      `set in envs/${name}.ts what is still that of ${from}: ${toFillIn(source, name, all).join("; ")}`,
      "UPDATE_GOLDENS=1 npx jest envs/synth, and read the difference",
      `read in ${EXCEPTIONS} what is accepted for ${from} and so for envs/${name}`,
      ...(source.values.some(({ path }) => path === "ci")
        ? [
            `where pipelines deploy it: give it a job in .github/workflows/deploy.yml, and a choice there and in invalidate.yml`,
          ]
        : []),
      `log in to its account, then scripts/bootstrap envs/${name}, scripts/images envs/${name}, npx cdktf deploy envs/${name}`,
    ],
  };
}

function checkName(root: string, name: string): void {
  const place = `envs/${name}`;
  // The rules are those of envs/spec.ts, which checks the rest.
  if (!/^[a-z][a-z0-9]{0,15}$/.test(name)) {
    throw wrongName(place, "a name must be 1 to 16 lower-case letters and digits, starting with a letter");
  }
  // Its constant goes by the name.
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, name);
  if (scanner.scan() !== ts.SyntaxKind.Identifier) throw wrongName(place, "is a word of TypeScript");
  for (const file of [`${place}.ts`, place, `envs/protected/${name}.json`]) {
    if (existsSync(join(root, file))) throw wrongName(place, `${file} is there already`);
  }
}

function readSources(root: string): EnvironmentSource[] {
  return readdirSync(join(root, "envs"))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .flatMap(
      (file) => readEnvironmentSource(`envs/${file}`, readFileSync(join(root, "envs", file), "utf8")) ?? [],
    );
}

/** Whether what it holds is kept from destruction, and so listed: as long as it does not say otherwise. */
function isProtected({ source, values }: EnvironmentSource): boolean {
  const value = values.find(({ path }) => path === "deletionProtection");
  return value === undefined || source.slice(value.start, value.end) !== "false";
}

function textAt({ values }: EnvironmentSource, path: string): string | undefined {
  return values.find((value) => value.path === path)?.text;
}

/** The fields whose values it must have of its own, and still has of the other. */
function toFillIn(source: EnvironmentSource, name: string, all: readonly EnvironmentSource[]): string[] {
  return source.values.flatMap(({ path, text }) => {
    const what = TO_FILL_IN.find(([pattern]) => pattern.test(path))?.[1];
    const left = text !== undefined && changedText(path, text, source, name, all) === text;
    return what !== undefined && left ? [`${path}, ${what}`] : [];
  });
}

function copyOf(
  source: EnvironmentSource,
  name: string,
  all: readonly EnvironmentSource[],
  summary: string,
): string {
  const edits = source.values.flatMap((value) => editOf(value, source, name, all));
  // An acknowledgement is of one change to one environment.
  const acknowledged = source.values.find(({ path }) => path === "acknowledged");
  const kept = acknowledged
    ? edits.filter(({ start }) => start < acknowledged.property.start || start >= acknowledged.property.end)
    : edits;
  return applyEdits(source.source, [
    // The comment before it is about the other.
    { start: source.start, end: source.nameStart, text: `\n\n/** ${summary} */\nexport const ` },
    { start: source.nameStart, end: source.nameStart + source.name.length, text: name },
    ...kept,
    ...(acknowledged ? [{ ...acknowledged.property, text: "" }] : []),
  ]).trimStart();
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function editOf(
  value: Value,
  source: EnvironmentSource,
  name: string,
  all: readonly EnvironmentSource[],
): Edit[] {
  const { path, text, start, end } = value;
  if (text === undefined) return [];
  const changed = changedText(path, text, source, name, all);
  return changed === text ? [] : [{ start, end, text: JSON.stringify(changed) }];
}

function changedText(
  path: string,
  text: string,
  source: EnvironmentSource,
  name: string,
  all: readonly EnvironmentSource[],
): string {
  if (path === "name") return name;
  if (path === "network.cidr") return freeRange(text, all.flatMap(rangesOf));
  // Each is made once in an account, by the environment that has it already.
  if (path === "account.apiGatewayLogging" || path === "ci.oidcProvider") return "existing";
  // A reference to what is there: it is not renamed by naming it otherwise.
  if (text.startsWith("arn:")) return text;
  const renamed = text.replace(new RegExp(`(?<![A-Za-z0-9])${source.name}(?![A-Za-z0-9])`, "g"), name);
  // Two environments share neither a domain nor a bucket of state.
  if (renamed === text && /(^|\.)domain\.name$/.test(path)) return `${name}.${text}`;
  if (renamed === text && path === "state.bucket") return `${text}-${name}`;
  return renamed;
}

function rangesOf({ values }: EnvironmentSource): string[] {
  return values.flatMap(({ path, text }) =>
    /^network\.(cidr|peerings\.\d+\.cidr)$/.test(path) && text !== undefined ? [text] : [],
  );
}

function applyEdits(source: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((left, right) => right.start - left.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), source);
}

/** What the checks of policy accept for the other, they must accept for what is like it. */
function exceptionsFor(root: string, name: string, from: string): Record<string, string> {
  const file = join(root, EXCEPTIONS);
  if (!existsSync(file)) return {};
  const text = readFileSync(file, "utf8");
  const more = text.replace(/\bstacks: *\[([^\]]*)\]/g, (list) =>
    list.replace(new RegExp(`\\b(envs|bootstrap)/${from}(?![\\w*-])`, "g"), `$&, $1/${name}`),
  );
  return more === text ? {} : { [EXCEPTIONS]: more };
}

/** envs/index.ts with one environment more; the formatter puts the import in its place. */
function withEnvironment(index: string, name: string): string {
  const list = /(export const environments: [^=]+= \{[^}]*?),?(\s*\};)/;
  if (!list.test(index)) {
    throw new CommandError(
      "envs/index.ts",
      "has no list of environments as it is known here",
      "add it by hand",
    );
  }
  // After the last import: before the first it would come between that and the file's comment.
  const imported = index.replace(/^([\s\S]*\nimport [^\n]*\n)/, `$1import { ${name} } from "./${name}";\n`);
  return imported.replace(list, `$1, ${name}$2`);
}
