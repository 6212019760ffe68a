import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..");

/** Rows of the first table of docs/controls.md: number, what holds it, where it is tested. */
const held = [
  ...readFileSync(join(root, "docs/controls.md"), "utf8").matchAll(/^\| (\d+) \| [^|]+ \| ([^|]+) \|$/gm),
].map(([, control, places = ""]) => ({
  control: Number(control),
  places: [...places.matchAll(/`([^`]+)`/g)].map(([, place]) => place as string),
}));

/** Files of tests by the numbers that these name, as "control 25:" or "controls 16 and 17:". */
const tested = new Map<number, string[]>();
for (const line of execFileSync(
  "git",
  [
    "grep",
    "-oE",
    "--untracked",
    "controls? [0-9]+((,| and) [0-9]+)*",
    "--",
    "*.test.ts",
    ":!scripts/internal/controls.test.ts",
  ],
  { cwd: root, encoding: "utf8" },
).split("\n")) {
  const [file = "", named = ""] = line.split(":");
  for (const control of named.match(/\d+/g) ?? []) {
    tested.set(Number(control), [...(tested.get(Number(control)) ?? []), file]);
  }
}

test("the table names each control once", () => {
  expect(held.length).toBeGreaterThan(30);
  expect(new Set(held.map(({ control }) => control)).size).toBe(held.length);
});

test.each(held)("control $control has tests wherever the table says so", ({ control, places }) => {
  expect(places).not.toEqual([]);
  const files = tested.get(control) ?? [];
  expect(
    places.filter((place) => !files.some((file) => file === place || file.startsWith(`${place}/`))),
  ).toEqual([]);
});
