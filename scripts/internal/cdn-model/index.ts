/**
 * A model of CloudFront: what it does with a request and with an answer of the origin, computed from a distribution as it is
 * synthesised. Everything is from CloudFront's Developer Guide, which each function names; what the guide leaves open is said there.
 * scripts/cdn-explain, scripts/release-rehearsal and the local edge stand on it.
 *
 * ```ts
 * const [distribution] = readDistributions(JSON.parse(readFileSync("cdktf.out/envs/prod/cdk.tf.json", "utf8")));
 * const model = new CdnModel(distribution);
 * const decision = model.decide(requestOf(new URL("https://downloads.example.com/updates/v1.2.3.zip")), { now: Date.now() });
 * if (decision.kind === "cache") {
 *   textOfKey(decision.key);
 *   freshness(distribution, decision.match.behaviour.cachePolicy, { status: 200, headers: {} }, Date.now()).ttlSeconds;
 * }
 * ```
 *
 * Not part of it: the rules of a web ACL, signatures themselves, pages in place of errors, Lambda@Edge, behaviours with
 * legacy cache settings, WebSockets.
 *
 * @module
 */
export { refusalOf } from "./admission";
export { partHeaders } from "./cache-control";
export { acceptEncoding, type CacheKey, cacheKey, forwardsCookies, selects, textOfKey } from "./cache-key";
export { compressedHeaders, compressionOf } from "./compression";
export { isNotModified, isRangeOfSame, refreshedHeaders, revalidationHeaders } from "./conditions";
export type * from "./distribution";
export {
  type Freshness,
  freshness,
  isCached,
  isCollapsed,
  type OriginResponse,
} from "./freshness";
export { bodyOfEvent, type EventResponse } from "./function-event";
export { isInvalidatedBy } from "./invalidation";
export { CdnModel, type Decision } from "./model";
export { failsOver, patienceSeconds, type Target, targetOf } from "./origins";
export { matchBehaviour, matchesPattern, normalisePath } from "./path-pattern";
export { requestedBytes } from "./range";
export { readDistributions } from "./read";
export { type Headers, headerOf, requestOf, type ViewerRequest } from "./request";
export { passedOnHeaders, withPolicy } from "./response-headers";
export type { TerraformStack } from "./terraform";
export { answerOf } from "./viewer-response";
