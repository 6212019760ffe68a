import { createHash } from "node:crypto";

/** Raised when a token's meaning changes: old tokens are then refused and clients list anew. */
const VERSION = 1;
const ID_BYTES = 16;
const CHECK_BYTES = 12;

/**
 * Makes the token for what follows an order: version, id and a check over them and the principal, in base64url.
 *
 * The check is a hash without a secret. It tells a damaged or misused token from a good one; it guards nothing, as a token names no
 * principal: whoever makes one up can but page through their own orders.
 */
export function pageToken(principal: string, lastId: string): string {
  const id = Buffer.from(lastId.replaceAll("-", ""), "hex");
  return Buffer.concat([Buffer.from([VERSION]), id, check(principal, lastId)]).toString("base64url");
}

/**
 * Reads a token.
 *
 * @returns id of the last order of the page before, or nothing when the token is not one for this principal
 */
export function readPageToken(principal: string, token: string): string | undefined {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.byteLength !== 1 + ID_BYTES + CHECK_BYTES || bytes[0] !== VERSION) return undefined;
  const id = bytes
    .subarray(1, 1 + ID_BYTES)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  // Compared as text: base64url decodes many texts to the same bytes.
  return pageToken(principal, id) === token ? id : undefined;
}

function check(principal: string, id: string): Buffer {
  const text = JSON.stringify([VERSION, principal, id]);
  return createHash("sha256").update(text).digest().subarray(0, CHECK_BYTES);
}
