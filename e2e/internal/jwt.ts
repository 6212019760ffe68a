import { type KeyObject, sign } from "node:crypto";

/** The claims of a JWT, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ""] = token.split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
}

/** The header of a JWT. */
export function headerOf(token: string): { readonly alg: string; readonly kid: string } {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
}

/** One part of a JWT. */
export function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

/** A token with another's header and claims but for the given ones, signed by another key than the pool's. */
export function forged(token: string, claims: object, key: KeyObject): string {
  const signed = `${encode(headerOf(token))}.${encode({ ...claimsOf(token), ...claims })}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
}

/** A token with other claims below its own signature. */
export function tampered(token: string, claims: object): string {
  const [header, , signature] = token.split(".");
  return [header, encode({ ...claimsOf(token), ...claims }), signature].join(".");
}

/** A token that says of itself that it is not signed. */
export function unsigned(token: string): string {
  return `${encode({ ...headerOf(token), alg: "none" })}.${encode(claimsOf(token))}.`;
}
