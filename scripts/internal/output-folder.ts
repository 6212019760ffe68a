import { join, resolve } from "node:path";
import { readJson } from "./json-file";

/**
 * Where cdktf synthesises a project's stacks: its own variable CDKTF_OUTPUT goes before `output` of cdktf.json.
 *
 * @param root folder of the project
 */
export function outputFolder(root: string): string {
  const configured = readJson<{ readonly output?: string }>(join(root, "cdktf.json"))?.output;
  // An empty variable says nothing, as for cdktf.
  return resolve(root, process.env["CDKTF_OUTPUT"] || configured || "cdktf.out");
}
