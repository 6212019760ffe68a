import { rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../../internal/json-file";
import { digest } from "./batches";

/**
 * A run that has not come to its end yet: written before the first request, removed at the end, or when all is sent if nothing
 * names it.
 */
export interface RunState {
  readonly distributionId: string;
  /** Names the run: of the release, what `--reference` says, or the run's own. */
  readonly reference: string;
  /** When it began, as an ISO time. */
  readonly startedAt: string;
  /** Ids of the invalidations made so far, by caller reference. */
  readonly invalidations: Readonly<Record<string, string>>;
}

/** Which run: the same for every run that asks for the same. */
export interface RunKey {
  readonly distributionId: string;
  /** Sorted. */
  readonly paths: readonly string[];
  /** What names the run from outside. @default nothing does: it has a name of its own */
  readonly reference?: string;
}

/**
 * Milliseconds after which a run that nothing names is not taken up again: what it has invalidated may have been replaced
 * since.
 */
export const RESUMABLE_MILLISECONDS = 60 * 60_000;

/** Where a run keeps its state. @param folder of all runs */
export function statePath(folder: string, { distributionId, paths, reference = "" }: RunKey): string {
  return join(folder, `${digest(distributionId, paths, reference)}.json`);
}

/**
 * The unfinished run to go on with, or a new one.
 *
 * @param now in milliseconds since 1970
 * @param newName makes the name of a run that nothing names
 */
export function openRun(path: string, key: RunKey, now: number, newName: () => string): RunState {
  const left = readJson<RunState>(path);
  const age = now - Date.parse(left?.startedAt ?? "");
  if (left && (key.reference !== undefined || age < RESUMABLE_MILLISECONDS)) return left;
  const { distributionId, reference = newName() } = key;
  const state = { distributionId, reference, startedAt: new Date(now).toISOString(), invalidations: {} };
  writeJson(path, state);
  return state;
}

/** Records an invalidation that was made. */
export function recordInvalidation(
  path: string,
  state: RunState,
  callerReference: string,
  id: string,
): RunState {
  const next = { ...state, invalidations: { ...state.invalidations, [callerReference]: id } };
  writeJson(path, next);
  return next;
}

/** Forgets the run: it has come to its end. */
export function closeRun(path: string): void {
  rmSync(path, { force: true });
}
