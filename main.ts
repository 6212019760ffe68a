import { environments, loadEnvironments, SpecificationError } from "./envs";
import { EnvironmentsApp } from "./envs/app";
import { addStacks } from "./envs/stacks";
import { buildFunctions } from "./modules/internal/function-bundle";

/** cdktf runs the app in the project's folder. */
const root = process.cwd();

try {
  const specs = loadEnvironments(environments);
  const artifacts = buildFunctions(root);
  const app = new EnvironmentsApp();
  addStacks(app, specs, { root, artifacts });
  app.synth();
} catch (error) {
  if (!(error instanceof SpecificationError)) throw error;
  console.error(`The environments are not right; nothing was synthesised:\n\n${error.message}\n`);
  process.exitCode = 1;
}
