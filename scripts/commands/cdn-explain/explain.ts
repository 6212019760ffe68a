import {
  type Behaviour,
  type CacheKey,
  CdnModel,
  compressionOf,
  type Decision,
  type Distribution,
  type Freshness,
  failsOver,
  freshness,
  type Origin,
  type OriginResponse,
  type Target,
  type ViewerRequest,
} from "../../internal/cdn-model";

/** What is done with one request, and why: printed as it is with `--json`. */
export interface Explanation {
  readonly method: string;
  readonly url: string;
  /** `cache`: looked for in the cache. `pass`: asked of the origin each time. `respond`: a function answers it. */
  readonly outcome: Decision["kind"];
  /** Why it is redirected or refused. */
  readonly reason?: string;
  /** Status of an answer that the origin is not asked for. */
  readonly status?: number;
  /** Where it is redirected to. */
  readonly location?: string;
  readonly behaviour: {
    readonly pathPattern: string;
    /** From 1, in the order in which they are matched. */
    readonly position: number;
    readonly of: number;
    /** Patterns before it that do not match. */
    readonly notMatched: readonly string[];
    /** The path as it is compared, where that differs from the one that was given. */
    readonly comparedPath?: string;
  };
  /** Function on viewer requests. Absent when there is none, or it is not run. */
  readonly function?: {
    readonly name: string;
    /** The path and query that it made, where they differ. */
    readonly changedTo?: string;
  };
  readonly key?: CacheKey;
  readonly freshness?: Omit<Freshness, "staleIfErrorSeconds"> & {
    /** Absent: for as long as the object is there. */
    readonly staleIfErrorSeconds?: number;
  };
  /** The answer of the origin that times are for. */
  readonly response?: OriginResponse;
  /** How CloudFront compresses that answer. */
  readonly compression?: "br" | "gzip";
  /** In the order in which they are asked. */
  readonly origins?: readonly Origin[];
  readonly failoverStatuses?: readonly number[];
  /** With that answer of the first origin the second is asked. */
  readonly failsOver?: boolean;
  /** Only signed requests are served. */
  readonly signed: boolean;
  readonly webAcl?: string;
}

/** What is explained. */
export interface ExplainConfig {
  readonly request: ViewerRequest;
  /** What the origin answers. */
  readonly response: OriginResponse;
  /** Country of the viewer, ISO 3166-1 alpha-2. @default the geo restriction is not looked at */
  readonly country?: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Computes what CloudFront does with a request.
 *
 * @throws EdgeFunctionError when the function on viewer requests fails
 */
export function explain(distribution: Distribution, config: ExplainConfig): Explanation {
  const { request, response, country, now } = config;
  const decision = new CdnModel(distribution).decide(request, {
    now,
    ...(country !== undefined && { country }),
  });
  const { behaviour } = decision.match;
  return {
    method: request.method,
    url: `${request.protocol}://${request.host}${pathAndQuery(request)}`,
    outcome: decision.kind,
    behaviour: describeMatch(distribution, decision, request),
    ...describeRefusal(decision),
    ...describeFunction(behaviour, decision, request),
    ...(decision.kind === "cache" && describeCaching(distribution, decision.key, behaviour, response, now)),
    ...((decision.kind === "cache" || decision.kind === "pass") &&
      describeTarget(decision.target, request.method, response)),
    signed: behaviour.trustedKeyGroups.length > 0,
    ...(distribution.webAcl !== undefined && { webAcl: distribution.webAcl }),
  };
}

function describeMatch(
  { behaviours }: Distribution,
  { match }: Decision,
  { path }: ViewerRequest,
): Explanation["behaviour"] {
  const { behaviour, passedOver, comparedPath } = match;
  return {
    pathPattern: behaviour.pathPattern,
    position: passedOver.length + 1,
    of: behaviours.length,
    notMatched: passedOver.map(({ pathPattern }) => pathPattern),
    ...(comparedPath !== path && { comparedPath }),
  };
}

function describeRefusal(decision: Decision): Partial<Explanation> {
  switch (decision.kind) {
    case "redirect":
      return { status: decision.status, reason: decision.reason, location: decision.location };
    case "refuse":
      return { status: decision.status, reason: decision.reason };
    case "respond":
      return { status: decision.response.statusCode };
    default:
      return {};
  }
}

function describeFunction(
  { viewerRequest }: Behaviour,
  decision: Decision,
  request: ViewerRequest,
): Partial<Explanation> {
  if (viewerRequest === undefined || decision.kind === "redirect" || decision.kind === "refuse") return {};
  const { name } = viewerRequest;
  if (decision.kind === "respond") return { function: { name } };
  const after = pathAndQuery(decision.request);
  return { function: { name, ...(after !== pathAndQuery(request) && { changedTo: after }) } };
}

function describeCaching(
  distribution: Distribution,
  key: CacheKey,
  behaviour: Behaviour,
  response: OriginResponse,
  now: number,
): Partial<Explanation> {
  const { staleIfErrorSeconds, ...kept } = freshness(distribution, behaviour.cachePolicy, response, now);
  const compression = compressionOf(behaviour, response, key.acceptEncoding);
  return {
    key,
    response,
    freshness: { ...kept, ...(Number.isFinite(staleIfErrorSeconds) && { staleIfErrorSeconds }) },
    ...(compression !== undefined && { compression }),
  };
}

function describeTarget(target: Target, method: string, { status }: OriginResponse): Partial<Explanation> {
  return {
    origins: target.origins,
    ...(target.origins.length > 1 && {
      failoverStatuses: target.failoverStatuses,
      failsOver: failsOver(target, method, status),
    }),
  };
}

function pathAndQuery({ path, query }: ViewerRequest): string {
  return query === "" ? path : `${path}?${query}`;
}
