import { DEFAULT_PATH_CLASSES, type PathClass } from ".";
import { checkPathClasses } from "./check-path-classes";

/** Fails with a line for each report, as the construct does. */
const check =
  (pathClasses: readonly PathClass[], inBucket = false) =>
  () => {
    const problems: string[] = [];
    checkPathClasses(pathClasses, inBucket, (message) => problems.push(message));
    if (problems.length > 0) throw new Error(problems.join("\n"));
  };

const pathClass: PathClass = {
  name: "files",
  pathPattern: "/files/*",
  originCacheHeaders: "honour",
  defaultTtlSeconds: 60,
};
const eleven = [..."abcdefghijk"];
const cases: { name: string; changes: Partial<PathClass>; message: string }[] = [
  {
    name: "a relative pattern",
    changes: { pathPattern: "files/*" },
    message: 'pathPattern must begin with a slash, got "files/*"',
  },
  {
    name: "a pattern that is too long",
    changes: { pathPattern: `/${"x".repeat(255)}` },
    message: "pathPattern must be of 255 characters or fewer, got 256",
  },
  {
    name: "a pattern with a space",
    changes: { pathPattern: "/my files/*" },
    message: 'pathPattern must hold no " ", got "/my files/*"',
  },
  {
    name: "a minimum with the origin ignored",
    changes: { originCacheHeaders: "ignore", minimumTtlSeconds: 1 },
    message: 'minimumTtlSeconds must be left out with originCacheHeaders "ignore", got 1',
  },
  {
    name: "half a second",
    changes: { defaultTtlSeconds: 0.5 },
    message: "defaultTtlSeconds must be a whole number of at least 0, got 0.5",
  },
  {
    name: "times that fall",
    changes: { maximumTtlSeconds: 30 },
    message: "minimumTtlSeconds, defaultTtlSeconds and maximumTtlSeconds must not fall, got 0, 60 and 30",
  },
  {
    name: "nothing cached",
    changes: { defaultTtlSeconds: 0, maximumTtlSeconds: 0 },
    message: "maximumTtlSeconds must be at least 1, as nothing is cached otherwise, got 0",
  },
  {
    name: "eleven parameters",
    changes: { cacheKeyQueryStrings: eleven },
    message: "cacheKeyQueryStrings must name 10 or fewer, got 11",
  },
  {
    name: "one header twice",
    changes: { cacheKeyHeaders: ["X-Platform", "x-platform"] },
    message: 'cacheKeyHeaders must name each once, got "x-platform" twice',
  },
  {
    name: "a wildcard",
    changes: { cacheKeyCookies: ["session*"] },
    message:
      'cacheKeyCookies must be of letters, digits, dots, hyphens, underscores and tildes, got "session*"',
  },
  {
    name: "cookies as a header",
    changes: { cacheKeyHeaders: ["Cookie"] },
    message: 'cacheKeyHeaders must not name "Cookie": name cookies in cacheKeyCookies',
  },
  {
    name: "the encoding as a header",
    changes: { cacheKeyHeaders: ["Accept-Encoding"] },
    message: 'cacheKeyHeaders must not name "Accept-Encoding": compress stands for it',
  },
];

test.each(cases)("$name", ({ changes, message }) => {
  expect(check([{ ...pathClass, ...changes }])).toThrow(new Error(`path class "files": ${message}`));
});

test("a class that an earlier one takes all of", () => {
  expect(check([...DEFAULT_PATH_CLASSES].reverse())).toThrow(
    new Error(
      [
        'path class "versioned": pathPattern "/updates/v*.*.*" never matches: class "updates" before it takes all of ' +
          '"/updates/*"; move it up',
        'path class "latest": pathPattern "/updates/*latest*" never matches: class "updates" before it takes all of ' +
          '"/updates/*"; move it up',
      ].join("\n"),
    ),
  );
});

test("two of one name, and a name that no resource could have", () => {
  const second = { ...pathClass, pathPattern: "/more/*" };
  expect(check([pathClass, second, { ...second, name: "No Way", pathPattern: "/x" }])).toThrow(
    new Error(
      'pathClasses: name must be unique, got "files" twice\n' +
        'pathClasses: name must be 1 to 24 lower-case letters, digits and hyphens, got "No Way"',
    ),
  );
});

test.each(["/", "/*"])("%s, where a bucket is asked, which alone would be listed", (pathPattern) => {
  expect(check([{ ...pathClass, pathPattern }], true)).toThrow(
    new Error(
      `path class "files": pathPattern must not match "/", for which S3 would list the bucket, got "${pathPattern}"`,
    ),
  );
  expect(check([{ ...pathClass, pathPattern }], false)).not.toThrow();
  expect(check([pathClass], true)).not.toThrow();
});

test("none", () => {
  expect(check([])).toThrow(new Error("pathClasses must name one class or more, got none"));
});
