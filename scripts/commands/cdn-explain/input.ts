import type { Distribution, Headers, ViewerRequest } from "../../internal/cdn-model";
import { CommandError, EXIT } from "../../internal/cli";

/** What is served where no own domain name is configured, and besides it where one is. */
const CLOUDFRONT_DOMAIN = /^[a-z0-9]+\.cloudfront\.net$/;

/** What RFC 3986 lets a path and a query hold. */
const URL_CHARACTERS = /^[A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*$/;

/** What RFC 9110 lets a header be called. */
const HEADER = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*(.*?)[ \t]*$/;

/**
 * Reads a URL without changing it: what its path looks like decides which behaviour it gets.
 *
 * @param text a URL, or a path for the distribution's own domain name
 * @throws CommandError when it is no URL, or of a host that the distribution does not serve
 */
export function readRequest(
  text: string,
  distribution: Distribution,
  { method = "GET", headers = {} }: { readonly method?: string; readonly headers?: Headers } = {},
): ViewerRequest {
  const { host: given, ...others } = headers;
  const [, scheme = "https", authority = defaultHost(distribution), path = "", query = ""] =
    /^(?:(https?):\/\/([^/?#]+))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/i.exec(text) ?? [];
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || (path !== "" && !path.startsWith("/"))) {
    throw wrong(
      `"${text}" is none`,
      "write it as https://downloads.example.com/updates/v1.2.3.zip, or as /updates/v1.2.3.zip",
    );
  }
  if (!URL_CHARACTERS.test(path) || !URL_CHARACTERS.test(query) || /%(?![0-9a-f]{2})/i.test(path + query)) {
    throw wrong(`"${text}" has characters that a URL does not`, "percent-encode them");
  }
  const host = (typeof given === "string" ? given : authority).toLowerCase();
  checkHost(host, distribution);
  return {
    method,
    protocol: scheme.toLowerCase() === "http" ? "http" : "https",
    host,
    path: path === "" ? "/" : path,
    query,
    headers: others,
  };
}

/**
 * Reads headers as curl takes them.
 *
 * @param option names the option in errors, e.g. `-H`
 * @throws CommandError naming the first that is none
 */
export function readHeaders(option: string, texts: readonly string[]): Headers {
  const headers: Record<string, string | string[]> = {};
  for (const text of texts) {
    const [, name = "", value = ""] = HEADER.exec(text) ?? [];
    if (name === "" || hasControls(value)) {
      throw new CommandError(
        option,
        `${JSON.stringify(text)} is no header`,
        "write it as 'Name: value'",
        EXIT.usage,
      );
    }
    const key = name.toLowerCase();
    const known = headers[key];
    headers[key] = known === undefined ? value : [known, value].flat();
  }
  return headers;
}

function defaultHost({ aliases }: Distribution): string {
  return aliases[0] ?? "d111111abcdef8.cloudfront.net";
}

function checkHost(host: string, { aliases }: Distribution): void {
  const name = host.replace(/:\d+$/, "");
  if (aliases.some((alias) => covers(alias, name)) || CLOUDFRONT_DOMAIN.test(name)) return;
  const own = aliases.length === 0 ? "only CloudFront's own domain name" : aliases.join(", ");
  throw wrong(`the distribution does not serve ${host}`, `it serves ${own}; a path alone will do, too`);
}

/** An alias may begin with a wildcard: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html */
function covers(alias: string, name: string): boolean {
  if (!alias.startsWith("*.")) return alias.toLowerCase() === name;
  return name.endsWith(alias.slice(1).toLowerCase());
}

/** A tab is a blank, other control characters are not. */
function hasControls(value: string): boolean {
  return [...value].some((character) => {
    const code = character.charCodeAt(0);
    return (code < 32 && code !== 9) || code === 127;
  });
}

function wrong(what: string, mend: string): CommandError {
  return new CommandError("URL", what, mend, EXIT.usage);
}
