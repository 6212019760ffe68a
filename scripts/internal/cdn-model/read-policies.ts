import type {
  AddedHeader,
  CachePolicy,
  CorsHeaders,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  Selection,
} from "./distribution";
import { blocks } from "./terraform";

interface Items {
  readonly items?: readonly string[];
}

interface SelectionConfigs {
  readonly headers_config: { readonly header_behavior: string; readonly headers?: Items };
  readonly cookies_config: { readonly cookie_behavior: string; readonly cookies?: Items };
  readonly query_strings_config: { readonly query_string_behavior: string; readonly query_strings?: Items };
}

/** `aws_cloudfront_cache_policy`. Times that are left out are the provider's. */
export interface CachePolicyResource {
  readonly name: string;
  readonly min_ttl?: number;
  readonly default_ttl?: number;
  readonly max_ttl?: number;
  readonly parameters_in_cache_key_and_forwarded_to_origin: SelectionConfigs & {
    readonly enable_accept_encoding_gzip?: boolean;
    readonly enable_accept_encoding_brotli?: boolean;
  };
}

/** `aws_cloudfront_origin_request_policy`. */
export type OriginRequestPolicyResource = SelectionConfigs & { readonly name: string };

interface Overridable {
  readonly override: boolean;
}

/** `aws_cloudfront_response_headers_policy`. */
export interface ResponseHeadersPolicyResource {
  readonly name: string;
  readonly cors_config?: {
    readonly access_control_allow_credentials: boolean;
    readonly access_control_allow_headers: Items;
    readonly access_control_allow_methods: Items;
    readonly access_control_allow_origins: Items;
    readonly access_control_expose_headers?: Items;
    readonly access_control_max_age_sec?: number;
    readonly origin_override: boolean;
  };
  readonly custom_headers_config?: {
    readonly items?: readonly (Overridable & { readonly header: string; readonly value: string })[];
  };
  readonly remove_headers_config?: { readonly items?: readonly { readonly header: string }[] };
  readonly security_headers_config?: {
    readonly content_security_policy?: Overridable & { readonly content_security_policy: string };
    readonly content_type_options?: Overridable;
    readonly frame_options?: Overridable & { readonly frame_option: string };
    readonly referrer_policy?: Overridable & { readonly referrer_policy: string };
    readonly strict_transport_security?: Overridable & {
      readonly access_control_max_age_sec: number;
      readonly include_subdomains?: boolean;
      readonly preload?: boolean;
    };
    readonly xss_protection?: Overridable & {
      readonly protection: boolean;
      readonly mode_block?: boolean;
      readonly report_uri?: string;
    };
  };
}

/** Seconds that the AWS provider sets where a policy says none. */
const DEFAULT_TTL = { minimum: 0, default: 86_400, maximum: 31_536_000 } as const;

export function readCachePolicy(resource: CachePolicyResource): CachePolicy {
  const key = resource.parameters_in_cache_key_and_forwarded_to_origin;
  return {
    name: resource.name,
    minimumTtlSeconds: resource.min_ttl ?? DEFAULT_TTL.minimum,
    defaultTtlSeconds: resource.default_ttl ?? DEFAULT_TTL.default,
    maximumTtlSeconds: resource.max_ttl ?? DEFAULT_TTL.maximum,
    ...readSelections(resource.name, key),
    gzip: key.enable_accept_encoding_gzip ?? false,
    brotli: key.enable_accept_encoding_brotli ?? false,
  };
}

export function readOriginRequestPolicy(resource: OriginRequestPolicyResource): OriginRequestPolicy {
  return { name: resource.name, ...readSelections(resource.name, resource) };
}

export function readResponseHeadersPolicy(resource: ResponseHeadersPolicyResource): ResponseHeadersPolicy {
  const custom = blocks(resource.custom_headers_config?.items).map(
    ({ header, value, override }): AddedHeader => ({ name: header.toLowerCase(), value, override }),
  );
  const cors = readCors(resource.cors_config);
  return {
    name: resource.name,
    ...(cors !== undefined && { cors }),
    added: [...readSecurityHeaders(resource.security_headers_config ?? {}), ...custom],
    removed: blocks(resource.remove_headers_config?.items).map(({ header }) => header.toLowerCase()),
  };
}

function readSelections(name: string, configs: SelectionConfigs) {
  const { headers_config: headers, cookies_config: cookies, query_strings_config: parameters } = configs;
  return {
    headers: readSelection(name, headers.header_behavior, lowerCase(headers.headers?.items)),
    cookies: readSelection(name, cookies.cookie_behavior, cookies.cookies?.items),
    queryStrings: readSelection(name, parameters.query_string_behavior, parameters.query_strings?.items),
  };
}

function readSelection(policy: string, behaviour: string, names: readonly string[] = []): Selection {
  switch (behaviour) {
    case "none":
    case "all":
      return { kind: behaviour, names: [] };
    case "allViewer":
    case "allViewerAndWhitelistCloudFront":
      return { kind: "all", names: [] };
    case "whitelist":
    case "allExcept":
      return { kind: behaviour, names };
    default:
      throw new Error(`policy ${policy}: "${behaviour}" is no choice that CloudFront knows`);
  }
}

function lowerCase(names: readonly string[] | undefined): readonly string[] | undefined {
  return names?.map((name) => name.toLowerCase());
}

function readCors(config: ResponseHeadersPolicyResource["cors_config"]): CorsHeaders | undefined {
  if (config === undefined) return undefined;
  const { access_control_max_age_sec: maximumAgeSeconds } = config;
  return {
    allowCredentials: config.access_control_allow_credentials,
    allowHeaders: config.access_control_allow_headers.items ?? [],
    allowMethods: config.access_control_allow_methods.items ?? [],
    allowOrigins: config.access_control_allow_origins.items ?? [],
    exposeHeaders: config.access_control_expose_headers?.items ?? [],
    ...(maximumAgeSeconds !== undefined && { maximumAgeSeconds }),
    override: config.origin_override,
  };
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html#understanding-response-headers-policies-security */
function readSecurityHeaders(
  config: NonNullable<ResponseHeadersPolicyResource["security_headers_config"]>,
): AddedHeader[] {
  const { strict_transport_security: hsts, xss_protection: xss } = config;
  const header = (name: string, value: string, { override }: Overridable): AddedHeader => ({
    name,
    value,
    override,
  });
  return [
    ...blocks(config.content_security_policy).map((block) =>
      header("content-security-policy", block.content_security_policy, block),
    ),
    ...blocks(config.content_type_options).map((block) => header("x-content-type-options", "nosniff", block)),
    ...blocks(config.frame_options).map((block) => header("x-frame-options", block.frame_option, block)),
    ...blocks(config.referrer_policy).map((block) => header("referrer-policy", block.referrer_policy, block)),
    ...blocks(hsts).map((block) =>
      header(
        "strict-transport-security",
        [
          `max-age=${block.access_control_max_age_sec}`,
          ...(block.include_subdomains ? ["includeSubDomains"] : []),
          ...(block.preload ? ["preload"] : []),
        ].join("; "),
        block,
      ),
    ),
    ...blocks(xss).map((block) =>
      header(
        "x-xss-protection",
        [
          block.protection ? "1" : "0",
          ...(block.protection && block.mode_block ? ["mode=block"] : []),
          ...(block.report_uri === undefined ? [] : [`report=${block.report_uri}`]),
        ].join("; "),
        block,
      ),
    ),
  ];
}
