import { resolve } from "node:path";
import { buildFunctions } from "../modules/internal/function-bundle";
import { loadContracts } from "../modules/internal/rest-api";
import { buildServices } from "../modules/internal/service-bundle";
import { environments } from ".";
import { EnvironmentsApp } from "./app";
import { loadEnvironments } from "./load";
import type { Project } from "./project";
import type { EnvironmentSpec } from "./spec";
import { addStacks } from "./stacks";

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

/** Synthesises environments into a folder, as main.ts does. */
export function synthesise(outdir: string, of: readonly EnvironmentSpec[], from: Project = project): void {
  const app = new EnvironmentsApp(outdir);
  addStacks(app, of, from);
  app.synth();
}
