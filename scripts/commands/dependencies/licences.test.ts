import { resolve } from "node:path";
import type { Dependency } from "../../internal/dependencies";
import { npmDependencies, pythonDependencies } from "../../internal/dependencies";
import { isAllowed, type LicencePolicy, licenceFaults } from "./licences";

const ROOT = resolve(__dirname, "../../..");

describe("an expression", () => {
  const allowed = (licence: string) => ["MIT", "Apache-2.0"].includes(licence);
  test.each([
    ["MIT", true],
    ["GPL-3.0-only", false],
    ["(MIT OR GPL-3.0-or-later)", true],
    ["GPL-3.0-only OR AGPL-3.0-only", false],
    ["MIT AND GPL-3.0-only", false],
    ["Apache-2.0 AND MIT", true],
    ["GPL-3.0-only AND (MIT OR Apache-2.0)", false],
    ["MIT AND (GPL-3.0-only OR (Apache-2.0 AND MIT))", true],
    ["MIT AND (GPL-3.0-only OR (Apache-2.0 AND GPL-2.0-only))", false],
    ["", false],
  ])("%s is allowed: %s", (expression, outcome) => {
    expect(isAllowed(expression, allowed)).toBe(outcome);
  });
});

describe("licences", () => {
  const policy: LicencePolicy = {
    allowed: ["MIT"],
    exceptions: [{ licence: "AGPL-3.0-only", packages: ["simulator"], because: "For tests alone." }],
    python: { emulator: "MIT" },
  };
  const npm = (name: string, licence?: string): Dependency => ({
    ecosystem: "npm",
    name,
    version: "1.0.0",
    development: true,
    ...(licence !== undefined && { licence }),
  });
  const emulator: Dependency = { ecosystem: "pypi", name: "emulator", version: "2.0", development: true };
  const needed = [npm("simulator", "AGPL-3.0-only"), emulator];

  test.each([
    ["what is allowed", [npm("a", "MIT")], []],
    [
      "what is not",
      [npm("a", "AGPL-3.0-only")],
      [
        "npm a@1.0.0: AGPL-3.0-only is not allowed; replace it, or write its reason into policy/licences.yaml",
      ],
    ],
    [
      "what says nothing",
      [npm("a")],
      ["npm a@1.0.0: no licence is known; look it up, and write it into policy/licences.yaml"],
    ],
    [
      "a Python package that nobody has looked up",
      [{ ...emulator, name: "new" }],
      ["pypi new@2.0: no licence is known; look it up, and write it into policy/licences.yaml"],
    ],
  ])("of %s", (_case, dependencies, faults) => {
    expect(licenceFaults([...needed, ...dependencies], policy)).toEqual(faults);
  });

  test("an entry that is about nothing any more must go", () => {
    expect(licenceFaults([], policy)).toEqual([
      "policy/licences.yaml: no dependency simulator needs AGPL-3.0-only any more; remove it",
      "policy/licences.yaml: python.emulator is no dependency any more; remove it",
    ]);
  });
});

test("dependencies are those of the lock file and of the requirements, by their own names", () => {
  const npm = npmDependencies(ROOT);
  expect(npm).toContainEqual(
    expect.objectContaining({ name: "esbuild", licence: "MIT", development: false }),
  );
  expect(npm).toContainEqual(expect.objectContaining({ name: "jest", development: true }));
  // Installed as typescript-native.
  expect(npm.filter(({ name }) => name === "typescript").length).toBeGreaterThan(1);
  const python = pythonDependencies(ROOT).map(({ name }) => name);
  expect(python).toEqual(expect.arrayContaining(["checkov", "ministack", "schemathesis"]));
});
