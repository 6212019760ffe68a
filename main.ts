import { environments, loadEnvironments, RefusedChange, SpecificationError } from "./envs";
import { EnvironmentsApp } from "./envs/app";
import { moves } from "./envs/moves";
import { loadProtected } from "./envs/protected";
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
  const violations = addStacks(app, specs, project, { lists: loadProtected(root), moves });
  app.synth();
  // After the synth: scripts/moved looks at what must not be deployed.
  if (violations.length > 0) throw new RefusedChange(violations);
} catch (error) {
  if (process.env["CDKTF_STACK_TRACES"] === "1" || !(error instanceof Error)) throw error;
  const title =
    error instanceof SpecificationError ? "The environments are not right" : "The project is not right";
  const end = error instanceof RefusedChange ? "deployed" : "synthesised";
  console.error(`${title}; nothing was ${end}:\n\n${error.message}\n`);
  process.exitCode = 1;
}
