/**
 * Processes named so that a recycled process id is never taken for the one that was meant.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** One process for ever: its id, and when it started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal only for the same process. */
  readonly startedAt: string;
}

/** A process as the system lists it. */
export interface ListedProcess {
  readonly pid: number;
  /** Id of its session; where the system does not show it, of its process group. */
  readonly session: number;
  /** Its command and arguments, joined by spaces. */
  readonly command: string;
}

/** Identity of a running process, or undefined when there is none with that id. A zombie counts as none. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === "linux" ? linuxStart(pid) : portableStart(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** True when that very process runs, not another with its id. */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  return identifyProcess(pid)?.startedAt === startedAt;
}

/** Every process that runs, zombies left out. */
export function listProcesses(): ListedProcess[] {
  return process.platform === "linux" ? linuxProcesses() : portableProcesses();
}

/**
 * Sends a signal; a process that has ended in the meantime is none to send it to.
 *
 * @param pid id of a process, or that of a process group with a minus before it
 */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

interface LinuxStat {
  readonly session: number;
  /** Clock ticks from the start of the machine to that of the process. */
  readonly startTicks: string;
}

/**
 * Parses `/proc/<pid>/stat`, see proc(5). The second field is the name in parentheses, which may hold anything, parentheses
 * and spaces too; the others are counted from its end.
 *
 * @returns undefined for a zombie, which only waits to be reaped
 */
export function parseLinuxStat(stat: string): LinuxStat | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, session, startTicks] = [fields[0], fields[3], fields[19]];
  if (state === "Z" || session === undefined || startTicks === undefined) return undefined;
  return { session: Number(session), startTicks };
}

function linuxStart(pid: number): string | undefined {
  const stat = readProc(pid, "stat");
  const ticks = stat && parseLinuxStat(stat)?.startTicks;
  // Ticks count from the start of the machine, so which start that was is part of the identity.
  return ticks && `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${ticks}`;
}

function linuxProcesses(): ListedProcess[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).flatMap((pid) => {
    const stat = parseLinuxStat(readProc(pid, "stat") ?? "");
    if (!stat) return [];
    const command = (readProc(pid, "cmdline") ?? "").replaceAll("\0", " ").trim();
    return [{ pid, session: stat.session, command }];
  });
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined; // It ended, perhaps between two calls.
  }
}

function portableStart(pid: number): string | undefined {
  const [line = ""] = ps("-o", "lstart=,stat=", "-p", String(pid));
  const [, startedAt, state] = /^\s*(.*\S)\s+(\S+)\s*$/.exec(line) ?? [];
  return state?.startsWith("Z") ? undefined : startedAt;
}

function portableProcesses(): ListedProcess[] {
  return ps("-A", "-ww", "-o", "pid=,pgid=,stat=,command=").flatMap((line) => {
    const [, pid, session, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || session === undefined || command === undefined || state?.startsWith("Z"))
      return [];
    return [{ pid: Number(pid), session: Number(session), command }];
  });
}

function ps(...args: string[]): string[] {
  const { stdout } = spawnSync("ps", args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  return stdout?.split("\n") ?? [];
}
