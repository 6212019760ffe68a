import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import type { FunctionArtifact, FunctionManifest } from "../function-bundle";

/**
 * Makes the artifact of a function that does nothing, as `buildFunctions` would: a real zip, in the temporary folder.
 *
 * The handler is `index.handler`, the timeout 10 s, the memory 256 MiB.
 *
 * @param name name of the function, e.g. `todos`
 * @param environment names of its environment variables. @default none
 */
export function testArtifact(
  name: string,
  environment: Partial<FunctionManifest["environment"]> = {},
): FunctionArtifact {
  const code = Buffer.from(`exports.handler = async () => ${JSON.stringify(name)};\n`);
  const zip = zipSync({ "index.js": [code, { mtime: new Date(1980, 0, 1) }] });
  const sha256 = createHash("sha256").update(zip).digest("hex");
  return {
    name,
    entry: "index.ts",
    handler: "index.handler",
    timeoutSeconds: 10,
    memoryMegabytes: 256,
    bundleBudgetKilobytes: 100,
    environment: { required: environment.required ?? [], optional: environment.optional ?? [] },
    zipPath: store(`${name}-${sha256.slice(0, 16)}.zip`, zip),
    sha256,
    bundleBytes: code.byteLength,
  };
}

/** Tests in several processes ask for the same file: it appears whole. */
function store(name: string, content: Uint8Array): string {
  const folder = join(tmpdir(), "platform-test-artifacts");
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, content);
  renameSync(partial, path);
  return path;
}
