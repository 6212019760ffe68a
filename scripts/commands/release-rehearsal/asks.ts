import type { Origin } from "../../internal/cdn-model";
import type { CachedObject, Catalogue, Target } from "./catalogue";
import type { Plan, PlannedFile } from "./plan";

/** What one request asks for, and what becomes of it wherever it comes from: a line of the table that all requests point to. */
export interface Ask {
  /** Number of the object in the cache. Undefined when it is not cached. */
  readonly object?: number;
  /** Asked each time. */
  readonly passedTo?: Origin;
  /** The bytes that are asked for, the end not included. Undefined: the whole. */
  readonly range?: { readonly from: number; readonly to: number };
  /** Bytes that CloudFront sends the viewer, with headers. */
  readonly viewerBytes: number;
  /** Bytes that the application sends the viewer without CloudFront, with headers. */
  readonly directBytes: number;
  /** The viewer goes away before the end, and CloudFront's edge does not keep what it has fetched. */
  readonly isInterrupted: boolean;
  /** Without CloudFront it takes a connection of its own. */
  readonly opensConnection: boolean;
  readonly functionRuns: number;
}

/** Different requests of one plan at most: the caches keep a time for each and for each cache. */
const MAXIMUM_ASKS = 1_000_000;

/** Tenths of a file after which a download may break off. */
const TENTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** How a target is loaded: numbers of asks, and times in milliseconds from the first. */
export interface Download {
  /** Its parts in their order; one for the whole. */
  readonly parts: readonly DownloadPart[];
  /** Share of the parts that break off. */
  readonly interruptedShare: number;
}

/** A part of a download. */
export interface DownloadPart {
  /** Milliseconds after the first part's begin. */
  readonly after: number;
  readonly ask: number;
  /** Ways in which it breaks off, each as likely: the ask that does, the one that goes on, and how much later. */
  readonly broken: readonly { readonly ask: number; readonly retry: number; readonly retryAfter: number }[];
}

/** All asks of a plan, and for each file, variant and URL the download of them. */
export interface AskTable {
  readonly asks: readonly Ask[];
  readonly downloads: readonly (readonly (readonly Download[])[])[];
}

/**
 * Lists what the clients of a plan ask for.
 *
 * @throws Error when there are too many different requests
 */
export function asksOf(plan: Plan, { files }: Catalogue): AskTable {
  const count = files.flat().reduce((all, { targets }) => all + targets.length * waysOf(plan, targets), 0);
  if (count > MAXIMUM_ASKS) {
    throw new Error(
      `files: make ${count} different requests, at most ${MAXIMUM_ASKS} are possible; make chunks larger or variants fewer`,
    );
  }
  const asks: Ask[] = [];
  const downloads = files.map((choices) =>
    choices.map(({ targets }) => targets.map((target) => downloadOf(plan, target, asks))),
  );
  return { asks, downloads };
}

/** Different requests that one URL of a file may make. */
function waysOf({ interruptions }: Plan, targets: readonly Target[]): number {
  const [first] = targets;
  if (first === undefined) return 0;
  const { share } = first.file.interruptions ?? interruptions;
  return piecesOf(first.file).length * (share === 0 ? 1 : 1 + 2 * TENTHS.length);
}

function downloadOf(plan: Plan, target: Target, asks: Ask[]): Download {
  const { file } = target;
  const { share, retry, afterSeconds } = file.interruptions ?? plan.interruptions;
  const add = (ask: Ask) => asks.push(ask) - 1;
  const ask = (from: number, to: number, sentBytes: number, opensConnection: boolean): number =>
    add(askFor(plan, target, from, to, sentBytes, opensConnection));
  const size = file.bytes;
  const pieces = piecesOf(file);
  const { parallel = 1 } = file.chunks ?? {};
  const pieceMilliseconds = millisecondsOf((pieces[0]?.to ?? 0) * parallel, plan.viewerMegabitsPerSecond);
  const parts = pieces.map(({ from, to }, index): DownloadPart => {
    const opensConnection = index < parallel;
    const whole = ask(from, to, to - from, opensConnection);
    const after = Math.floor(index / parallel) * pieceMilliseconds;
    if (share === 0 || to - from < TENTHS.length + 1) return { after, ask: whole, broken: [] };
    const broken = TENTHS.map((tenth) => {
      const sent = Math.floor(((to - from) * tenth) / 10);
      const retryAfter = millisecondsOf(sent * parallel, plan.viewerMegabitsPerSecond) + afterSeconds * 1000;
      const goesOnAt = retry === "resume" ? from + sent : from;
      const again = goesOnAt === from ? whole : ask(goesOnAt, to, to - goesOnAt, true);
      return {
        ask: add({ ...(asks[whole] as Ask), ...brokenOff(plan, target, sent, size) }),
        retry: again,
        retryAfter,
      };
    });
    return { after, ask: whole, broken };
  });
  return { parts, interruptedShare: share };
}

/** The pieces in which a file is loaded. */
function piecesOf({ bytes, chunks }: PlannedFile): { readonly from: number; readonly to: number }[] {
  if (chunks === undefined || bytes <= chunks.bytes) return [{ from: 0, to: bytes }];
  const count = Math.ceil(bytes / chunks.bytes);
  return Array.from({ length: count }, (_, index) => ({
    from: index * chunks.bytes,
    to: Math.min(bytes, (index + 1) * chunks.bytes),
  }));
}

function askFor(
  plan: Plan,
  target: Target,
  from: number,
  to: number,
  sentBytes: number,
  opensConnection: boolean,
): Ask {
  const { file, object, passedTo, functionRuns } = target;
  const isWhole = from === 0 && to === file.bytes;
  return {
    ...(object !== undefined && { object }),
    ...(passedTo !== undefined && { passedTo }),
    ...(!isWhole && { range: { from, to } }),
    ...sentTo(plan, target, sentBytes, file.bytes),
    isInterrupted: false,
    opensConnection,
    functionRuns,
  };
}

function brokenOff(plan: Plan, target: Target, sentBytes: number, size: number) {
  return { ...sentTo(plan, target, sentBytes, size), isInterrupted: true };
}

/** What is sent for so many bytes of a file: fewer where CloudFront has compressed it. */
function sentTo({ responseHeaderBytes }: Plan, { viewerBytes }: Target, bytes: number, size: number) {
  const ofViewer = size === 0 ? 0 : Math.round((bytes * viewerBytes) / size);
  return { viewerBytes: ofViewer + responseHeaderBytes, directBytes: bytes + responseHeaderBytes };
}

/** Milliseconds that bytes take, whole ones, so that nothing depends on how a machine rounds. */
function millisecondsOf(bytes: number, megabitsPerSecond: number): number {
  return Math.ceil((bytes * 8) / (megabitsPerSecond * 1000));
}

/** Where the parts of each object begin that requests ask for, in ascending order, the first 0. */
export function partsOf(
  objects: readonly CachedObject[],
  asks: readonly Ask[],
): readonly (readonly number[])[] {
  const begins = objects.map(() => new Set([0]));
  for (const { object, range } of asks) {
    if (object === undefined || range === undefined) continue;
    begins[object]?.add(range.from);
    if (range.to < (objects[object] as CachedObject).bytes) begins[object]?.add(range.to);
  }
  return begins.map((all) => [...all].sort((a, b) => a - b));
}
