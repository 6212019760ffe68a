import { contentTag, expectedVersion, hasCurrent, newestSeen, versionTag } from "./conditional";
import { invalidRequest } from "./problem";

test.each([
  ["no header", undefined, false],
  ["the tag", '"3"', true],
  ["the tag in its weak form", 'W/"3"', true],
  ["another tag", '"2"', false],
  ["a list that holds it", '"1", W/"2" ,"3"', true],
  ["a list that does not", '"1", "2"', false],
  ["any", "*", true],
  ["no quotes", "3", false],
  ["a comma within a tag", '"1,3"', false],
  ["a broken list", '"3", oops', false],
])("If-None-Match: %s", (_case, header, current) => {
  expect(hasCurrent(header, '"3"')).toBe(current);
});

test.each([
  ["any", " * ", "any"],
  ["a version", '"3"', [3]],
  ["a list", '"1", "12"', [1, 12]],
  ["a weak tag, which never matches", 'W/"3"', []],
  ["what is no version", '"abc", "03", "-1", "1.5"', []],
  ["a number beyond all versions", `"${"9".repeat(30)}"`, []],
])("If-Match: %s", (_case, header, expected) => {
  expect(expectedVersion(header)).toEqual(expected);
});

test.each([
  ["no quotes", "3"],
  ["nothing", ""],
  ["an open quote", '"3'],
  ["101 tags", Array.from({ length: 101 }, (_value, index) => `"${index}"`).join()],
])("If-Match is refused: %s", (_case, header) => {
  const violation = { parameter: "If-Match", detail: 'must be * or at most 100 ETags in quotes, e.g. "1"' };
  const error = (() => {
    try {
      return expectedVersion(header);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toEqual(invalidRequest([violation]));
});

test.each([
  ["no header", undefined, 0],
  ["any", "*", 0],
  ["a version", '"3"', 3],
  ["a weak one among others", '"1", W/"12", "abc"', 12],
  ["a broken list", '"3", oops', 0],
])("the newest version seen, by If-None-Match: %s", (_case, header, version) => {
  expect(newestSeen(header)).toBe(version);
});

test("a long header of almost-tags is refused at once", () => {
  const startedAt = performance.now();
  expect(hasCurrent(`${'"1",'.repeat(2000)}x`, '"1"')).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(100);
});

test("tags are strong", () => {
  expect(versionTag(7)).toBe('"7"');
  expect(contentTag("{}")).toMatch(/^"[\w-]{22}"$/);
  expect(contentTag("{}")).not.toBe(contentTag("{ }"));
});
