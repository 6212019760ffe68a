import { resolve } from "node:path";
import { billOfMaterials } from "./bill";

const ROOT = resolve(__dirname, "../../..");

const whole = billOfMaterials(ROOT, false);

test("the bill is of this project, as CycloneDX", () => {
  expect(whole).toMatchObject({
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    serialNumber: expect.stringMatching(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    ),
    metadata: { component: { name: "cdktf-aws-platform" } },
  });
});

test("the same dependencies give the same bytes", () => {
  expect(JSON.stringify(billOfMaterials(ROOT, false))).toBe(JSON.stringify(whole));
});

test("every component is named once, by a package URL, and depends on components", () => {
  const references = whole.components.map((component) => component["bom-ref"]);
  expect(new Set(references).size).toBe(references.length);
  for (const { purl } of whole.components as readonly { purl?: string }[])
    expect(purl).toMatch(/^pkg:(npm|pypi)\/.+@.+/);
  const known = new Set([...references, whole.metadata.component["bom-ref"]]);
  expect(
    whole.dependencies.flatMap(({ dependsOn = [] }) => dependsOn).filter((ref) => !known.has(ref)),
  ).toEqual([]);
});

test("Python tools are in it, with their licences", () => {
  expect(whole.components).toContainEqual(
    expect.objectContaining({ name: "checkov", licenses: [{ expression: "Apache-2.0" }] }),
  );
});

test("production's is a part of it, without what is for development alone", () => {
  const production = billOfMaterials(ROOT, true).components.map((component) => component["name"]);
  expect(production).toContain("cdktf");
  expect(production).not.toContain("jest");
  expect(production).not.toContain("checkov");
  expect(production.length).toBeLessThan(whole.components.length);
});
