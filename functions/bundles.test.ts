import { resolve } from "node:path";
import { buildFunctions, type FunctionArtifact } from "../modules/internal/function-bundle";

const artifacts = buildFunctions(resolve(__dirname, ".."));

test.each(Object.keys(artifacts))("%s is within its budget, and its budget is tight", (name) => {
  const { bundleBytes, bundleBudgetKilobytes } = artifacts[name] as FunctionArtifact;
  expect(bundleBytes).toBeLessThanOrEqual(bundleBudgetKilobytes * 1024);
  expect(bundleBytes).toBeGreaterThan(bundleBudgetKilobytes * 1024 * 0.8);
});
