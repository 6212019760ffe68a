import { invalidRequest, Problem, type Violation } from "./problem";
import { type Validate, violations } from "./validation";

/** Where parameters are read from. */
export interface ParametersOfRequest {
  /** Query parameters, each with all its values. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Value of a header, whatever the case of its name; of several lines, their values joined by `, `. */
  header(name: string): string | undefined;
}

/**
 * Reads query parameters and headers. Headers are those named.
 *
 * @throws Problem 400 naming every violation
 */
export function readParameters<T>(
  request: ParametersOfRequest,
  validate: Validate,
  headers: readonly string[] = [],
): T {
  const values: Record<string, unknown> = Object.create(null);
  const repeated: Violation[] = [];
  for (const [name, all] of Object.entries(request.query)) {
    values[name] = all[0];
    if (all.length > 1) repeated.push({ parameter: name, detail: "must be given once" });
  }
  for (const name of headers) {
    const value = request.header(name);
    if (value === undefined) delete values[name];
    else values[name] = value;
  }
  for (const name of validate.integers ?? []) {
    const value = values[name];
    // What is written otherwise stays text, which the validator refuses.
    if (typeof value === "string" && /^-?\d+$/.test(value)) values[name] = Number(value);
  }
  const found = violations(validate, values, (pointer) => ({ parameter: pointer.slice(1) }));
  if (repeated.length + found.length > 0) throw invalidRequest([...repeated, ...found]);
  return values as T;
}

/** The request asks for what is true now: caches are gone past. */
export function wantsConsistent(request: Pick<ParametersOfRequest, "header">): boolean {
  return /(?:^|[\s,])(?:no-cache|max-age=0+)(?:$|[\s,])/i.test(request.header("Cache-Control") ?? "");
}

/** A body as it was sent. */
export interface SentBody {
  /** @default none was sent */
  readonly contentType?: string | undefined;
  /** Absent when there is none, or an empty one. */
  readonly body?: Buffer | undefined;
}

/** Types of the bodies that are JSON. A merge patch: https://www.rfc-editor.org/rfc/rfc7396 */
export type JsonMediaType = "application/json" | "application/merge-patch+json";

/**
 * Reads a body of JSON. Defaults are filled in.
 *
 * @param mostBytes largest body
 * @param mediaType that it must be of
 * @throws Problem 415, 413 or 400, the last naming every violation
 */
export function readJsonBody<T>(
  { contentType, body }: SentBody,
  validate: Validate,
  mostBytes: number,
  mediaType: JsonMediaType = "application/json",
): T {
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type !== mediaType) {
    // https://www.rfc-editor.org/rfc/rfc5789#section-2.2
    const headers = mediaType === "application/json" ? {} : { "Accept-Patch": mediaType };
    throw new Problem(415, `The body must be ${mediaType}.`, [], headers);
  }
  if (body && body.byteLength > mostBytes) {
    throw new Problem(413, `The body must have at most ${mostBytes} bytes, got ${body.byteLength}.`);
  }
  const data = parseJson(body);
  const found = violations(validate, data, (pointer) => ({ pointer: fragmentOf(pointer) }));
  if (found.length > 0) throw invalidRequest(found);
  return data as T;
}

/** A JSON pointer as a URI fragment: https://www.rfc-editor.org/rfc/rfc6901#section-6. Any text will do, half a surrogate pair too. */
function fragmentOf(pointer: string): string {
  return `#${pointer.toWellFormed().split("/").map(encodeURIComponent).join("/")}`;
}

function parseJson(body: Buffer | undefined): unknown {
  try {
    // Fatal: bytes that are no UTF-8 are refused rather than replaced.
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw invalidRequest([{ pointer: "#", detail: "must be JSON in UTF-8" }]);
  }
}
