import { resolve } from "node:path";
import { buildFunctions } from "../modules/internal/function-bundle";
import { loadContracts } from "../modules/internal/rest-api";
import { buildServices } from "../modules/internal/service-bundle";
import { environments } from ".";
import { EnvironmentsApp } from "./app";
import { loadEnvironments } from "./load";
import { moves } from "./moves";
import type { Project } from "./project";
import { loadProtected } from "./protected";
import type { EnvironmentSpec } from "./spec";
import { addStacks, type Guard } from "./stacks";
import type { Violation } from "./violation";

const root = resolve(__dirname, "..");

/** This project, its functions built. */
export const project: Project = {
  root,
  artifacts: buildFunctions(root),
  services: buildServices(root),
  contracts: loadContracts(root),
};

/** Its environments, checked. */
export const specs = loadEnvironments(environments);

/** Names of all its stacks. */
export const stacks = specs.flatMap(({ name, state }) =>
  state.kind === "s3" ? [`envs/${name}`, `bootstrap/${name}`] : [`envs/${name}`],
);

/** What this project keeps through changes. */
export const guard: Guard = { lists: loadProtected(root), moves };

/**
 * Synthesises environments into a folder, as main.ts does.
 *
 * @param kept @default nothing: a test may leave out what it likes
 * @returns why they must not be deployed
 */
export function synthesise(
  outdir: string,
  of: readonly EnvironmentSpec[],
  from: Project = project,
  kept?: Guard,
): Violation[] {
  const app = new EnvironmentsApp(outdir);
  const violations = addStacks(app, of, from, kept);
  app.synth();
  return violations;
}
