/** What a contract says of a version that clients are to leave. */
export interface Deprecation {
  /** First day on which it is deprecated, e.g. `2026-12-01`, in UTC. It may lie ahead. */
  readonly deprecated: string;
  /** First day on which it need not answer any more. */
  readonly sunset: string;
  /** The version to move to, e.g. `v2`. @default there is none */
  readonly successor?: string;
  /** https URL of the page that says how to move. @default there is none */
  readonly documentation?: string;
}

const FIELDS = ["deprecated", "sunset", "successor", "documentation"];

/**
 * Reads `info.x-deprecation` of an OpenAPI document.
 *
 * @param place named in errors
 * @throws Error naming the field that is missing, unknown or no date, or a sunset that is not after the deprecation
 */
export function readDeprecation(value: unknown, place: string): Deprecation | undefined {
  if (value === undefined) return undefined;
  const fields = Object(value) as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined)
    throw new Error(`${place}.${unknown} is no field; these are: ${FIELDS.join(", ")}`);
  const deprecated = day(fields["deprecated"], `${place}.deprecated`);
  const sunset = day(fields["sunset"], `${place}.sunset`);
  // https://www.rfc-editor.org/rfc/rfc9745#section-4
  if (sunset <= deprecated) {
    throw new Error(`${place}.sunset must be after deprecated (${deprecated}), got ${sunset}`);
  }
  const { successor, documentation } = fields;
  if (successor !== undefined && !(typeof successor === "string" && /^v[1-9]\d*$/.test(successor))) {
    throw new Error(`${place}.successor must be a version, like v2, got ${JSON.stringify(successor)}`);
  }
  if (documentation !== undefined && !(typeof documentation === "string" && isLinkTarget(documentation))) {
    throw new Error(
      `${place}.documentation must be an https URL without spaces, quotes or commas, got ${JSON.stringify(documentation)}`,
    );
  }
  return {
    deprecated,
    sunset,
    ...(successor !== undefined && { successor }),
    ...(documentation !== undefined && { documentation }),
  };
}

/** YAML has dates as text here: its core schema knows none. */
function day(value: unknown, place: string): string {
  const time = typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time))
    throw new Error(`${place} must be a date, like 2026-12-01, got ${JSON.stringify(value)}`);
  return String(value);
}

/** It stands between quotes in API Gateway, and between brackets in the header. */
function isLinkTarget(text: string): boolean {
  return /^https:\/\/[^\s'"<>,]+$/.test(text) && URL.canParse(text);
}

/**
 * The headers by which every answer of a deprecated version says so: `Deprecation` (RFC 9745), `Sunset` (RFC 8594), and `Link` to the
 * successor (RFC 5829) and to the page that says how to move.
 *
 * @param successorUrl base URL of the successor. @default the environment does not serve it
 */
export function deprecationHeaders(
  { deprecated, sunset, documentation }: Deprecation,
  successorUrl?: string,
): Readonly<Record<string, string>> {
  const links = [
    ...(successorUrl === undefined ? [] : [`<${successorUrl}>; rel="successor-version"`]),
    ...(documentation === undefined
      ? []
      : [
          `<${documentation}>; rel="deprecation"; type="text/html"`,
          `<${documentation}>; rel="sunset"; type="text/html"`,
        ]),
  ];
  return {
    Deprecation: `@${Date.parse(deprecated) / 1000}`,
    Sunset: new Date(sunset).toUTCString(),
    ...(links.length > 0 && { Link: links.join(", ") }),
  };
}
