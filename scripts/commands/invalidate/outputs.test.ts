import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { findDistribution, type RunCdktf } from "./outputs";

let outputsFile = "";

/** cdktf as it behaves: it writes the outputs by stack to the file that it is given. */
function cdktf(outputs: unknown, code = 0, text = ""): RunCdktf {
  return async (args) => {
    expect(args.slice(0, 3)).toEqual(["output", "envs/prod", "--outputs-file"]);
    outputsFile = args[3] ?? "";
    if (outputs !== undefined) writeFileSync(outputsFile, JSON.stringify(outputs));
    return { code, text };
  };
}

afterEach(() => {
  expect(existsSync(dirname(outputsFile))).toBe(false);
});

test("the distribution is an output of the environment's stack", async () => {
  const outputs = { "envs/prod": { region: "eu-west-1", distribution_id: "E1" } };
  expect(await findDistribution("envs/prod", cdktf(outputs))).toBe("E1");
});

test.each([
  ["has no such output", { "envs/prod": { region: "eu-west-1" } }],
  ["has no outputs", {}],
  ["has one that is empty", { "envs/prod": { distribution_id: "" } }],
  ["wrote no file", undefined],
])("says so when the stack %s", async (_case, outputs) => {
  await expect(findDistribution("envs/prod", cdktf(outputs))).rejects.toThrow(
    "envs/prod: the deployed stack has no output distribution_id; " +
      "deploy it with a distribution, or name the distribution with --distribution",
  );
});

test("shows what cdktf said when it failed", async () => {
  const failing = cdktf(undefined, 1, "\x1b[31mError\x1b[0m: No valid credential sources found\n\n");
  await expect(findDistribution("envs/prod", failing)).rejects.toThrow(
    "envs/prod: cdktf output ended with code 1:\n  Error: No valid credential sources found\n; " +
      "name the distribution with --distribution",
  );
});
