import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stampBefore, stampOf } from ".";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stamp-"));
  for (const file of ["a", "b"]) {
    writeFileSync(join(root, file), "text");
    utimesSync(join(root, file), 1000, 1000);
  }
});

afterEach(() => rmSync(root, { recursive: true }));

test("stays while nothing changes", () => {
  expect(stampOf(root, ["a", "b"])).toBe(stampOf(root, ["a", "b"]));
});

test.each([
  ["a file is touched", () => utimesSync(join(root, "a"), 1000, 1001)],
  [
    "a file's size changes and its time does not",
    () => {
      writeFileSync(join(root, "b"), "longer text");
      utimesSync(join(root, "b"), 1000, 1000);
    },
  ],
])("changes when %s", (_name, change) => {
  const before = stampOf(root, ["a", "b"]);
  change();
  expect(stampOf(root, ["a", "b"])).not.toBe(before);
});

test("fails when a file is gone", () => {
  rmSync(join(root, "b"));
  expect(() => stampOf(root, ["a", "b"])).toThrow("ENOENT");
});

describe("of files that a build has read", () => {
  test("is the same when they were written before it began", () => {
    expect(stampBefore(root, ["a", "b"], 1_000_001)).toBe(stampOf(root, ["a", "b"]));
  });

  test("is none when one was written since", () => {
    utimesSync(join(root, "b"), 2000, 2000);
    expect(stampBefore(root, ["a", "b"], 1_500_000)).toBeUndefined();
  });
});
