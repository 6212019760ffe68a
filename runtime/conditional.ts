import { createHash } from "node:crypto";
import { invalidRequest } from "./problem";

/** Versions of which a thing must have one; `any` for whatever it has. */
export type ExpectedVersion = "any" | readonly number[];

/** An entity tag, strong or weak. https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3 */
const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;
/** One write can compare with 100 values: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html */
const MOST_TAGS = 100;
const ENTITY_TAGS = new RegExp(`^\\s*(?:${ENTITY_TAG.source})(?:\\s*,\\s*(?:${ENTITY_TAG.source}))*\\s*$`);

/** ETag of what has a version. */
export function versionTag(version: number): string {
  return `"${version}"`;
}

/** ETag of a page: of its text. */
export function contentTag(body: string): string {
  return `"${createHash("sha256").update(body).digest().subarray(0, 16).toString("base64url")}"`;
}

/**
 * Tells whether the client already has what a tag names, by its `If-None-Match`. Compared weakly, as reads are.
 *
 * A header that is no list of tags matches nothing: the client then gets the whole answer.
 */
export function hasCurrent(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return tagsOf(ifNoneMatch).some((candidate) => candidate.replace(/^W\//, "") === tag);
}

/**
 * Reads `If-Match` as versions. Compared strongly: a weak tag never matches, nor does one that is no version.
 *
 * @throws Problem 400 when the header is neither `*` nor a list of at most 100 tags
 */
export function expectedVersion(ifMatch: string): ExpectedVersion {
  if (ifMatch.trim() === "*") return "any";
  const tags = tagsOf(ifMatch);
  if (tags.length === 0 || tags.length > MOST_TAGS) {
    throw invalidRequest([
      { parameter: "If-Match", detail: `must be * or at most ${MOST_TAGS} ETags in quotes, e.g. "1"` },
    ]);
  }
  return tags.flatMap(versionsOf);
}

/** Newest version that the client has seen, by its `If-None-Match`; 0 when it names none. */
export function newestSeen(ifNoneMatch: string | undefined): number {
  const tags = tagsOf(ifNoneMatch ?? "").map((tag) => tag.replace(/^W\//, ""));
  return Math.max(0, ...tags.flatMap(versionsOf));
}

function versionsOf(tag: string): number[] {
  return /^"[1-9]\d{0,14}"$/.test(tag) ? [Number(tag.slice(1, -1))] : [];
}

function tagsOf(header: string): string[] {
  return ENTITY_TAGS.test(header) ? (header.match(ENTITY_TAG) ?? []) : [];
}
