import { relative } from "node:path";
import { type BuildFailure, type BuildOptions, type BuildResult, buildSync, type Metafile } from "esbuild";
import { describeFailure } from "./failure";

/** How all code is built: small, and its bytes free of this machine's paths. */
export const COMMON_OPTIONS = {
  bundle: true,
  platform: "node",
  target: "node20",
  mainFields: ["module", "main"],
  minify: true,
  keepNames: false,
  legalComments: "none",
  charset: "utf8",
  // Apart from what is deployed, with no reference to it in the bundle, which would hold a path.
  sourcemap: "external",
  sourcesContent: false,
  logLevel: "silent",
} as const satisfies BuildOptions;

/** What a build gave. */
export interface Bundled {
  /** Content by path within `outdir`. */
  readonly outputs: ReadonlyMap<string, Uint8Array>;
  /** Files that it was made from, from the project's folder. */
  readonly inputs: readonly string[];
  /** What imports what. */
  readonly metafile: Metafile;
}

/**
 * Builds in one call, and writes nothing.
 *
 * @param what is built, for the error, e.g. `functions`
 * @throws Error listing every build error as `file:line:column: message`
 */
export function bundle(what: string, options: BuildOptions & { readonly outdir: string }): Bundled {
  let result: BuildResult<{ write: false; metafile: true }>;
  try {
    result = buildSync({ ...options, write: false, metafile: true });
  } catch (error) {
    throw new Error(describeFailure(what, error as BuildFailure));
  }
  return {
    outputs: new Map(
      result.outputFiles.map((file) => [relative(options.outdir, file.path), file.contents] as const),
    ),
    inputs: Object.keys(result.metafile.inputs),
    metafile: result.metafile,
  };
}
