import { type Headers, headerOf } from "./request";

/**
 * Whether the viewer has the object already, and is answered 304: `If-None-Match` names its tag, or without that header
 * `If-Modified-Since` is no earlier than `Last-Modified`. RFC 9110, 13.1.2 and 13.1.3.
 *
 * @param object headers of the object in the cache
 */
export function isNotModified(request: Headers, object: Headers): boolean {
  const noneMatch = headerOf(request, "if-none-match");
  if (noneMatch !== undefined) {
    const tag = headerOf(object, "etag");
    if (noneMatch.trim() === "*") return true;
    return tag !== undefined && tagsOf(noneMatch).some((known) => weakly(known) === weakly(tag));
  }
  const since = Date.parse(headerOf(request, "if-modified-since") ?? "");
  const modified = Date.parse(headerOf(object, "last-modified") ?? "");
  return modified <= since;
}

/**
 * Whether a range is of the object that the viewer has begun to load: `If-Range` is its strong tag or its date. RFC 9110, 13.1.5.
 *
 * @param object headers of the object in the cache
 */
export function isRangeOfSame(request: Headers, object: Headers): boolean {
  const condition = headerOf(request, "if-range")?.trim();
  if (condition === undefined) return true;
  if (condition.startsWith('"')) return condition === headerOf(object, "etag")?.trim();
  if (condition.startsWith("W/")) return false;
  const modified = headerOf(object, "last-modified");
  return modified !== undefined && Date.parse(modified) === Date.parse(condition);
}

/**
 * What CloudFront adds to ask the origin whether an expired object is still the same.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomConditionalGETs
 *
 * @param object headers of the object in the cache
 * @returns no header when the object has nothing to tell it by
 */
export function revalidationHeaders(object: Headers): Record<string, string> {
  const tag = headerOf(object, "etag");
  const modified = headerOf(object, "last-modified");
  return {
    ...(tag !== undefined && { "if-none-match": tag }),
    ...(modified !== undefined && { "if-modified-since": modified }),
  };
}

/** Headers that tell of the stored bytes, and stay when the origin confirms them. RFC 9111, 3.2. */
const OF_THE_BYTES: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "etag",
]);

/** Headers of an object after the origin has answered 304: what it says anew replaces what was known. RFC 9111, 4.3.4. */
export function refreshedHeaders(object: Headers, confirmation: Headers): Headers {
  const news = Object.entries(confirmation).filter(([name]) => !OF_THE_BYTES.has(name));
  return { ...object, ...Object.fromEntries(news) };
}

function tagsOf(list: string): string[] {
  return list.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

function weakly(tag: string): string {
  return tag.trim().replace(/^W\//, "");
}
