import {
  type ApiRequest,
  invalidRequest,
  isUuid,
  Problem,
  type Validate,
  type Violation,
  violations,
} from "../internal";
import type { TodoInput } from "./todo";

/**
 * Every body that the contract allows fits, also with title and note written as `\uXXXX` throughout, 12 bytes for a character
 * beyond the BMP; only white space can make it larger.
 */
const MOST_BODY_BYTES = 64 * 1024;

/**
 * Tells whose request it is.
 *
 * @returns subject of the ID token
 * @throws Problem 401 when the token is another: an access token is not meant to identify a user
 */
export function ownerOf({ claims }: ApiRequest): string {
  const { sub, token_use: use } = claims;
  if (!sub || use !== "id") throw new Problem(401, "The request needs an ID token of the user pool.");
  return sub;
}

/**
 * Reads the id in the path.
 *
 * @throws Problem 404 when it is none: nothing can have it
 */
export function todoIdOf({ pathParameters }: ApiRequest): string {
  const id = pathParameters["id"] ?? "";
  if (!isUuid(id)) throw notFound();
  return id.toLowerCase();
}

/** Another user's to-do, or none: the answer is the same. */
export function notFound(): Problem {
  return new Problem(404, "There is no such to-do.");
}

/** The request asks for what is true now: caches are gone past. */
export function wantsConsistent(request: ApiRequest): boolean {
  return /(?:^|[\s,])(?:no-cache|max-age=0+)(?:$|[\s,])/i.test(request.header("Cache-Control") ?? "");
}

/**
 * Reads query parameters and headers. Headers are those named.
 *
 * @throws Problem 400 naming every violation
 */
export function readParameters<T>(
  request: ApiRequest,
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

/**
 * Reads a to-do from the body.
 *
 * @throws Problem 415, 413 or 400, the last naming every violation
 */
export function readTodoInput(request: ApiRequest, validate: Validate): TodoInput {
  const type = (request.header("Content-Type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new Problem(415, "The body must be application/json.");
  const { body } = request;
  if (body && body.byteLength > MOST_BODY_BYTES) {
    throw new Problem(413, `The body must have at most ${MOST_BODY_BYTES} bytes, got ${body.byteLength}.`);
  }
  const data = parseJson(body);
  const found = violations(validate, data, (pointer) => ({ pointer: fragmentOf(pointer) }));
  if (found.length > 0) throw invalidRequest(found);
  const input = data as TodoInput;
  // DynamoDB refuses text that is no Unicode; JSON's escapes can write it.
  const broken = (["title", "note"] as const).filter((field) => !input[field].isWellFormed());
  if (broken.length > 0) {
    const detail = "must not hold half of a surrogate pair";
    throw invalidRequest(broken.map((field) => ({ pointer: `#/${field}`, detail })));
  }
  return input;
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
