import type {
  CloudfrontDistributionDefaultCacheBehavior,
  CloudfrontDistributionOrderedCacheBehavior,
} from "@cdktf/provider-aws/lib/cloudfront-distribution";
import type { Construct } from "constructs";
import { ALL_VIEWER_EXCEPT_HOST, addCachePolicy, CACHING_DISABLED } from "./cache-policies";
import type { CdnDownloadsConfig } from "./config";
import { addNormaliser, addRefusal } from "./edge-functions";
import type { Origins } from "./origins";
import type { PathClass } from "./path-classes";

const READ = ["GET", "HEAD", "OPTIONS"];
const READ_AND_WRITE = [...READ, "DELETE", "PATCH", "POST", "PUT"];

/** What all behaviours need. */
export interface BehavioursConfig {
  readonly config: CdnDownloadsConfig;
  readonly origins: Origins;
  readonly responseHeadersPolicyId: string;
  /** Opens signed classes. */
  readonly keyGroupId?: string;
}

/** The behaviours of the cached classes, in their order. */
export function cachedBehaviours(
  scope: Construct,
  { config, origins, responseHeadersPolicyId, keyGroupId }: BehavioursConfig,
  pathClasses: readonly PathClass[],
): CloudfrontDistributionOrderedCacheBehavior[] {
  return pathClasses.map((pathClass) => ({
    pathPattern: pathClass.pathPattern,
    targetOriginId: origins.cachedTargetId,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: READ,
    cachedMethods: ["GET", "HEAD"],
    compress: pathClass.compress ?? false,
    cachePolicyId: addCachePolicy(scope, config.label, pathClass),
    responseHeadersPolicyId,
    functionAssociation: [
      { eventType: "viewer-request", functionArn: addNormaliser(scope, config, pathClass) },
    ],
    ...(pathClass.signed && keyGroupId !== undefined && { trustedKeyGroups: [keyGroupId] }),
  }));
}

/** The behaviour of all other paths: as they are to the origin, or refused before it. */
export function otherBehaviour(
  scope: Construct,
  { config, origins, responseHeadersPolicyId }: BehavioursConfig,
): CloudfrontDistributionDefaultCacheBehavior {
  const behaviour = {
    targetOriginId: origins.otherTargetId,
    viewerProtocolPolicy: "redirect-to-https",
    cachedMethods: ["GET", "HEAD"],
    compress: false,
    cachePolicyId: CACHING_DISABLED,
  };
  const protectedBehaviour = { ...behaviour, allowedMethods: READ, responseHeadersPolicyId };
  if (config.otherPaths === "refuse") {
    return {
      ...protectedBehaviour,
      functionAssociation: [{ eventType: "viewer-request", functionArn: addRefusal(scope, config) }],
    };
  }
  // S3 takes only what CloudFront signs: the viewer's own headers would be in its way.
  if (!origins.otherIsAlb) return protectedBehaviour;
  // The application does not change: whether its pages may be framed, and what it sets, is its own to say.
  return { ...behaviour, allowedMethods: READ_AND_WRITE, originRequestPolicyId: ALL_VIEWER_EXCEPT_HOST };
}
