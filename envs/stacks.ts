import { Construct } from "constructs";
import type { EnvironmentsApp } from "./app";
import { BootstrapStack } from "./bootstrap";
import type { Project } from "./project";
import type { EnvironmentSpec } from "./spec";
import { EnvironmentStack } from "./stack";

/**
 * Adds the stacks of each environment: `envs/<name>`, and `bootstrap/<name>` where the state is kept in S3.
 *
 * @param specs checked environments
 */
export function addStacks(app: EnvironmentsApp, specs: readonly EnvironmentSpec[], project: Project): void {
  const envs = new Construct(app, "envs");
  const bootstrap = new Construct(app, "bootstrap");
  for (const spec of specs) {
    new EnvironmentStack(envs, spec, project);
    if (spec.state.kind === "s3") new BootstrapStack(bootstrap, spec);
  }
}
