import { Construct } from "constructs";
import type { EnvironmentsApp } from "./app";
import { BootstrapStack } from "./bootstrap";
import type { Move } from "./move";
import { addMovedBlocks } from "./moved-blocks";
import type { Project } from "./project";
import type { ProtectedLists } from "./protected";
import { protect } from "./protection";
import type { EnvironmentSpec } from "./spec";
import { EnvironmentStack } from "./stack";
import type { Violation } from "./violation";

/** What keeps deployed resources through changes of the source. */
export interface Guard {
  /** Stateful resources that the environments must have. */
  readonly lists: ProtectedLists;
  /** Construct paths that have changed. */
  readonly moves: readonly Move[];
}

/**
 * Adds the stacks of each environment: `envs/<name>`, and `bootstrap/<name>` where the state is kept in S3.
 *
 * @param specs checked environments
 * @param guard @default nothing is kept: every stack is as for a new environment
 * @returns what must keep the stacks from being deployed. They can be synthesised and looked at all the same
 */
export function addStacks(
  app: EnvironmentsApp,
  specs: readonly EnvironmentSpec[],
  project: Project,
  guard: Guard = { lists: {}, moves: [] },
): Violation[] {
  const envs = new Construct(app, "envs");
  const bootstrap = new Construct(app, "bootstrap");
  const added = specs.map((spec) => ({
    spec,
    stacks: [
      { prefix: "", stack: new EnvironmentStack(envs, spec, project) },
      ...(spec.state.kind === "s3"
        ? [{ prefix: "bootstrap/", stack: new BootstrapStack(bootstrap, spec) }]
        : []),
    ],
  }));
  const moved = addMovedBlocks(
    added.flatMap(({ stacks }) => stacks.map(({ stack }) => stack)),
    guard.moves,
  );
  const losses = added.flatMap(({ spec, stacks }) => {
    const places = stacks.map((it) => ({ ...it, movedFrom: moved.from.get(it.stack) ?? new Set<string>() }));
    return protect(spec, places, guard.lists[spec.name]);
  });
  return [...moved.violations, ...losses];
}
