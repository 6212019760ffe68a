import {
  type CacheKey,
  CdnModel,
  compressionOf,
  type Decision,
  type Distribution,
  forwardsCookies,
  freshness,
  isCollapsed,
  matchesPattern,
  type Origin,
  type OriginResponse,
  textOfKey,
  type ViewerRequest,
} from "../../internal/cdn-model";
import type { Plan, PlannedFile } from "./plan";

/** An object that CloudFront keeps under a key of its own. */
export interface CachedObject {
  readonly key: CacheKey;
  /** Size at the origin. */
  readonly bytes: number;
  /** Milliseconds that an answer is kept which comes so many milliseconds after the begin. */
  readonly ttlMilliseconds: (at: number) => number;
  /** Kept at all. */
  readonly stored: boolean;
  /** Requests that come while it is fetched wait for it. */
  readonly collapsed: boolean;
  /** The origin may be asked whether it is still the same. */
  readonly conditional: boolean;
  /** Milliseconds after it has expired for which an edge serves it while it asks anew. */
  readonly staleMilliseconds: number;
  readonly origin: Origin;
}

/** What CloudFront does with one URL of a plan. */
export interface Target {
  readonly file: PlannedFile;
  /** Number of its object among those of the catalogue. Undefined when it is not cached. */
  readonly object?: number;
  /** Asked each time. Undefined with `object`, and when the edge answers by itself. */
  readonly passedTo?: Origin;
  /** Bytes of a whole answer to a viewer, without headers. */
  readonly viewerBytes: number;
  /** Functions that run for one request. */
  readonly functionRuns: number;
}

/** All that the clients of a plan can ask for. */
export interface Catalogue {
  /** By number. */
  readonly objects: readonly CachedObject[];
  /** For each file, the targets of its variants, each as often as it has different ones, with the variant's share. */
  readonly files: readonly (readonly Choice[])[];
  /** Origins that are asked, each once. */
  readonly origins: readonly Origin[];
}

/** A variant of a file. */
export interface Choice {
  readonly share: number;
  /** One for each of the variant's different URLs. */
  readonly targets: readonly Target[];
}

/**
 * Asks the model what CloudFront does with each URL of a plan.
 *
 * @throws Error when two files of different sizes have one key
 */
export function catalogueOf(plan: Plan, distribution: Distribution): Catalogue {
  const model = new CdnModel(distribution);
  const start = Date.parse(plan.startsAt);
  const objects: CachedObject[] = [];
  const numbers = new Map<string, number>();
  const origins = new Map<string, Origin>();
  const targetOf = (file: PlannedFile, request: ViewerRequest, response: OriginResponse): Target => {
    const decision = model.decide(request, { now: start });
    const functionRuns = functionRunsOf(decision, response);
    if (decision.kind === "pass" || decision.kind === "cache") {
      const [origin] = decision.target.origins;
      origins.set(origin.id, origin);
      if (decision.kind === "pass") return { file, passedTo: origin, viewerBytes: file.bytes, functionRuns };
      const text = textOfKey(decision.key);
      const known = numbers.get(text);
      const number = known ?? objects.length;
      numbers.set(text, number);
      if (known === undefined) objects.push(objectOf(distribution, decision, file, response, start, origin));
      checkSize(objects[number] as CachedObject, file);
      const { behaviour } = decision.match;
      const isCompressed = compressionOf(behaviour, response, decision.key.acceptEncoding) !== undefined;
      const viewerBytes = isCompressed ? (file.compressedBytes ?? file.bytes) : file.bytes;
      return { file, object: number, viewerBytes, functionRuns };
    }
    return { file, viewerBytes: 0, functionRuns };
  };
  const files = plan.files.map((file) => {
    const response = responseOf(plan, file);
    const variants = file.variants ?? [{ share: 1, query: "", headers: {}, distinct: 1 }];
    return variants.map(({ share, query, headers, distinct }) => ({
      share,
      targets: Array.from({ length: distinct }, (_, n) =>
        targetOf(file, requestFor(distribution, file.path, fill(query, n), fillAll(headers, n)), response),
      ),
    }));
  });
  return { objects, files, origins: [...origins.values()] };
}

/** What the origin answers: the headers of the file's class, then its own. */
function responseOf({ classes }: Plan, file: PlannedFile): OriginResponse {
  const own = classes.find(({ pathPattern }) => matchesPattern(pathPattern, file.path));
  const headers = { "content-length": String(file.bytes), ...lowerCased(own?.headers ?? {}) };
  return { status: file.status, headers: { ...headers, ...lowerCased(file.headers) } };
}

function requestFor(
  { aliases }: Distribution,
  path: string,
  query: string,
  headers: Readonly<Record<string, string>>,
): ViewerRequest {
  const host = aliases.find((alias) => !alias.startsWith("*")) ?? "d111111abcdef8.cloudfront.net";
  return { method: "GET", protocol: "https", host, path, query, headers: lowerCased(headers) };
}

function objectOf(
  distribution: Distribution,
  { key, match: { behaviour } }: Extract<Decision, { kind: "cache" }>,
  file: PlannedFile,
  response: OriginResponse,
  start: number,
  origin: Origin,
): CachedObject {
  const kept = (at: number) => freshness(distribution, behaviour.cachePolicy, response, start + at);
  const { stored, shared, conditional, ttlSeconds, staleWhileRevalidateSeconds } = kept(0);
  // Only a date makes the time depend on when the answer comes.
  const isDated = response.headers["expires"] !== undefined;
  const ttl = ttlSeconds * 1000;
  return {
    key,
    bytes: file.bytes,
    ttlMilliseconds: isDated ? (at) => kept(at).ttlSeconds * 1000 : () => ttl,
    stored,
    collapsed: shared && isCollapsed(behaviour),
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html
    conditional: conditional && !forwardsCookies(behaviour),
    staleMilliseconds: staleWhileRevalidateSeconds * 1000,
    origin,
  };
}

function checkSize({ bytes, key }: CachedObject, file: PlannedFile): void {
  if (bytes === file.bytes) return;
  throw new Error(
    `files: ${file.path} has ${file.bytes} bytes, but the cache key of another with ${bytes}: ${textOfKey(key)}`,
  );
}

function functionRunsOf(decision: Decision, { status }: OriginResponse): number {
  const { viewerRequest, viewerResponse } = decision.match.behaviour;
  if (decision.kind === "redirect" || decision.kind === "refuse") return 0;
  const onRequest = viewerRequest === undefined ? 0 : 1;
  const runsOnResponse = viewerResponse !== undefined && decision.kind !== "respond" && status < 400;
  return onRequest + (runsOnResponse ? 1 : 0);
}

function fill(text: string, n: number): string {
  return text.replaceAll("{n}", String(n));
}

function fillAll(headers: Readonly<Record<string, string>>, n: number): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value, n)]));
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
