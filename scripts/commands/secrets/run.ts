import { extname, join } from "node:path";
import { PLACEHOLDERS, type Placeholder, readPlaceholders } from "./placeholders";
import { committedTexts, synthesisedTexts, type Text } from "./texts";

/** A secret, or what looks like one. It is never shown. */
export interface Finding {
  /** Text that it is in. */
  readonly place: string;
  readonly line: number;
  /** What it is, in secretlint's words, e.g. `AWSSecretAccessKey`, `PrivateKey`. */
  readonly kind: string;
}

/** What was found. */
export interface Report {
  readonly texts: number;
  readonly findings: readonly Finding[];
  /** Placeholders that match nothing any more. */
  readonly idle: readonly Placeholder[];
}

/**
 * Looks through the project.
 *
 * @param paths files and folders to look through alone; none means all, and what is synthesised
 * @throws CommandError
 */
export async function lookForSecrets(root: string, paths: readonly string[]): Promise<Report> {
  const placeholders = readPlaceholders(join(root, PLACEHOLDERS));
  const whole = paths.length === 0;
  const texts = [...committedTexts(root, paths), ...(whole ? synthesisedTexts(root) : [])];
  const found = await scan(texts);
  const matches = ({ place, kind }: Placeholder) =>
    found.filter((finding) => finding.place === place && finding.kind === kind);
  return {
    texts: texts.length,
    findings: found.filter(
      (finding) => !placeholders.some((placeholder) => matches(placeholder).includes(finding)),
    ),
    idle: whole ? placeholders.filter((placeholder) => matches(placeholder).length === 0) : [],
  };
}

async function scan(texts: readonly Text[]): Promise<Finding[]> {
  const [{ lintSource }, { creator }] = await Promise.all([
    import("@secretlint/core"),
    import("@secretlint/secretlint-rule-preset-recommend"),
  ]);
  const rules = [{ id: "@secretlint/secretlint-rule-preset-recommend", rule: creator }];
  const found: Finding[] = [];
  for (const { place, content } of texts) {
    const { messages } = await lintSource({
      source: { content, filePath: place, ext: extname(place), contentType: "text" },
      options: { config: { rules }, maskSecrets: true },
    });
    found.push(
      ...messages.map(({ loc, messageId, ruleId }) => ({
        place,
        line: loc.start.line,
        kind: messageId || ruleId,
      })),
    );
  }
  return found;
}

/** Whether nothing is to be mended. */
export function isClean({ findings, idle }: Report): boolean {
  return findings.length === 0 && idle.length === 0;
}

/** The report in words. */
export function describe({ texts, findings, idle }: Report): string {
  const looked = `${texts} ${texts === 1 ? "text" : "texts"}`;
  if (findings.length === 0 && idle.length === 0) return `${looked}, no secret`;
  return [
    ...findings.map(({ place, line, kind }) => `${place}:${line}: ${kind}`),
    ...(findings.length === 0
      ? []
      : [
          `${findings.length} found in ${looked}. A secret must go, and be changed where it is used: it is known to all who could read it. ` +
            `What only looks like one has its reason in ${PLACEHOLDERS}.`,
        ]),
    ...idle.map(
      ({ place, kind }) => `${PLACEHOLDERS}: ${kind} in ${place} is not found any more; remove its entry`,
    ),
  ].join("\n");
}
