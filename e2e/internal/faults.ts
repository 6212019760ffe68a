import { spawnSync } from "node:child_process";
import { runningSupervisor } from "../../scripts/commands/local/supervisor/control";
import { sendSignal } from "../../scripts/internal/process-identity";
import { environmentDirectory } from "./directory";
import { type Answer, expectProblem, type Problem } from "./http";

/** Ids of a process and of all that it has started. */
export function familyOf(pid: number): number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  const children = stdout.split("\n").filter((line) => line !== "");
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
}

/**
 * Halts processes while something is done: they are there, accept connections, and say nothing.
 *
 * @param pids with all that they have started
 */
export async function whileHalted<T>(pids: readonly number[], work: () => Promise<T>): Promise<T> {
  const halted = pids.flatMap(familyOf);
  for (const pid of halted) sendSignal(pid, "SIGSTOP");
  try {
    return await work();
  } finally {
    for (const pid of halted.reverse()) sendSignal(pid, "SIGCONT");
  }
}

/**
 * Lets nobody mend what is done meanwhile: the stand-in for ECS, RDS and ElastiCache looks away. The tasks run on.
 *
 * What they print is not read either, so not for long; nor do they reach what AWS serves over TLS, the sessions API among it.
 */
export async function unmended<T>(work: () => Promise<T>): Promise<T> {
  const supervisor = runningSupervisor(environmentDirectory());
  if (!supervisor) throw new Error("the supervisor of the services does not run");
  const { pid } = supervisor.process;
  sendSignal(pid, "SIGSTOP");
  try {
    return await work();
  } finally {
    sendSignal(pid, "SIGCONT");
  }
}

/** Kills processes, with all that they have started, as the loss of their machine does. */
export function kill(...pids: readonly number[]): void {
  for (const pid of pids.flatMap(familyOf)) sendSignal(pid, "SIGKILL");
}

/** An answer, and how long it took. */
export interface TimedAnswer<Body> extends Answer<Body> {
  readonly seconds: number;
}

/** Asks and looks at the clock. */
export async function timed<Body>(asked: Promise<Answer<Body>>): Promise<TimedAnswer<Body>> {
  const startedAt = performance.now();
  const answer = await asked;
  return { ...answer, seconds: (performance.now() - startedAt) / 1000 };
}

/** Seconds within which every request is answered, whatever is away: services/README.md. */
const ANSWER_SECONDS = 10;

/** Checks that an answer came in time, and says that it is not known what became of the request, or that it was not done. */
export function expectLate(answer: TimedAnswer<unknown>): void {
  if (answer.status !== 504) expectAway(answer);
  expectProblem(answer, answer.status);
  expect(answer.seconds).toBeLessThan(ANSWER_SECONDS);
}

/** Checks that an answer came in time, and asks to try again: 503, problem details, `Retry-After`. @returns its problem */
export function expectAway(answer: TimedAnswer<unknown>): Problem {
  const problem = expectProblem(answer, 503);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  expect(answer.seconds).toBeLessThan(ANSWER_SECONDS);
  return problem;
}
