import { TerraformOutput } from "cdktf";
import { synthesise, testLabel } from "../synth-test";
import { FinalSnapshotName } from ".";

const result = synthesise((stack) => {
  const name = new FinalSnapshotName(stack, "snapshot", {
    label: testLabel,
    name: "orders",
    replacedBy: { engine: "postgres" },
  });
  new TerraformOutput(stack, "name", { value: name.value });
});

test("the name ends in an id that no other life of the store has", () => {
  expect(result.json["output"]["name"]["value"]).toMatch(
    /^acme-test-orders-final-\$\{substr\(terraform_data\.snapshot_life_[0-9A-F]+\.id, 0, 8\)\}$/,
  );
});

test("what replaces the store replaces the id", () => {
  expect(result.one("terraform_data")["triggers_replace"]).toEqual({ engine: "postgres" });
});
