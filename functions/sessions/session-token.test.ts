import { createHash } from "node:crypto";
import fc from "fast-check";
import {
  formatSessionToken,
  newNonce,
  newSessionToken,
  nextSessionToken,
  parseSessionToken,
  secretHashOf,
  userKeyOf,
} from "./session-token";

const token = newSessionToken("user-1");

test("a token is read as it was written", () => {
  expect(parseSessionToken(formatSessionToken(token))).toEqual(token);
});

test("the secret has 256 bits, and no two tokens share secret or session", () => {
  const tokens = Array.from({ length: 100 }, () => newSessionToken("user-1"));
  expect(new Set(tokens.map(({ secret }) => secret.byteLength))).toEqual(new Set([32]));
  expect(new Set(tokens.map(({ secret }) => secret.toString("hex"))).size).toBe(100);
  expect(new Set(tokens.map(({ sessionId }) => sessionId)).size).toBe(100);
  expect(new Set(tokens.map(({ userKey }) => userKey))).toEqual(new Set([userKeyOf("user-1")]));
});

test("another user has another key, and it does not hold the user", () => {
  expect(userKeyOf("user-2")).not.toBe(userKeyOf("user-1"));
  expect(userKeyOf("user-1")).toMatch(/^[\w-]{22}$/);
  expect(formatSessionToken(token)).not.toContain("user-1");
});

test("the hash is SHA-256 of the secret alone", () => {
  expect(secretHashOf(token)).toBe(createHash("sha256").update(token.secret).digest("base64url"));
});

test("a nonce makes one next token of a token, for the same session", () => {
  const nonce = newNonce();
  const next = nextSessionToken(token, nonce);
  expect(nextSessionToken(token, nonce)).toEqual(next);
  expect(next).toMatchObject({ userKey: token.userKey, sessionId: token.sessionId });
  expect(next.secret.byteLength).toBe(32);
  expect(next.secret).not.toEqual(token.secret);
  expect(nextSessionToken(token, newNonce())).not.toEqual(next);
  expect(nextSessionToken(newSessionToken("user-1"), nonce).secret).not.toEqual(next.secret);
});

test("the next token is none that hash and nonce would make", () => {
  const nonce = newNonce();
  const hash = Buffer.from(secretHashOf(token), "base64url");
  expect(nextSessionToken({ ...token, secret: hash }, nonce).secret).not.toEqual(
    nextSessionToken(token, nonce).secret,
  );
});

test.each([
  ["nothing", ""],
  ["one part", "a"],
  ["a part that is missing", formatSessionToken(token).slice(0, 45)],
  ["a secret that is too short", formatSessionToken(token).slice(0, -1)],
  ["a secret that is too long", `${formatSessionToken(token)}A`],
  ["a letter that is none", `${formatSessionToken(token).slice(0, -1)}+`],
  ["a line after it", `${formatSessionToken(token)}\n`],
])("%s is no token", (_case, text) => {
  expect(parseSessionToken(text)).toBeUndefined();
});

test("no text makes reading fail", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      parseSessionToken(text);
    }),
  );
});
