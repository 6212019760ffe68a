import { EdgeFunction } from "../../../modules/internal/edge-runtime";
import { type AdmissionConfig, type Refusal, refusalOf } from "./admission";
import { type CacheKey, cacheKey } from "./cache-key";
import type { Behaviour, Distribution, EdgeFunctionSource } from "./distribution";
import { isCached } from "./freshness";
import type { EventResponse } from "./function-event";
import { type Target, targetOf } from "./origins";
import { type BehaviourMatch, matchBehaviour } from "./path-pattern";
import type { ViewerRequest } from "./request";
import { withPolicy } from "./response-headers";
import { type EventContext, normalise } from "./viewer-request";
import { finish, type ViewerResponse } from "./viewer-response";

/** What CloudFront does with a request. */
export type Decision = { readonly match: BehaviourMatch } & (
  | Refusal
  /** The function on viewer requests answers it. */
  | { readonly kind: "respond"; readonly response: EventResponse }
  /** It is looked for in the cache under a key, and asked of the origin when it is not there. */
  | {
      readonly kind: "cache";
      /** As the function on viewer requests has left it. */
      readonly request: ViewerRequest;
      readonly key: CacheKey;
      readonly target: Target;
    }
  /** It is asked of the origin each time. */
  | { readonly kind: "pass"; readonly request: ViewerRequest; readonly target: Target }
);

/** A distribution with its functions ready to run. */
export class CdnModel {
  private readonly functions = new Map<string, EdgeFunction>();

  /**
   * @param context what its functions are told of it. @default an example
   * @throws EdgeFunctionError when a function does not load
   */
  constructor(
    readonly distribution: Distribution,
    private readonly context?: EventContext,
  ) {
    for (const { viewerRequest, viewerResponse } of distribution.behaviours) {
      if (viewerRequest !== undefined) this.functionOf(viewerRequest);
      if (viewerResponse !== undefined) this.functionOf(viewerResponse);
    }
  }

  /**
   * What happens to a request, up to where the cache or the origin answers it.
   *
   * @throws EdgeFunctionError when the function on viewer requests fails: CloudFront answers 503
   */
  decide(request: ViewerRequest, config: AdmissionConfig): Decision {
    const { distribution } = this;
    const match = matchBehaviour(distribution, request.path);
    const { behaviour } = match;
    const refusal = refusalOf(distribution, behaviour, request, config);
    if (refusal !== undefined) return { match, ...refusal };
    const root = distribution.defaultRootObject;
    const asked = root !== undefined && request.path === "/" ? { ...request, path: `/${root}` } : request;
    const normalised = this.normalise(behaviour, asked);
    if (normalised.response !== undefined) return { match, kind: "respond", response: normalised.response };
    const target = targetOf(distribution, behaviour);
    if (!isCached(behaviour, request.method)) {
      return { match, kind: "pass", request: normalised.request, target };
    }
    return {
      match,
      kind: "cache",
      request: normalised.request,
      key: cacheKey(behaviour.cachePolicy, normalised.request),
      target,
    };
  }

  /**
   * The answer as the viewer gets it: with what the response headers policy sets, and as the function on viewer responses leaves it.
   *
   * @param request as the viewer has sent it
   * @param response from the cache or the origin
   * @throws EdgeFunctionError when the function on viewer responses fails: CloudFront answers 503
   */
  finish(behaviour: Behaviour, request: ViewerRequest, { status, headers }: ViewerResponse): ViewerResponse {
    const { responseHeadersPolicy, viewerResponse } = behaviour;
    const withHeaders = {
      status,
      headers:
        responseHeadersPolicy === undefined ? headers : withPolicy(responseHeadersPolicy, headers, request),
    };
    if (viewerResponse === undefined) return withHeaders;
    return finish(this.functionOf(viewerResponse), request, withHeaders, this.context);
  }

  private functionOf({ code }: EdgeFunctionSource): EdgeFunction {
    const known = this.functions.get(code);
    if (known !== undefined) return known;
    const loaded = new EdgeFunction(code);
    this.functions.set(code, loaded);
    return loaded;
  }

  private normalise({ viewerRequest }: Behaviour, request: ViewerRequest) {
    return viewerRequest === undefined
      ? { request }
      : normalise(this.functionOf(viewerRequest), request, this.context);
  }
}
