import type {
  Behaviour,
  CachePolicy,
  Distribution,
  EdgeFunctionSource,
  ErrorResponse,
  Origin,
  OriginGroup,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
} from "./distribution";
import { MANAGED_CACHE_POLICIES, MANAGED_ORIGIN_REQUEST_POLICIES } from "./managed-policies";
import {
  type CachePolicyResource,
  type OriginRequestPolicyResource,
  type ResponseHeadersPolicyResource,
  readCachePolicy,
  readOriginRequestPolicy,
  readResponseHeadersPolicy,
} from "./read-policies";
import { blocks, Resources, type TerraformStack, unescaped } from "./terraform";

interface BehaviourBlock {
  readonly path_pattern?: string;
  readonly target_origin_id: string;
  readonly viewer_protocol_policy: Behaviour["viewerProtocolPolicy"];
  readonly allowed_methods: readonly string[];
  readonly cached_methods: readonly string[];
  readonly compress?: boolean;
  readonly cache_policy_id?: string;
  readonly origin_request_policy_id?: string;
  readonly response_headers_policy_id?: string;
  readonly function_association?: readonly { readonly event_type: string; readonly function_arn: string }[];
  readonly lambda_function_association?: readonly unknown[];
  readonly trusted_key_groups?: readonly string[];
}

interface OriginBlock {
  readonly origin_id: string;
  readonly domain_name: string;
  readonly origin_path?: string;
  readonly custom_header?: readonly { readonly name: string }[];
  readonly custom_origin_config?: {
    readonly http_port: number;
    readonly https_port: number;
    readonly origin_protocol_policy: Origin["protocolPolicy"];
    readonly origin_read_timeout?: number;
  };
  readonly connection_attempts?: number;
  readonly connection_timeout?: number;
  readonly origin_access_control_id?: string;
  readonly origin_shield?: { readonly enabled: boolean; readonly origin_shield_region?: string };
}

interface DistributionResource {
  readonly enabled: boolean;
  readonly aliases?: readonly string[];
  readonly default_root_object?: string;
  readonly price_class?: string;
  readonly origin: readonly OriginBlock[];
  readonly origin_group?: readonly {
    readonly origin_id: string;
    readonly failover_criteria: { readonly status_codes: readonly number[] };
    readonly member: readonly { readonly origin_id: string }[];
  }[];
  readonly ordered_cache_behavior?: readonly BehaviourBlock[];
  readonly default_cache_behavior: BehaviourBlock;
  readonly custom_error_response?: readonly {
    readonly error_code: number;
    readonly error_caching_min_ttl?: number;
    readonly response_page_path?: string;
    readonly response_code?: number;
  }[];
  readonly restrictions: {
    readonly geo_restriction: {
      readonly restriction_type: Distribution["geoRestriction"]["kind"];
      readonly locations?: readonly string[];
    };
  };
  readonly web_acl_id?: string;
}

/** Most characters of a path pattern: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-web-distributions */
const MAXIMUM_PATTERN_LENGTH = 255;

/**
 * The distributions of a stack, e.g. of `cdktf.out/envs/prod/cdk.tf.json`.
 *
 * @throws Error naming the part of a distribution that the model does not know, such as an AWS policy that is new
 */
