import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { countTests, runStep } from "./steps";

const root = resolve(__dirname, "..", "..", "..");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "steps-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("jest's counts", () => {
  test.each([
    [
      "a run",
      '{ "numPassedTests": 7, "numFailedTests": 2, "numRuntimeErrorTestSuites": 0 }',
      { passed: 7, failed: 2 },
    ],
    [
      "a suite that could not start",
      '{ "numPassedTests": 7, "numFailedTests": 0, "numRuntimeErrorTestSuites": 1 }',
      { passed: 7, failed: 1 },
    ],
    ["a result that was cut short", '{ "numPassedTests": 7', { passed: 0, failed: 1 }],
  ])("of %s", (_name, text, counts) => {
    writeFileSync(join(folder, "result.json"), text);
    expect(countTests(join(folder, "result.json"))).toEqual(counts);
  });

  test("of a run that left no result are one failure", () => {
    expect(countTests(join(folder, "missing.json"))).toEqual({ passed: 0, failed: 1 });
  });
});

describe("a step", () => {
  test("that ends well is ok, and all it printed is kept", async () => {
    const outcome = await runStep(
      root,
      folder,
      { name: "a good step", command: ["tsc", "--version"] },
      false,
    );
    expect(outcome).toMatchObject({ ok: true, passed: 0, failed: 0 });
    expect(readFileSync(outcome.log, "utf8")).toMatch(/^Version \d/);
  });

  test("may be run by the Node.js that runs this", async () => {
    const step = { name: "by node", command: ["node", "-p", "process.execPath"] } as const;
    const outcome = await runStep(root, folder, step, false);
    expect(outcome.ok).toBe(true);
    expect(readFileSync(outcome.log, "utf8")).toBe(`${process.execPath}\n`);
  });

  test("that fails is not ok", async () => {
    const outcome = await runStep(
      root,
      folder,
      { name: "a bad step", command: ["tsc", "--no-such-option"] },
      false,
    );
    expect(outcome.ok).toBe(false);
    expect(readFileSync(outcome.log, "utf8")).toContain("--no-such-option");
  });

  test("whose program is missing says so", async () => {
    await expect(
      runStep(root, folder, { name: "no step", command: ["no-such-program"] }, false),
    ).rejects.toThrow("no-such-program: was not found in node_modules/.bin; run npm ci");
  });
});
