import { isNotModified, isRangeOfSame, refreshedHeaders, revalidationHeaders } from ".";

const MONDAY = "Mon, 23 Nov 2026 12:00:00 GMT";
const TUESDAY = "Tue, 24 Nov 2026 12:00:00 GMT";
const object = { etag: '"v1"', "last-modified": MONDAY };

test.each([
  { name: "the same tag", request: { "if-none-match": '"v1"' }, expected: true },
  { name: "a weak form of the tag", request: { "if-none-match": 'W/"v1"' }, expected: true },
  { name: "one of several tags", request: { "if-none-match": '"v0", W/"v1"' }, expected: true },
  { name: "any tag", request: { "if-none-match": "*" }, expected: true },
  { name: "another tag", request: { "if-none-match": '"v2"' }, expected: false },
  { name: "a tag with a comma in it", request: { "if-none-match": '"v1,"' }, expected: false },
  {
    name: "another tag and the same date: the tag decides",
    request: { "if-none-match": '"v2"', "if-modified-since": TUESDAY },
    expected: false,
  },
  { name: "the same date", request: { "if-modified-since": MONDAY }, expected: true },
  { name: "a later date", request: { "if-modified-since": TUESDAY }, expected: true },
  {
    name: "an earlier date",
    request: { "if-modified-since": "Sun, 22 Nov 2026 12:00:00 GMT" },
    expected: false,
  },
  { name: "no date", request: { "if-modified-since": "yesterday" }, expected: false },
  { name: "no condition", request: {}, expected: false },
])("a viewer with $name has it: $expected", ({ request, expected }) => {
  expect(isNotModified(request, object)).toBe(expected);
});

test("an object without tag and date is never one that the viewer has", () => {
  expect(isNotModified({ "if-none-match": '"v1"' }, {})).toBe(false);
  expect(isNotModified({ "if-modified-since": TUESDAY }, {})).toBe(false);
});

test.each([
  { name: "no condition", condition: undefined, expected: true },
  { name: "its tag", condition: '"v1"', expected: true },
  { name: "another tag", condition: '"v2"', expected: false },
  { name: "a weak tag, which tells nothing of bytes", condition: 'W/"v1"', expected: false },
  { name: "its date", condition: MONDAY, expected: true },
  { name: "a later date", condition: TUESDAY, expected: false },
  { name: "no date", condition: "x", expected: false },
])("If-Range with $name is of the same object: $expected", ({ condition, expected }) => {
  const request = condition === undefined ? {} : { "if-range": condition };
  expect(isRangeOfSame(request, object)).toBe(expected);
});

test.each([
  { of: object, expected: { "if-none-match": '"v1"', "if-modified-since": MONDAY } },
  { of: { etag: 'W/"v1"' }, expected: { "if-none-match": 'W/"v1"' } },
  { of: { "last-modified": MONDAY }, expected: { "if-modified-since": MONDAY } },
  { of: {}, expected: {} },
])("the origin is asked about $of with $expected", ({ of, expected }) => {
  expect(revalidationHeaders(of)).toEqual(expected);
});

test("what the origin says when it confirms an object replaces what was known, but not what tells of its bytes", () => {
  const stored = {
    ...object,
    "content-length": "5",
    "content-type": "text/plain",
    "cache-control": "max-age=5",
  };
  const confirmation = {
    "cache-control": "max-age=60",
    date: TUESDAY,
    "content-length": "0",
    "content-type": "text/html",
    etag: 'W/"v1"',
  };
  expect(refreshedHeaders(stored, confirmation)).toEqual({
    ...stored,
    "cache-control": "max-age=60",
    date: TUESDAY,
  });
});
