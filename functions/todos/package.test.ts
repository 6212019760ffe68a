import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { contracts, environment } from "./function.json";
import { versions } from "./versions";

const root = resolve(__dirname, "..", "..");

test("the generated validators and types are those of the contract", () => {
  const check = spawnSync(join(root, "scripts", "generate"), ["--check"], { encoding: "utf8" });
  expect(check.stderr).toBe("");
  expect(check.status).toBe(0);
}, 60_000);

test("the generated validators bring nothing of ajv but the length of a text", () => {
  const code = contracts
    .map((name) => name.replace("todos/", ""))
    .flatMap((version) =>
      ["bodies.js", "parameters.js"].map((file) =>
        readFileSync(join(__dirname, "generated", version, file), "utf8"),
      ),
    );
  const required = new Set(code.join().match(/require\("[^"]+"\)/g));
  expect([...required].sort()).toEqual([
    'require("../../../../runtime/formats")',
    'require("ajv/dist/runtime/ucs2length")',
  ]);
});

test("index.ts reads exactly the variables that function.json names", () => {
  const source = readFileSync(join(__dirname, "index.ts"), "utf8");
  const [lists = ""] = /required: \[[^\]]*\],\s+optional: \[[^\]]*\]/.exec(source) ?? [];
  const read = [...lists.matchAll(/"([A-Z_]+)"/g)].map(([, name]) => name);
  expect(read.sort()).toEqual([...environment.required, ...environment.optional].sort());
});

test("every version that function.json names has its operations, and no other has", () => {
  expect(contracts).toEqual(Object.keys(versions).map((version) => `todos/${version}`));
});

test.each(contracts)("the operations of %s are those of its contract, by route", (name) => {
  const document = parse(readFileSync(join(root, "api", `${name}.yaml`), "utf8")) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  };
  const routes = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => method !== "parameters")
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(Object.keys(versions[name.replace("todos/", "")] ?? {})).toEqual(routes);
});
