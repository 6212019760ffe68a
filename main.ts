import { environments, loadEnvironments, SpecificationError } from "./envs";
import { EnvironmentsApp } from "./envs/app";
import { addStacks } from "./envs/stacks";
import { buildFunctions } from "./modules/internal/function-bundle";
import { loadContracts } from "./modules/internal/rest-api";
import { buildServices } from "./modules/internal/service-bundle";

/** cdktf runs the app in the project's folder. */
const root = process.cwd();

try {
  const specs = loadEnvironments(environments);
  const project = {
    root,
    artifacts: buildFunctions(root),
    services: buildServices(root),
    contracts: loadContracts(root),
  };
  const app = new EnvironmentsApp();
  addStacks(app, specs, project);
  app.synth();
} catch (error) {
  if (process.env["CDKTF_STACK_TRACES"] === "1" || !(error instanceof Error)) throw error;
  const title =
    error instanceof SpecificationError ? "The environments are not right" : "The project is not right";
  console.error(`${title}; nothing was synthesised:\n\n${error.message}\n`);
  process.exitCode = 1;
}
