import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CACHE_LIMITS } from "./cache";
import { environment, timeoutSeconds } from "./function.json";

const root = resolve(__dirname, "..", "..");

test("the generated validators and types are those of the contract", () => {
  const check = spawnSync(join(root, "scripts", "generate"), ["--check"], { encoding: "utf8" });
  expect(check.stderr).toBe("");
  expect(check.status).toBe(0);
}, 60_000);

test("the validators bring nothing of ajv but the length of a text", () => {
  const code = ["bodies.js", "parameters.js"].map((file) =>
    readFileSync(join(__dirname, "generated", "v1", file), "utf8"),
  );
  expect([...new Set(code.join().match(/require\("[^"]+"\)/g))]).toEqual([
    'require("ajv/dist/runtime/ucs2length")',
  ]);
});

test("control 4: all attempts and the waits between them end before the handler's own deadline", () => {
  const { attempts, commandMilliseconds, connectMilliseconds } = CACHE_LIMITS;
  // The longest wait of index.ts, and the half second that the handler keeps to answer in.
  const [longestPause, margin] = [50 * 2, 500];
  const longest = attempts * (connectMilliseconds + commandMilliseconds) + (attempts - 1) * longestPause;
  expect(longest).toBeLessThan(timeoutSeconds * 1000 - margin);
});

test("settings.ts reads exactly the variables that function.json names", () => {
  const source = readFileSync(join(__dirname, "settings.ts"), "utf8");
  const [names = ""] = /const NAMES = \{[^}]*\}/.exec(source) ?? [];
  const read = [...names.matchAll(/"([A-Z_]+)"/g)].map(([, name]) => name);
  expect(read).toEqual([...environment.required, ...environment.optional]);
});
