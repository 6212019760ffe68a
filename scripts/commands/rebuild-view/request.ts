import type { Comparison } from "./compare";
import type { QueueService } from "./queues";
import type { Archive, ReplayService } from "./replays";
import type { ViewService } from "./view";

/** What is done with orders that the archive has no, or not all, events of. */
export const LACKING = ["refuse", "carry-over", "leave-out"] as const;

/** How the view is rebuilt. */
export interface RebuildRequest {
  /** E.g. `envs/prod`. */
  readonly environment: string;
  /** Begins the names of replays. */
  readonly archiveName: string;
  readonly lacking: (typeof LACKING)[number];
  /** Days until the rows of the generation before end. */
  readonly keepDays: number;
}

/** What the rebuild asks. */
export interface RebuildServices {
  readonly view: ViewService;
  readonly replays: ReplayService;
  readonly queues: QueueService;
}

/** How long things take. Tests replace the clock. */
export interface Patience {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds since 1970 after which it is given up. */
  readonly deadline: number;
  /** Until an event that was published is in the archive, and every process knows that a generation is built. */
  readonly settleMilliseconds: number;
  /** That the queue must seem empty for: its counts are approximate. */
  readonly quietMilliseconds: number;
  /** Until no process writes to a generation that it was told of before. */
  readonly forgetMilliseconds: number;
  readonly pollMilliseconds: number;
}

/** What was done: printed as it is with `--json`. */
export interface RebuildResult {
  readonly environment: string;
  readonly action: "rebuilt" | "aborted" | "ended";
  /** Generation that serves now. */
  readonly serving: number;
  /** Generation that serves no more, or was given up. */
  readonly left: number;
  /** When the rows of that one end, as an ISO time. */
  readonly ends: string;
  readonly replay?: string;
  readonly comparison?: Comparison;
  /** Replayed events that wait in the dead-letter queue, about. */
  readonly failed?: number;
  /** Orders that were copied from the generation before. */
  readonly carriedOver?: number;
}

/** What would be done: printed as it is with `--json --dry-run`. */
export interface RebuildPlan {
  readonly environment: string;
  readonly action: "would-begin" | "would-go-on" | "would-end";
  readonly serving: number;
  /** The generation that would be built, is being built, or leaves. */
  readonly generation: number;
  readonly replay: string | null;
  readonly replayState: string | null;
  readonly archive: Archive;
  readonly waiting: number;
  readonly failed: number;
}
