import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FREE_TYPES } from "./free";
import { RULES } from "./rules";
import type { SynthesisedTerraform } from "./stack";
import { UNPRICED_TYPES } from "./unpriced";

const root = join(__dirname, "../../..");
const goldens = join(root, "envs/testdata");

/** Types of all resources of all stacks. */
function typesOfGoldens(): string[] {
  return readdirSync(goldens).flatMap((file) => {
    const stack: SynthesisedTerraform = JSON.parse(readFileSync(join(goldens, file), "utf8"));
    return Object.keys(stack.resource ?? {});
  });
}

/** Types that modules can make, also those that no environment has. */
function typesOfModules(): string[] {
  return readdirSync(join(root, "modules"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .flatMap((file) => {
      const text = readFileSync(join(root, "modules", file), "utf8");
      return [...text.matchAll(/"@cdktf\/provider-aws\/lib\/([a-z0-9-]+)"/g)].map(
        ([, name]) => name as string,
      );
    })
    .filter((name) => name !== "provider" && !name.startsWith("data-"))
    .map((name) => `aws_${name.replaceAll("-", "_")}`);
}

// A type that fails here is new: give it a rule in rules/, or its reason in free.ts or unpriced.ts.
test("every type of resource is priced, free by a source, or named as unpriced with the reason", () => {
  const types = new Set([...typesOfGoldens(), ...typesOfModules()]);
  expect(types.size).toBeGreaterThan(100);
  const unknown = [...types].filter(
    (type) => !(type in RULES || type in FREE_TYPES || type in UNPRICED_TYPES),
  );
  expect(unknown).toEqual([]);
});

test("no type is free and charged for, too", () => {
  const charged = [...Object.keys(RULES), ...Object.keys(UNPRICED_TYPES)];
  expect(charged.filter((type) => type in FREE_TYPES)).toEqual([]);
});

test("who says that a type is free says where that is written", () => {
  for (const { why, source } of Object.values(FREE_TYPES)) {
    expect(why).not.toBe("");
    expect(source).toMatch(/^https:\/\/([a-z-]+\.)*(amazon|hashicorp)\.com\//);
  }
});
