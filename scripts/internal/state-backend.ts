/**
 * Where a synthesised stack keeps its state.
 *
 * @module
 */
import { resolve } from "node:path";
import { outputFolder } from "./output-folder";

/** A stack's backend, in Terraform's words. */
export interface Backend {
  readonly s3?: S3Backend;
  readonly local?: { readonly path: string };
}

/** A state in S3. */
export interface S3Backend {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  readonly use_path_style?: boolean;
}

/**
 * The same backend for any folder: the stack's path of a file is from the folder that Terraform usually runs in.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/dev`
 */
export function movableBackend(root: string, environment: string, { local, ...others }: Backend): Backend {
  if (!local) return others;
  return { local: { path: resolve(outputFolder(root), environment, local.path) } };
}
