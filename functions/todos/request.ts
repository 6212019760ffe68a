import {
  invalidRequest,
  isUuid,
  type JsonMediaType,
  Problem,
  readJsonBody,
  type Validate,
} from "../../runtime";
import type { ApiRequest } from "../internal";

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

/** The texts of a body that are free. */
interface FreeText {
  readonly title?: string;
  readonly note?: string | null;
}

/**
 * Reads what a client says of a to-do from the body.
 *
 * @param mediaType that the body must be of. @default `application/json`
 * @throws Problem 415, 413 or 400, the last naming every violation
 */
export function readTodoBody<T extends FreeText>(
  request: ApiRequest,
  validate: Validate,
  mediaType?: JsonMediaType,
): T {
  const { body } = request;
  const input = readJsonBody<T>(
    { contentType: request.header("Content-Type"), body },
    validate,
    MOST_BODY_BYTES,
    mediaType,
  );
  // DynamoDB refuses text that is no Unicode; JSON's escapes can write it.
  const broken = (["title", "note"] as const).filter((field) => input[field]?.isWellFormed() === false);
  if (broken.length > 0) {
    const detail = "must not hold half of a surrogate pair";
    throw invalidRequest(broken.map((field) => ({ pointer: `#/${field}`, detail })));
  }
  return input;
}
