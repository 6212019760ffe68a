/** What a version of an API says on its answers once it is deprecated: RFC 9745, and RFC 8594 for the sunset. */
export interface VersionDeprecation {
  /** When it began, or will begin. */
  readonly deprecatedAt: Date;
  /** When the version may stop to answer. */
  readonly sunsetAt?: Date;
  /** Address of the version that comes after it. */
  readonly successor?: string;
  /** Address of a page for its developers. */
  readonly documentation?: string;
}

/**
 * @param headers of an answer
 * @returns undefined when they say nothing of it, or nothing that can be read
 */
export function deprecationOf(headers: Headers): VersionDeprecation | undefined {
  const [, seconds] = /^@(\d{1,12})$/.exec(headers.get("Deprecation")?.trim() ?? "") ?? [];
  if (seconds === undefined) return undefined;
  const sunset = Date.parse(headers.get("Sunset") ?? "");
  const links = linksOf(headers.get("Link") ?? "");
  const successor = links.get("successor-version");
  const documentation = links.get("deprecation");
  return {
    deprecatedAt: new Date(Number(seconds) * 1000),
    ...(!Number.isNaN(sunset) && { sunsetAt: new Date(sunset) }),
    ...(successor !== undefined && { successor }),
    ...(documentation !== undefined && { documentation }),
  };
}

/** Targets of a `Link` header by their relation: https://www.rfc-editor.org/rfc/rfc8288 */
function linksOf(header: string): Map<string, string> {
  const links = new Map<string, string>();
  for (const [, target = "", parameters = ""] of header.matchAll(/<([^>]*)>([^<]*)/g)) {
    const [, relations = ""] = /;\s*rel\s*=\s*"?([^";,]*)/i.exec(parameters) ?? [];
    for (const relation of relations.toLowerCase().split(/\s+/)) {
      if (!links.has(relation)) links.set(relation, target);
    }
  }
  return links;
}
