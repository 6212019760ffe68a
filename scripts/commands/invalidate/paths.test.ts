import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as fc from "fast-check";
import { isWildcard, pathOfFile, pathProblem, reducePaths } from "./paths";

test.each([
  ["a file", "/updates/v1.2.3.zip"],
  ["a folder and all below", "/updates/*"],
  ["everything", "/*"],
  ["the root", "/"],
  ["the start of a name", "/updates/v1*"],
  ["a query string", "/updates/latest?channel=beta&os=mac"],
  ["what RFC 1738 leaves as it is", "/a$b-c_d.e+f!g'h(i),j;k:l@m=n&o"],
  ["encoded unsafe characters", "/a%20b%7E%25%23"],
  ["encoded characters beyond ASCII", "/caf%C3%A9"],
  ["4000 characters", `/${"a".repeat(3999)}`],
])("takes %s", (_case, path) => {
  expect(pathProblem(path)).toBeUndefined();
});

test.each([
  ["nothing", "", "does not start with a slash", 'write "/"'],
  ["no slash at the start", "updates/*", "does not start with a slash", 'write "/updates/*"'],
  ["a URL", "https://a.example/updates/*", "is a URL", 'give its path alone, "/updates/*"'],
  ["a URL without a path", "https://a.example", "is a URL", 'give its path alone, "/"'],
  [
    "a wildcard in the middle",
    "/*/v1.zip",
    "has a wildcard before its end",
    'name each file, or all that "/*" stands for',
  ],
  ["two wildcards", "/a**", "has a wildcard before its end", 'name each file, or all that "/a*" stands for'],
  ["a space", "/a b", 'holds " ", which must be encoded', "write %20 for it"],
  ["a tilde, unsafe in RFC 1738", "/a~b", 'holds "~", which must be encoded', "write %7E for it"],
  ["a letter beyond ASCII", "/café", 'holds "é", which must be encoded', "write %C3%A9 for it"],
  ["a character of two code units", "/😀", 'holds "😀", which must be encoded', "write %F0%9F%98%80 for it"],
  ["a percent sign alone", "/100%", 'holds "%", which must be encoded', "write %25 for it"],
  ["a line break", "/a\nb", 'holds "\\n", which must be encoded', "write %0A for it"],
  [
    "a letter that is encoded",
    "/%61bc",
    'encodes "a" as %61, which CloudFront would not find',
    'write "a", or end the path before it in a wildcard',
  ],
  [
    "a slash that is encoded",
    "/a?next=%2Fhome",
    'encodes "/" as %2F, which CloudFront would not find',
    'write "/", or end the path before it in a wildcard',
  ],
  [
    "4001 characters",
    `/${"a".repeat(4000)}`,
    "has 4001 characters, 4000 are allowed",
    "shorten it and end it in a wildcard",
  ],
])("refuses %s", (_case, path, what, mend) => {
  expect(pathProblem(path)).toEqual({ what, mend });
});

test.each([
  ["updates/v1.2.3.zip", "/updates/v1.2.3.zip"],
  ["updates/v1 beta.zip", "/updates/v1%20beta.zip"],
  ["a~b#c%d", "/a%7Eb%23c%25d"],
  ["café/😀", "/caf%C3%A9/%F0%9F%98%80"],
])("the file %s is named %s", (file, path) => {
  expect(pathOfFile(file)).toBe(path);
});

test("any file without a star has a valid path, which decodes to its name", () => {
  const names = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 100 })
    .filter((name) => !name.includes("*") && name.isWellFormed());
  fc.assert(
    fc.property(names, (name) => {
      expect(pathProblem(pathOfFile(name))).toBeUndefined();
      expect(decodeURIComponent(pathOfFile(name))).toBe(`/${name}`);
    }),
  );
});

