import { checkPackageName, pascalCase } from "./name";
import type { Skeleton } from "./skeleton";
import { fillTemplates } from "./templates";

/** A package under modules/: a class that makes one resource, and the tests of it. */
export function moduleSkeleton(root: string, name: string, summary?: string): Skeleton {
  checkPackageName(root, "modules", name);
  const values = {
    name,
    Name: pascalCase(name),
    summary: summary ?? `What ${name} needs in an environment.`,
  };
  return {
    place: `modules/${name}`,
    files: below(`modules/${name}`, fillTemplates("module", values)),
    changed: {},
    generated: [],
    next: [
      `write what it makes: modules/${name}/${name}.ts`,
      "create it in envs/stack.ts, and give what differs between environments a field in envs/spec.ts",
      "UPDATE_GOLDENS=1 npx jest envs/synth, and read the difference",
      "name it in docs/architecture.md; where it holds a control, in docs/controls.md",
    ],
  };
}

/** KiB of a bundle that a manifest may name before it is known how large the bundle is. */
const LARGEST_BUNDLE = 256_000;

/**
 * A package under functions/, which deals with the messages of a queue.
 *
 * @param bundleBytes of its bundle. @default not known yet: any size is allowed
 */
export function functionSkeleton(root: string, name: string, summary?: string): Skeleton {
  checkPackageName(root, "functions", name);
  return {
    place: `functions/${name}`,
    files: below(`functions/${name}`, functionFiles(name, LARGEST_BUNDLE, summary)),
    changed: {},
    generated: [],
    next: [
      `write what it does: functions/${name}/message.ts, handler.ts, index.ts`,
      `name the environment variables that it reads in functions/${name}/function.json`,
      "deploy it: a module takes its artifact and makes a LambdaFunction of it, as modules/user-files does",
    ],
  };
}

/**
 * The manifest of a new function, with a budget that its bundle fits: a tenth more than it has.
 *
 * @param bundleBytes of its bundle as it is built
 */
export function manifestFor(name: string, bundleBytes: number): string {
  return functionFiles(name, Math.ceil((bundleBytes * 1.1) / 1024))["function.json"] as string;
}

function functionFiles(
  name: string,
  bundleBudgetKilobytes: number,
  summary?: string,
): Record<string, string> {
  return fillTemplates("function", {
    name,
    summary: summary ?? `Deals with the messages of the queue ${name}.`,
    bundleBudgetKilobytes: String(bundleBudgetKilobytes),
  });
}

function below(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
}
