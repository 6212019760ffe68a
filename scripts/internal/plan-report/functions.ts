import { statSync } from "node:fs";
import { join } from "node:path";
import type { PlannedChange, SynthesisedStack } from "../plan";
import type { FunctionChange } from "./report";

/** Attributes that say which code a function has. */
const CODE = ["source_code_hash", "s3_key", "s3_object_version", "filename", "image_uri"];

/** Where the artifacts of a stack are. */
export interface Artifacts {
  readonly stack: SynthesisedStack;
  /** Folder of the stack's `cdk.tf.json`. */
  readonly folder: string;
}

/** Functions whose code changes, with the size of their zips: what Lambda holds, and what the stack uploads. */
export function functionChanges(changes: readonly PlannedChange[], artifacts: Artifacts): FunctionChange[] {
  return changes.flatMap((change) => {
    const { type, path, action, before, after, attributes } = change;
    if (type !== "aws_lambda_function" || !["create", "update", "replace", "delete"].includes(action))
      return [];
    if (action === "update" && !attributes.some((each) => CODE.includes(each.path))) return [];
    const name = (after ?? before)?.["function_name"];
    const size = before?.["source_code_size"];
    return [
      {
        name: typeof name === "string" ? name : path,
        path,
        beforeBytes: typeof size === "number" ? size : null,
        afterBytes: after === null ? null : artifactBytes(change.address, artifacts),
      },
    ];
  });
}

/** Size of the zip that a function is made from; null when the stack says nothing of it. */
function artifactBytes(address: string, { stack, folder }: Artifacts): number | null {
  const [, type = "", name = ""] = /^([^.]+)\.([^.[]+)/.exec(address) ?? [];
  const block = stack.resource?.[type]?.[name];
  const key = String(block?.["s3_key"] ?? "");
  const [, object = ""] = /^\$\{aws_s3_object\.([^.]+)\.key\}$/.exec(key) ?? [];
  const file = stack.resource?.["aws_s3_object"]?.[object]?.["source"] ?? block?.["filename"];
  if (typeof file !== "string") return null;
  return statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? null;
}
