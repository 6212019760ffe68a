import { posix } from "node:path";
import type { Metafile } from "esbuild";
import type { FunctionManifest } from "./manifest";

/**
 * Finds imports that were left out of a bundle and would lead nowhere once deployed.
 *
 * esbuild has one list of what is left out for all functions, by the text of the import. So the lazy file `client.ts` of one function
 * also takes `./client.js` out of every other, of shared code and of packages, where it is another file.
 *
 * @param metafile of a build whose outputs are `.build/bundle/<function>/<file>.js`
 * @returns one error for each file and import
 */
export function strayImports(manifests: readonly FunctionManifest[], metafile: Metafile): string[] {
  const errors = manifests.flatMap(({ name, lazyFiles = [] }) => {
    const deployed = lazyFiles.map((file) => posix.join("functions", name, file.replace(/\.ts$/, ".js")));
    return inputsOf(metafile, name).flatMap((input) =>
      (metafile.inputs[input]?.imports ?? [])
        .filter(({ external, path }) => external && /^\.\.?\//.test(path))
        .filter(({ path }) => !deployed.includes(posix.join(posix.dirname(input), path)))
        .map(
          ({ path }) =>
            `${input}: "${path}" is left out of the bundle and is no lazy file of functions/${name}: rename it`,
        ),
    );
  });
  return [...new Set(errors)];
}

/** Files that went into a function's outputs. */
function inputsOf({ outputs }: Metafile, name: string): string[] {
  const own = Object.entries(outputs).filter(([path]) => path.startsWith(`.build/bundle/${name}/`));
  return own.flatMap(([, output]) => Object.keys(output.inputs));
}
