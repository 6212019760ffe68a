/**
 * Processes named so that a recycled process id is never taken for the one that was meant.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { CommandError } from "./cli";

/** One process for ever: its id, and when it started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal only for the same process. */
  readonly startedAt: string;
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

/**
 * Ids of the running processes that were started with an environment variable of that value: those that were given it, and
 * all that they have started, whatever sessions and groups these have made for themselves.
 */
export function findMarkedProcesses(variable: string, value: string): number[] {
  const mark = `${variable}=${value}`;
  return process.platform === "linux" ? linuxMarked(mark) : portableMarked(mark);
}

/**
 * Sends a signal; a process that has ended in the meantime is none to send it to.
 *
 * @param pid id of a process, or that of a process group with a minus before it
 * @throws CommandError when it is another user's
 */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH") return;
    if (code !== "EPERM") throw error;
    throw new CommandError(
      `process ${Math.abs(pid)}`,
      "belongs to another user",
      "run the command as the user who started it",
    );
  }
}

/**
 * The start of a process, in clock ticks from the machine's, from `/proc/<pid>/stat`; see proc(5). The second field is the
 * name in parentheses, which may hold anything, parentheses and spaces too; the others are counted from its end.
 *
 * @returns undefined for a zombie, which only waits to be reaped
 */
export function parseStartTicks(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? undefined : fields[19];
}

function linuxStart(pid: number): string | undefined {
  const ticks = parseStartTicks(readProc(pid, "stat") ?? "");
  // Ticks count from the start of the machine, so which start that was is part of the identity.
  return ticks && `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${ticks}`;
}

function linuxMarked(mark: string): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const variables = readProc(pid, "environ")?.split("\0") ?? [];
    return variables.includes(mark) && linuxStart(pid) !== undefined;
  });
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined; // It ended, perhaps between two calls, or belongs to another user.
  }
}

function portableStart(pid: number): string | undefined {
  const [line = ""] = ps("-o", "lstart=,stat=", "-p", String(pid));
  const [, startedAt, state] = /^\s*(.*\S)\s+(\S+)\s*$/.exec(line) ?? [];
  return state?.startsWith("Z") ? undefined : startedAt;
}

/** BSD's ps shows the environment behind the command. */
function portableMarked(mark: string): number[] {
  const marks = markPattern(mark);
  return ps("-A", "-E", "-ww", "-o", "pid=,stat=,command=").flatMap((line) => {
    const [, pid, state, command = ""] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid !== undefined && marks.test(command) && !state?.startsWith("Z") ? [Number(pid)] : [];
  });
}

/**
 * Finds `NAME=value` among the variables of a process that are written one after another, each after a space, as a value may hold
 * spaces too: it ends where the next name begins.
 */
export function markPattern(mark: string): RegExp {
  return new RegExp(` ${mark.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(?= [A-Za-z_]\\w*=|\\s*$)`);
}

function ps(...args: string[]): string[] {
  const { stdout } = spawnSync("ps", args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  return stdout?.split("\n") ?? [];
}
