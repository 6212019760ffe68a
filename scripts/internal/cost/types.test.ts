import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FREE_TYPES } from "./free";
import { RULES } from "./rules";
import type { SynthesisedTerraform } from "./stack";
import { UNPRICED_TYPES } from "./unpriced";

const root = join(__dirname, "../../..");
const goldens = join(root, "envs/testdata");

/** Types of all resources of all stacks. */
const golden = readdirSync(goldens)
  .flatMap((file) => {
    const stack: SynthesisedTerraform = JSON.parse(readFileSync(join(goldens, file), "utf8"));
    return Object.keys(stack.resource ?? {});
  })
  .sort();

describe("every type of resource is priced, free by a source, or named as unpriced with the reason", () => {
  test.each([...new Set(golden)])("%s", (type) => {
    expect([type in RULES, type in FREE_TYPES, type in UNPRICED_TYPES]).toContain(true);
  });

  test("none is free and charged for, too", () => {
    const charged = [...Object.keys(RULES), ...Object.keys(UNPRICED_TYPES)];
    expect(charged.filter((type) => type in FREE_TYPES)).toEqual([]);
  });
});

test("who says that a type is free says where that is written", () => {
  for (const { why, source } of Object.values(FREE_TYPES)) {
    expect(why).not.toBe("");
    expect(source).toMatch(/^https:\/\/([a-z-]+\.)*(amazon|hashicorp)\.com\//);
  }
});