test.each<[string, string[], string[], [string, string][]]>([
  ["nothing", [], [], []],
  ["a path given twice", ["/b", "/a", "/b"], ["/a", "/b"], []],
  ["a file below a wildcard", ["/a/b", "/a/*"], ["/a/*"], [["/a/b", "/a/*"]]],
  ["a wildcard below a wildcard", ["/a/b*", "/a*"], ["/a*"], [["/a/b*", "/a*"]]],
  ["the wildcard's own start", ["/a", "/a*"], ["/a*"], [["/a", "/a*"]]],
  ["a folder that its own wildcard leaves out", ["/a", "/a/*"], ["/a", "/a/*"], []],
  ["a query string", ["/a?v=1", "/a*"], ["/a*"], [["/a?v=1", "/a*"]]],
  ["another case", ["/A/b", "/a/*"], ["/A/b", "/a/*"], []],
  [
    "everything",
    ["/z", "/*", "/a*", "/"],
    ["/*"],
    [
      ["/", "/*"],
      ["/a*", "/*"],
      ["/z", "/*"],
    ],
  ],
])("reduces %s", (_case, given, paths, covered) => {
  expect(reducePaths(given)).toEqual({ paths, covered: covered.map(([path, by]) => ({ path, by })) });
});

/** Few letters and short, so that paths often repeat and cover each other. */
const somePath = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "/", "-", "%7E"), { maxLength: 4 }), fc.constantFrom("", "", "*"))
  .map(([parts, end]) => `/${parts.join("")}${end}`);
const somePaths = fc.array(somePath, { maxLength: 12 });

/** CloudFront's rule, written as it is documented: `*` stands for any characters or none. */
function covers(path: string, url: string): boolean {
  return isWildcard(path) ? url.startsWith(path.slice(0, -1)) : url === path;
}

test("the reduced set covers exactly what the given set covers", () => {
  fc.assert(
    fc.property(somePaths, somePath, (given, url) => {
      const { paths } = reducePaths(given);
      expect(paths.some((path) => covers(path, url))).toBe(given.some((path) => covers(path, url)));
    }),
    { numRuns: 2000 },
  );
});

test("no path of the reduced set is covered by another", () => {
  fc.assert(
    fc.property(somePaths, (given) => {
      const { paths } = reducePaths(given);
      const redundant = paths.filter((path) => paths.some((other) => other !== path && covers(other, path)));
      expect(redundant).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

test("every given path is kept, or covered by one that is kept", () => {
  fc.assert(
    fc.property(somePaths, (given) => {
      const { paths, covered } = reducePaths(given);
      expect([...paths, ...covered.map(({ path }) => path)].sort()).toEqual([...new Set(given)].sort());
      for (const { path, by } of covered) {
        expect(paths).toContain(by);
        expect(covers(by, path)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

test("the order in which paths are given does not matter", () => {
  const shuffled = somePaths.chain((given) =>
    fc.tuple(
      fc.constant(given),
      fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([given, other]) => {
      expect(reducePaths(other)).toEqual(reducePaths(given));
    }),
  );
});

test("a hundred thousand paths are reduced at once", () => {
  const paths = Array.from({ length: 100_000 }, (_, index) => `/updates/${index}.zip`);
  const began = performance.now();
  expect(reducePaths([...paths, "/updates/1*"]).paths).toHaveLength(100_000 - 11_111 + 1);
  expect(performance.now() - began).toBeLessThan(5000);
});

test("CloudFront takes the paths of every call in the documents", () => {
  const root = resolve(__dirname, "../../..");
  const pages = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  const calls = ["README.md", ...pages.map((name) => join("docs", name))].flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/scripts\/invalidate envs\/.*/g)].map(
      ([call]) => call,
    ),
  );
  const paths = calls.flatMap((call) => [...call.matchAll(/'(\/[^']*)'/g)].map(([, path]) => path as string));
  expect(paths.length).toBeGreaterThan(2);
  expect(paths.filter((path) => pathProblem(path))).toEqual([]);
});
