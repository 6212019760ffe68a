/**
 * CloudFront before release downloads: the files of an application behind its load balancer, which does not change, or of a
 * bucket, or of both while they move.
 *
 * **Caching.** Each class of paths has its own times and its own key. A key is the path and what the class names: chosen query
 * parameters, headers, cookies. A function at the edge drops what no key knows and sorts the rest, so that what means the same is
 * asked of the origin once. Behind the edges one cache, Origin Shield, asks the origin. CloudFront fetches
 * a large file in the ranges that are asked for, and serves ranges from what it keeps.
 *
 * **Closed origin.** The bucket takes requests that this distribution signs, no other. The load balancer must be told two things,
 * outside this module: its security group takes connections from the managed prefix list
 * `com.amazonaws.global.cloudfront.origin-facing` alone, and its listener forwards only requests whose header
 * `originHeaderName` has one of `originHeaderValues`; its default action refuses. The first keeps out all but CloudFront, the
 * second all but this distribution. The secret is made by AWS during the deployment: it is in no synthesised file, and in the state.
 *
 * **The move to S3**, each step a change of `origin` and a deployment, none of them with a gap:
 * 1. `alb-then-s3`: makes the bucket, unless `albServesBucket` has, with all files in it: then go to step 3. The application still answers; new releases may be put into the bucket alone.
 * 2. Copy the files under the same paths, with the same `Content-Type` and `Cache-Control`.
 * 3. `s3-then-alb`: the bucket answers, the application what is not in it. What the edges keep stays valid.
 * 4. When the load balancer's metric `RequestCount` stays at none, `s3`. `albDomainName` may stay for a way back.
 *
 * Only a reading request is asked again of the second origin; with `otherPaths: "pass"` other paths go to the application while
 * there is one.
 *
 * **The application's own paths**, which `otherPaths: "pass"` sends on, are not cached, and this module changes no header of their
 * answers. Their errors may be kept for `errorTtlSeconds` all the same: CloudFront has one such time for all paths, and its guide exempts
 * none.
 *
 * **Limits.** CloudFront's own certificate, used without `domainName`, lets old TLS in. An account has 20 cache policies and 20
 * policies of response headers unless more are asked for; each class takes one of the first, each distribution one of the second.
 * The `Host` that the origin sees is its own. Response headers are the same for errors, so no `Cache-Control` is added: how long
 * clients keep a file is the origin's to say.
 *
 * @module
 */
export { CdnDownloads } from "./cdn-downloads";
export type { CdnDownloadsConfig, SigningKey } from "./config";
export { type EdgeFunctions, loadEdgeFunctions } from "./edge-sources";
export { ORIGIN_HEADER } from "./origins";
export { DEFAULT_PATH_CLASSES, ONE_YEAR_SECONDS, type PathClass } from "./path-classes";
