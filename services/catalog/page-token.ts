import { createHash } from "node:crypto";

/** Raised when a token's meaning changes: old tokens are then refused and clients list anew. */
const VERSION = 1;
const CHECK_BYTES = 12;

/**
 * Makes the token for what follows a product: version, a check and the id, in base64url.
 *
 * The check is a hash without a secret. It tells a damaged token from a good one; it guards nothing, as everybody may read the list.
 */
export function pageToken(lastId: string): string {
  return Buffer.concat([Buffer.from([VERSION]), check(lastId), Buffer.from(lastId)]).toString("base64url");
}

/**
 * Reads a token.
 *
 * @returns id of the last product of the page before, or nothing when the token is none
 */
export function readPageToken(token: string): string | undefined {
  const id = Buffer.from(token, "base64url")
    .subarray(1 + CHECK_BYTES)
    .toString("utf8");
  // Compared as text: base64url decodes many texts to the same bytes.
  return pageToken(id) === token ? id : undefined;
}

function check(id: string): Buffer {
  const text = JSON.stringify([VERSION, id]);
  return createHash("sha256").update(text).digest().subarray(0, CHECK_BYTES);
}
