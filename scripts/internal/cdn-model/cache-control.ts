import { type Headers, headerOf } from "./request";

/** What an answer says of its own caching. Seconds that are no whole number count as not said. */
export interface CacheDirectives {
  readonly maxAgeSeconds?: number;
  readonly sharedMaxAgeSeconds?: number;
  /** Without names of headers. */
  readonly noCache: boolean;
  /** Headers that may not be served from a cache, in lower case: `no-cache="Set-Cookie"`. */
  readonly noCacheHeaders: readonly string[];
  readonly noStore: boolean;
  readonly isPrivate: boolean;
  readonly staleWhileRevalidateSeconds?: number;
  readonly staleIfErrorSeconds?: number;
  /** When `Expires` says, in milliseconds since 1970; 0, long ago, when it is no date. Undefined without it. */
  readonly expiresAt?: number;
}

/** Reads `Cache-Control` and `Expires`, RFC 9111. */
export function directivesOf(headers: Headers): CacheDirectives {
  const directives = new Map<string, string>();
  for (const part of splitOutsideQuotes(headerOf(headers, "cache-control") ?? "")) {
    const [name = "", value = ""] = part.split(/=(.*)/s, 2).map((text) => text.trim());
    // The first of several counts.
    const key = name.toLowerCase();
    if (key !== "" && !directives.has(key)) directives.set(key, value.replace(/^"(.*)"$/, "$1"));
  }
  const seconds = (name: string): number | undefined => {
    const value = directives.get(name);
    return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
  };
  const maxAgeSeconds = seconds("max-age");
  const sharedMaxAgeSeconds = seconds("s-maxage");
  const staleWhileRevalidateSeconds = seconds("stale-while-revalidate");
  const staleIfErrorSeconds = seconds("stale-if-error");
  const noCacheHeaders = (directives.get("no-cache") ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const expires = headerOf(headers, "expires");
  return {
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    ...(sharedMaxAgeSeconds !== undefined && { sharedMaxAgeSeconds }),
    noCache: directives.has("no-cache") && noCacheHeaders.length === 0,
    noCacheHeaders,
    noStore: directives.has("no-store"),
    isPrivate: directives.has("private"),
    ...(staleWhileRevalidateSeconds !== undefined && { staleWhileRevalidateSeconds }),
    ...(staleIfErrorSeconds !== undefined && { staleIfErrorSeconds }),
    ...(expires !== undefined && { expiresAt: timeOf(expires) }),
  };
}

/**
 * Parts the headers of an answer into those that are kept with it, and those that only the viewer gets for whom the origin was asked:
 * the ones that `no-cache` names, e.g. `no-cache="Set-Cookie"`.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html
 */
export function partHeaders(headers: Headers): { readonly kept: Headers; readonly once: Headers } {
  const { noCacheHeaders } = directivesOf(headers);
  const [kept, once]: [Record<string, Headers[string]>, Record<string, Headers[string]>] = [{}, {}];
  for (const [name, value] of Object.entries(headers)) {
    (noCacheHeaders.includes(name) ? once : kept)[name] = value;
  }
  return { kept, once };
}

function timeOf(date: string): number {
  const time = Date.parse(date);
  return Number.isNaN(time) ? 0 : time;
}

function splitOutsideQuotes(text: string): string[] {
  return text.match(/(?:[^,"]|"(?:\\.|[^"\\])*"?)+/g) ?? [];
}
