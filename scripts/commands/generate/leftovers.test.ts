import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { leftovers } from "./leftovers";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "leftovers-"));
  for (const path of [
    "functions/README.md",
    "functions/things/index.ts",
    "functions/things/generated/v1/bodies.js",
    "functions/things/generated/v0/bodies.js",
    "functions/things/generated/v0/types.ts",
    "functions/gone/generated/v1/types.ts",
  ]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), "");
  }
});

afterEach(() => rmSync(root, { recursive: true }));

test("what no contract gives any more is left over, in generated folders alone", () => {
  expect(leftovers(root, { "functions/things/generated/v1/bodies.js": "" })).toEqual([
    "functions/gone/generated/v1/types.ts",
    "functions/things/generated/v0/bodies.js",
    "functions/things/generated/v0/types.ts",
  ]);
});

test("nothing is left over where everything is generated", () => {
  rmSync(join(root, "functions/gone"), { recursive: true });
  rmSync(join(root, "functions/things/generated/v0"), { recursive: true });
  expect(leftovers(root, { "functions/things/generated/v1/bodies.js": "" })).toEqual([]);
});
