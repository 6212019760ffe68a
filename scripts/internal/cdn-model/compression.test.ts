import { compressedHeaders, compressionOf } from ".";
import { behaviourOf } from "./fixture";

const headers = { "content-type": "application/json", "content-length": "5000" };
const behaviour = behaviourOf({ compress: true });

test.each([
  { name: "both", encoding: "br,gzip", expected: "br" },
  { name: "Brotli", encoding: "br", expected: "br" },
  { name: "gzip", encoding: "gzip", expected: "gzip" },
  { name: "neither", encoding: undefined, expected: undefined },
])("a viewer that takes $name gets $expected", ({ encoding, expected }) => {
  expect(compressionOf(behaviour, { status: 200, headers }, encoding)).toBe(expected);
});

test.each([
  { name: "of 1000 bytes", changes: { "content-length": "1000" }, compressed: true },
  { name: "of 999 bytes", changes: { "content-length": "999" }, compressed: false },
  { name: "of 10 000 000 bytes", changes: { "content-length": "10000000" }, compressed: true },
  { name: "of 10 000 001 bytes", changes: { "content-length": "10000001" }, compressed: false },
  { name: "with a character set", changes: { "content-type": "TEXT/HTML; charset=utf-8" }, compressed: true },
  { name: "of an archive", changes: { "content-type": "application/zip" }, compressed: false },
  { name: "that the origin has compressed", changes: { "content-encoding": "gzip" }, compressed: false },
  { name: "of no valid length", changes: { "content-length": "x" }, compressed: false },
])("an answer $name is compressed: $compressed", ({ changes, compressed }) => {
  const answer = { status: 200, headers: { ...headers, ...changes } };
  expect(compressionOf(behaviour, answer, "gzip") !== undefined).toBe(compressed);
});

test("an answer without a length is not compressed", () => {
  expect(compressionOf(behaviour, { status: 200, headers: { "content-type": "text/css" } }, "gzip")).toBe(
    undefined,
  );
});

test.each([
  { status: 200, compressed: true },
  { status: 403, compressed: true },
  { status: 404, compressed: true },
  { status: 206, compressed: false },
  { status: 500, compressed: false },
])("the status $status is compressed: $compressed", ({ status, compressed }) => {
  expect(compressionOf(behaviour, { status, headers }, "gzip") !== undefined).toBe(compressed);
});

test("nothing is compressed where that is not configured", () => {
  expect(compressionOf(behaviourOf(), { status: 200, headers }, "gzip")).toBeUndefined();
});

test.each([
  { name: "a strong tag becomes weak", etag: '"v1"', expected: 'W/"v1"' },
  { name: "a weak tag stays", etag: 'W/"v1"', expected: 'W/"v1"' },
  { name: "what is no tag is left out", etag: "v1", expected: undefined },
])("$name", ({ etag, expected }) => {
  expect(compressedHeaders({ ...headers, etag }, "br")["etag"]).toBe(expected);
});

test("the length is no longer known, and the encoding is said", () => {
  expect(compressedHeaders({ ...headers, "accept-ranges": "bytes" }, "br")).toEqual({
    "content-type": "application/json",
    "content-encoding": "br",
    vary: "Accept-Encoding",
  });
});

test.each([
  { vary: "Origin", expected: "Origin, Accept-Encoding" },
  { vary: "accept-encoding", expected: "accept-encoding" },
])("Vary: $vary becomes $expected", ({ vary, expected }) => {
  expect(compressedHeaders({ ...headers, vary }, "gzip")["vary"]).toBe(expected);
});
