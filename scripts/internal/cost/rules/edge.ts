import { blocksOf, type Item, knownText, type Rules } from "../item";
import { fixed, HOURS, KILOBYTES_PER_GIGABYTE, usage } from "./charge";

/** What is reached from outside. */
export const EDGE_RULES: Rules = {
  // https://aws.amazon.com/api-gateway/pricing/
  aws_api_gateway_stage: [
    (stage) => [usage("API, requests", "api-gateway", "rest-requests", stage.usage("requests"))],
    (stage) =>
      stage.isTrue("cache_cluster_enabled")
        ? [fixed("API's cache, hours", "api-gateway", `cache-${stage.text("cache_cluster_size")}`, HOURS)]
        : [],
    (stage) => [
      usage(
        "data to the internet",
        "ec2",
        "transfer-out",
        (stage.usage("requests") * stage.usage("responseKilobytes")) / KILOBYTES_PER_GIGABYTE,
      ),
    ],
  ],
  // https://aws.amazon.com/cloudfront/pricing/
  aws_cloudfront_distribution: [
    (cdn) => [inViewersPart(cdn, "requests", "https-requests", cdn.usage("requests"))],
    (cdn) => [inViewersPart(cdn, "data to viewers", "transfer-out", cdn.usage("transferGigabytes"))],
    (cdn) =>
      shieldRegions(cdn).map((region) => ({
        ...usage(
          "CloudFront, Origin Shield",
          "cloudfront",
          "origin-shield-requests",
          cdn.usage("originRequests"),
        ),
        region,
      })),
  ],
  // Of all, each request meets one.
  aws_cloudfront_function: [
    (code) => [
      usage("edge function", "cloudfront", "function-invocations", code.shared(code.usage("requests"))),
    ],
  ],
  // https://aws.amazon.com/waf/pricing/: a group of AWS's rules is a rule, and costs no more.
  aws_wafv2_web_acl: [
    (acl) => [
      fixed("web ACL", "waf", "web-acl", 1),
      fixed("web ACL, rules", "waf", "rule", acl.blocks("rule").length),
    ],
    (acl) => [usage("web ACL, requests", "waf", "requests", acl.usage("requests"))],
  ],
  // https://aws.amazon.com/route53/pricing/
  aws_route53_zone: [() => [fixed("hosted zone", "route53", "hosted-zone", 1)]],
  // https://aws.amazon.com/cognito/pricing/
  aws_cognito_user_pool: [
    (pool) => {
      const tier = (pool.text("user_pool_tier") ?? "ESSENTIALS").toLowerCase();
      return [usage(`active users, ${tier}`, "cognito", `active-users-${tier}`, pool.usage("activeUsers"))];
    },
  ],
};

function inViewersPart(cdn: Item, what: string, item: string, quantity: number) {
  const region = cdn.viewersIn;
  return { ...usage(`CloudFront, ${what}`, "cloudfront", item, quantity), region };
}

function shieldRegions(cdn: Item): string[] {
  const shields = cdn.blocks("origin").flatMap(({ origin_shield }) => blocksOf(origin_shield));
  const regions = shields
    .filter(({ enabled }) => String(enabled) === "true")
    .map((shield) => knownText(shield["origin_shield_region"], "origin_shield_region"));
  return [...new Set(regions)].filter((region) => region !== undefined);
}
