import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { stackFile, withSynthesised } from "../../internal/synthesised-stack";
import { localDirectory } from "../local/directory";
import { ensureVirtualEnvironment } from "../local/python";
import { checkTools } from "../local/tools";
import { EXCEPTIONS, readExceptions } from "./exceptions";
import { judge, type Verdict } from "./judge";
import { REQUIREMENTS, type StackFile, scanStacks } from "./scan";

/**
 * Holds environments against the policies.
 *
 * @param root folder of the project
 * @param environments e.g. `envs/prod`, which takes `bootstrap/prod` along; none means all
 * @param onBuild called before checkov is installed, which takes a while
 * @throws CommandError
 */
export async function checkPolicies(
  root: string,
  environments: readonly string[],
  onBuild: () => void,
): Promise<Verdict> {
  const exceptions = readExceptions(join(root, EXCEPTIONS));
  const python = await checkovPython(root, onBuild);
  return withSynthesised(root, (folder) => {
    const all = stacksIn(folder);
    for (const environment of environments) stackFile(folder, environment); // Names those that there are.
    const wanted = environments.map((environment) => basename(environment));
    const chosen = all.filter(({ stack }) => wanted.length === 0 || wanted.includes(basename(stack)));
    return judge(
      scanStacks(python, chosen),
      exceptions,
      all.map(({ stack }) => stack),
    );
  });
}

/**
 * Python of the virtual environment that holds checkov.
 *
 * @param onBuild called before it is made, which takes a while
 */
export function checkovPython(root: string, onBuild: () => void): Promise<string> {
  return ensureVirtualEnvironment(localDirectory(root), checkTools().python, onBuild, REQUIREMENTS);
}

/** The stacks that were synthesised into a folder, environments first. */
export function stacksIn(folder: string): readonly StackFile[] {
  return ["envs", "bootstrap"].flatMap((kind) =>
    readdirSync(join(folder, kind))
      .sort()
      .map((name) => ({ stack: `${kind}/${name}`, file: join(folder, kind, name, "cdk.tf.json") }))
      .filter(({ file }) => existsSync(file)),
  );
}
