import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { findMarkedProcesses } from "../../internal/process-identity";
import { partialCheckpoint } from "./checkpoint";
import { recoverDeployment } from "./deploy";
import type { LocalDirectory } from "./directory";
import { stopAll } from "./processes";
import { MARKS } from "./settings";
import { withDirectory } from "./up";

/**
 * Ends the environment's processes. Its data stays: the next `up` finds it.
 *
 * @returns ids of the processes that were ended
 */
export function down(directory: LocalDirectory): Promise<number[]> {
  return withDirectory(directory, () => endProcesses(directory));
}

/**
 * Ends the environment's processes and removes all that it has: data, Terraform's state, logs. The Python environment stays,
 * as it holds no data.
 *
 * @returns what was removed, in words
 */
export function reset(directory: LocalDirectory): Promise<string[]> {
  return withDirectory(directory, async () => {
    const ended = await endProcesses(directory);
    const removed =
      ended.length > 0 ? [`${ended.length} ${ended.length === 1 ? "process" : "processes"}`] : [];
    // By name and not the whole directory: it may hold what is not ours.
    const parts: [string, string][] = [
      [directory.data, "the emulator's data"],
      [dirname(directory.terraformState), `Terraform's state of the stack`],
      [directory.checkpoint, "the checkpoint before the last deployment"],
      [partialCheckpoint(directory), "the checkpoint that was being made"],
      [directory.outputs, "the stack's outputs"],
      [directory.sampleUser, "the sample user's password"],
      [directory.otherUsers, "other users' passwords"],
      [directory.emulatorRecord, "the emulator's record"],
      [directory.databases, "the databases' data"],
      [directory.caches, "the caches' data"],
      [directory.services, "the services' logs and images"],
      [directory.supervisorRecord, "the supervisor's record"],
      [directory.edgeRecord, "the edge's record"],
      [directory.edge, "the edge's cache"],
      [directory.names, "the names in the VPC"],
      [directory.certificates, "the certificates"],
      [directory.synth, "the synthesised stacks"],
      [dirname(directory.emulatorLog), "the logs"],
      // Of a command that was killed while it wrote one of them.
      ...leftovers(directory).map((path): [string, string] => [path, "a file half-written"]),
    ];
    for (const [path, words] of parts) {
      if (!existsSync(path)) continue;
      rmSync(path, { recursive: true });
      removed.push(`${words} (${path})`);
    }
    return removed;
  }).finally(() => {
    if (existsSync(directory.path) && readdirSync(directory.path).length === 0) rmdirSync(directory.path);
  });
}

function leftovers({ path }: LocalDirectory): string[] {
  const names = existsSync(path) ? readdirSync(path) : [];
  return names.filter((name) => /^[\w-]+\.json\.\d+\.partial$/.test(name)).map((name) => join(path, name));
}

async function endProcesses(directory: LocalDirectory): Promise<number[]> {
  const before = findMarkedProcesses(MARKS.environment, directory.path);
  // A deployment that was cut off may still run. It is put back now, as the next `up` would do.
  await recoverDeployment(directory);
  await stopAll(directory);
  return before;
}
