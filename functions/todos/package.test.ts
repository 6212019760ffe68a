import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { environment } from "./function.json";

const root = resolve(__dirname, "..", "..");

test("the generated validators and types are those of the contract", () => {
  const check = spawnSync(join(root, "scripts", "generate"), ["--check"], { encoding: "utf8" });
  expect(check.stderr).toBe("");
  expect(check.status).toBe(0);
}, 60_000);

test("the generated validators bring nothing of ajv but the length of a text", () => {
  const code = ["bodies.js", "parameters.js"].map((file) =>
    readFileSync(join(__dirname, "generated", "v1", file), "utf8"),
  );
  const required = new Set(code.join().match(/require\("[^"]+"\)/g));
  expect([...required].sort()).toEqual([
    'require("../../../../runtime/formats")',
    'require("ajv/dist/runtime/ucs2length")',
  ]);
});

test("index.ts reads exactly the variables that function.json names", () => {
  const source = readFileSync(join(__dirname, "index.ts"), "utf8");
  const read = [...source.matchAll(/^ +"([A-Z][A-Z_]+)",$|required: \["([A-Z_]+)"\]/gm)].map(
    ([, a, b]) => a ?? b,
  );
  expect(read.sort()).toEqual([...environment.required, ...environment.optional].sort());
});
