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
    "services/shop/index.ts",
    "services/shop/generated/v1/bodies.js",
    "services/shop/generated/v0/bodies.js",
  ]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), "");
  }
});

afterEach(() => rmSync(root, { recursive: true }));

const generated = {
  "functions/things/generated/v1/bodies.js": "",
  "services/shop/generated/v1/bodies.js": "",
};

test("what no contract gives any more is left over, in generated folders alone", () => {
  expect(leftovers(root, generated)).toEqual([
    "functions/gone/generated/v1/types.ts",
    "functions/things/generated/v0/bodies.js",
    "functions/things/generated/v0/types.ts",
    "services/shop/generated/v0/bodies.js",
  ]);
});

test("nothing is left over where everything is generated", () => {
  rmSync(join(root, "functions/gone"), { recursive: true });
  rmSync(join(root, "functions/things/generated/v0"), { recursive: true });
  rmSync(join(root, "services/shop/generated/v0"), { recursive: true });
  expect(leftovers(root, generated)).toEqual([]);
});

test("a project without services has none left over", () => {
  rmSync(join(root, "services"), { recursive: true });
  expect(leftovers(root, generated)).toHaveLength(3);
});
