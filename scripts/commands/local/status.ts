import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { needsServices } from "./deployed-kinds";
import type { LocalDirectory } from "./directory";
import type { DataServerState, ServiceState } from "./ecs/state";
import { edgeUrl } from "./edge-process";
import { answers, runningEmulator } from "./emulator";
import { type Endpoints, endpointsOf, readOutputs } from "./outputs";
import { supervisorState } from "./supervisor/control";

/** The environment as it is now. Nothing is changed by asking. */
export interface Status {
  /** `up`: it answers. `starting`: it runs but does not answer. `down`: it does not run. */
  readonly state: "up" | "starting" | "down";
  /** A deployment runs, or was cut off: `up` puts that right. */
  readonly deploying: boolean;
  /** Where everything is kept. */
  readonly directory: string;
  /** Id of the emulator's process; null when it does not run. */
  readonly pid: number | null;
  /** Memory of the emulator without its functions' processes, in MiB; null when it does not run. */
  readonly memoryMegabytes: number | null;
  /** What runs in the VPC, as the supervisor has told it last; null when it does not run. */
  readonly services: readonly ServiceState[] | null;
  readonly servers: readonly DataServerState[] | null;
  /** Where the distribution is reached; null when no edge runs. */
  readonly downloadsUrl: string | null;
  /** What is wrong of an environment of which anything runs, and what mends it, a sentence each: what is deployed and does not run, above all. */
  readonly problems: readonly string[];
  /** What was deployed; null while it does not run or before the first deployment. */
  readonly endpoints: Endpoints | null;
}

/** Looks at the environment. */
export async function status(directory: LocalDirectory): Promise<Status> {
  const emulator = runningEmulator(directory);
  const outputs = readOutputs(directory);
  const told = supervisorState(directory);
  const downloadsUrl = edgeUrl(directory) ?? null;
  const deploying = existsSync(directory.deploying);
  // After a down nothing is missing; after a crash of the emulator alone, the rest runs on in vain.
  const runs = emulator !== undefined || told !== undefined || downloadsUrl !== null;
  const missing = [
    ...(emulator ? [] : ["the emulator"]),
    // Terraform's state is not whole while it is being written.
    ...(!deploying && needsServices(directory) && !told ? ["services, databases and caches"] : []),
    ...(outputs?.distribution_id !== undefined && downloadsUrl === null ? ["the edge"] : []),
  ];
  const ready = emulator !== undefined && (await answers(emulator));
  return {
    state: ready ? "up" : emulator ? "starting" : "down",
    deploying,
    directory: directory.path,
    pid: emulator?.process.pid ?? null,
    memoryMegabytes: emulator ? residentMegabytes(emulator.process.pid) : null,
    services: told?.services ?? null,
    servers: told?.servers ?? null,
    downloadsUrl,
    problems: runs
      ? [
          ...(missing.length > 0
            ? [`not running: ${missing.join("; ")}; scripts/local up brings it back`]
            : []),
          ...(told?.errors ?? []),
        ]
      : [],
    endpoints: emulator && outputs ? endpointsOf(outputs, emulator.port) : null,
  };
}

function residentMegabytes(pid: number): number {
  const kilobytes =
    process.platform === "linux"
      ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
      : spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).stdout;
  return Math.round(Number(kilobytes ?? 0) / 1024);
}
