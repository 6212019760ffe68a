import { sha256, type TodoStatus } from "./todo";

/** Raised when a token's meaning changes: old tokens are then refused and clients list anew. */
const VERSION = 1;
const ID_BYTES = 16;
const CHECK_BYTES = 12;

/** What a token continues. */
export interface PageScope {
  readonly owner: string;
  readonly status?: TodoStatus;
}

/**
 * Makes the token for what follows a to-do: version, id and a check over them, the owner and the filter, in base64url.
 *
 * The check is a hash without a secret. It tells a damaged or misused token from a good one; it guards nothing, as a token
 * names no owner: whoever makes one up can but page through their own to-dos.
 */
export function pageToken(scope: PageScope, lastId: string): string {
  const id = Buffer.from(lastId.replaceAll("-", ""), "hex");
  return Buffer.concat([Buffer.from([VERSION]), id, check(scope, lastId)]).toString("base64url");
}

/**
 * Reads a token.
 *
 * @returns id of the last to-do of the page before, or nothing when the token is not one for this owner and filter
 */
export function readPageToken(scope: PageScope, token: string): string | undefined {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.byteLength !== 1 + ID_BYTES + CHECK_BYTES || bytes[0] !== VERSION) return undefined;
  const id = bytes
    .subarray(1, 1 + ID_BYTES)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  // Compared as text: base64url decodes many texts to the same bytes.
  return pageToken(scope, id) === token ? id : undefined;
}

function check({ owner, status }: PageScope, id: string): Buffer {
  return sha256(JSON.stringify([VERSION, owner, status ?? null, id])).subarray(0, CHECK_BYTES);
}
