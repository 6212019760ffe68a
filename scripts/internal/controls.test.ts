import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..");

/** Numbers in the first table of docs/controls.md. */
const held = [...readFileSync(join(root, "docs/controls.md"), "utf8").matchAll(/^\| (\d+) \|/gm)].map(
  ([, n]) => Number(n),
);

/** Numbers named by tests, as "control 25:" or "controls 16 and 17:". */
const tested = new Set(
  execFileSync(
    "git",
    [
      "grep",
      "-hoE",
      "--untracked",
      "controls? [0-9]+((,| and) [0-9]+)*",
      "--",
      "*.test.ts",
      ":!scripts/internal/controls.test.ts",
    ],
    {
      cwd: root,
      encoding: "utf8",
    },
  )
    .match(/\d+/g)
    ?.map(Number),
);

test("the table names each control once", () => {
  expect(held.length).toBeGreaterThan(30);
  expect(new Set(held).size).toBe(held.length);
});

test.each(held)("control %i has a test", (control) => {
  expect(tested).toContain(control);
});
