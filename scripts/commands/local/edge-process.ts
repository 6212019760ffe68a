import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalDirectory } from "./directory";
import type { EmulatorRecord } from "./emulator";
import {
  type ManagedProcess,
  type ManagedRecord,
  runningManaged,
  startManaged,
  stopManaged,
} from "./managed-process";
import { EDGE_SECONDS, endpointUrl } from "./settings";

const ENTRY = join(__dirname, "edge", "main.ts");
/** Folders of what the edge is made of: it, and the model that it goes by. */
const EDGE_SOURCES = [join(__dirname, "edge"), join(__dirname, "../../internal/cdn-model")];
/** Where the edge tells of itself: edge/edge.ts. */
const STATUS_PATH = "/_edge/status";

/** Where clients reach the distribution; undefined when no edge runs. */
export function edgeUrl(directory: LocalDirectory): string | undefined {
  const record = runningManaged(edgeProcess(directory));
  return record && endpointUrl(record.port);
}

/**
 * Starts the edge before the deployed distribution, unless it runs with the same configuration of it and the same code.
 *
 * @param distributionId as the emulator has it
 * @throws CommandError with its last words when it does not come up
 */
export function startEdgeProcess(
  directory: LocalDirectory,
  emulator: EmulatorRecord,
  distributionId: string,
): Promise<ManagedRecord & { started: boolean }> {
  const stack = join(directory.synth, "envs", "local", "cdk.tf.json");
  return startManaged(edgeProcess(directory), {
    program: (port) => ({
      command: process.execPath,
      args: [
        ...["--import", join(directory.root, "node_modules", "tsx", "dist", "loader.mjs"), ENTRY],
        ...["--stack", stack, "--distribution", distributionId, "--endpoint", endpointUrl(emulator.port)],
        ...["--folder", directory.edge, "--port", String(port)],
      ],
      cwd: directory.root,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: process.env["HOME"] ?? directory.path,
        LANG: "C.UTF-8",
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      },
    }),
    code: [distributionOf(stack), ...EDGE_SOURCES.flatMap(sourcesIn)],
  });
}

/** Texts of the sources in a folder, tests left out. */
function sourcesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

/** Ends the edge; what it has cached is gone. @returns ids of the processes that were ended */
export function stopEdgeProcess(directory: LocalDirectory): Promise<number[]> {
  return stopManaged(edgeProcess(directory));
}

/** What of a synthesised stack the edge goes by. Any other change leaves it and its cache alone. */
function distributionOf(stack: string): string {
  if (!existsSync(stack)) return "";
  const { resource = {} } = JSON.parse(readFileSync(stack, "utf8")) as { resource?: Record<string, unknown> };
  return JSON.stringify(Object.entries(resource).filter(([type]) => type.startsWith("aws_cloudfront_")));
}

function edgeProcess(directory: LocalDirectory): ManagedProcess {
  return {
    directory,
    name: "edge",
    record: directory.edgeRecord,
    log: directory.edgeLog,
    seconds: EDGE_SECONDS,
    stops: "together",
    answers: async ({ port, process: { pid } }) => {
      try {
        const response = await fetch(`${endpointUrl(port)}${STATUS_PATH}`, {
          signal: AbortSignal.timeout(2000),
        });
        return response.ok && ((await response.json()) as { pid?: number }).pid === pid;
      } catch {
        return false;
      }
    },
  };
}