export function readDistributions(stack: TerraformStack): Distribution[] {
  const resources = new Resources(stack);
  return resources.names("aws_cloudfront_distribution").map((name) => {
    const resource = resources.get<DistributionResource>("aws_cloudfront_distribution", name);
    if (resource === undefined) throw new Error(`${name}: there is no such distribution`);
    try {
      return readDistribution(name, resource, resources);
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`);
    }
  });
}

function readDistribution(name: string, resource: DistributionResource, resources: Resources): Distribution {
  const ordered = blocks(resource.ordered_cache_behavior).map((block) => readBehaviour(block, resources));
  const { geo_restriction: geo } = resource.restrictions;
  return {
    resource: name,
    enabled: resource.enabled,
    aliases: resource.aliases ?? [],
    ...(resource.default_root_object !== undefined && { defaultRootObject: resource.default_root_object }),
    priceClass: resource.price_class ?? "PriceClass_All",
    behaviours: [...ordered, readBehaviour(resource.default_cache_behavior, resources)],
    origins: byId(blocks(resource.origin).map(readOrigin)),
    originGroups: byId(blocks(resource.origin_group).map(readGroup)),
    errorResponses: Object.fromEntries(
      blocks(resource.custom_error_response).map((block) => [block.error_code, readErrorResponse(block)]),
    ),
    geoRestriction: { kind: geo.restriction_type, countries: geo.locations ?? [] },
    ...(resource.web_acl_id !== undefined && { webAcl: resource.web_acl_id }),
  };
}

function readBehaviour(block: BehaviourBlock, resources: Resources): Behaviour {
  const pathPattern = block.path_pattern ?? "*";
  if (pathPattern.length > MAXIMUM_PATTERN_LENGTH) {
    throw new Error(
      `behaviour ${pathPattern}: a path pattern has ${MAXIMUM_PATTERN_LENGTH} characters at most, got ${pathPattern.length}`,
    );
  }
  if (blocks(block.lambda_function_association).length > 0) {
    throw new Error(`behaviour ${pathPattern}: Lambda@Edge is not part of the model`);
  }
  const originRequestPolicy = readChoice<OriginRequestPolicyResource, OriginRequestPolicy>(
    resources,
    "aws_cloudfront_origin_request_policy",
    block.origin_request_policy_id,
    readOriginRequestPolicy,
    MANAGED_ORIGIN_REQUEST_POLICIES,
  );
  const responseHeadersPolicy = readChoice<ResponseHeadersPolicyResource, ResponseHeadersPolicy>(
    resources,
    "aws_cloudfront_response_headers_policy",
    block.response_headers_policy_id,
    readResponseHeadersPolicy,
    {},
  );
  const viewerRequest = readFunction(block, "viewer-request", resources);
  const viewerResponse = readFunction(block, "viewer-response", resources);
  return {
    pathPattern,
    isDefault: block.path_pattern === undefined,
    targetId: block.target_origin_id,
    viewerProtocolPolicy: block.viewer_protocol_policy,
    allowedMethods: block.allowed_methods,
    cachedMethods: block.cached_methods,
    compress: block.compress ?? false,
    cachePolicy: readBehavioursCachePolicy(pathPattern, block, resources),
    ...(originRequestPolicy !== undefined && { originRequestPolicy }),
    ...(responseHeadersPolicy !== undefined && { responseHeadersPolicy }),
    ...(viewerRequest !== undefined && { viewerRequest }),
    ...(viewerResponse !== undefined && { viewerResponse }),
    trustedKeyGroups: block.trusted_key_groups ?? [],
  };
}

function readBehavioursCachePolicy(
  pathPattern: string,
  block: BehaviourBlock,
  resources: Resources,
): CachePolicy {
  const policy = readChoice<CachePolicyResource, CachePolicy>(
    resources,
    "aws_cloudfront_cache_policy",
    block.cache_policy_id,
    readCachePolicy,
    MANAGED_CACHE_POLICIES,
  );
  if (policy === undefined) {
    throw new Error(`behaviour ${pathPattern}: only behaviours with a cache policy are part of the model`);
  }
  return policy;
}

/** What an id refers to, of this stack or of AWS. */
function readChoice<Resource, Policy>(
  resources: Resources,
  type: string,
  id: string | undefined,
  read: (resource: Resource) => Policy,
  managed: Readonly<Record<string, Policy>>,
): Policy | undefined {
  if (id === undefined) return undefined;
  const own = resources.referred<Resource>(type, id);
  if (own !== undefined) return read(own);
  const known = Object.hasOwn(managed, id) ? managed[id] : undefined;
  if (known !== undefined) return known;
  throw new Error(`${type} ${id} is neither of this stack nor one that the model knows of AWS`);
}

function readFunction(
  block: BehaviourBlock,
  eventType: string,
  resources: Resources,
): EdgeFunctionSource | undefined {
  const found = blocks(block.function_association).find(({ event_type: type }) => type === eventType);
  if (found === undefined) return undefined;
  const source = resources.referred<EdgeFunctionSource>("aws_cloudfront_function", found.function_arn);
  if (source === undefined) throw new Error(`function ${found.function_arn} is not of this stack`);
  return { name: source.name, code: unescaped(source.code) };
}

/** Times and counts that are left out are CloudFront's. */
function readOrigin(block: OriginBlock): Origin {
  const custom = block.custom_origin_config;
  const shield = block.origin_shield;
  return {
    id: block.origin_id,
    kind: custom === undefined ? "s3" : "custom",
    domainName: block.domain_name,
    path: block.origin_path ?? "",
    customHeaders: blocks(block.custom_header).map(({ name }) => name.toLowerCase()),
    protocolPolicy: custom?.origin_protocol_policy ?? "https-only",
    httpPort: custom?.http_port ?? 80,
    httpsPort: custom?.https_port ?? 443,
    connectionAttempts: block.connection_attempts ?? 3,
    connectionTimeoutSeconds: block.connection_timeout ?? 10,
    readTimeoutSeconds: custom?.origin_read_timeout ?? 30,
    ...(shield?.enabled &&
      shield.origin_shield_region !== undefined && { shieldRegion: shield.origin_shield_region }),
    signsRequests: block.origin_access_control_id !== undefined,
  };
}

function readGroup(block: NonNullable<DistributionResource["origin_group"]>[number]): OriginGroup {
  const [first, second] = blocks(block.member).map(({ origin_id: id }) => id);
  if (first === undefined || second === undefined) {
    throw new Error(`origin group ${block.origin_id}: must have two members`);
  }
  return {
    id: block.origin_id,
    members: [first, second],
    failoverStatuses: block.failover_criteria.status_codes,
  };
}

function readErrorResponse(
  block: NonNullable<DistributionResource["custom_error_response"]>[number],
): ErrorResponse {
  const { error_caching_min_ttl: ttl, response_page_path: page, response_code: status } = block;
  return {
    ...(ttl !== undefined && { minimumTtlSeconds: ttl }),
    ...(page !== undefined && { pagePath: page }),
    ...(status !== undefined && { responseStatus: status }),
  };
}

function byId<T extends { readonly id: string }>(values: readonly T[]): Record<string, T> {
  return Object.fromEntries(values.map((value) => [value.id, value]));
}
