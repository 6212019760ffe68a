import { type Access, type AccessTable, ANYWHERE } from "./access";

const API = "arn:aws:apigateway:*::";
const APIS = [`${API}/restapis/*`];
const DOMAINS = [`${API}/domainnames/*`];
const ZONES = ["arn:aws:route53:::hostedzone/*"];
const HEALTH_CHECKS = ["arn:aws:route53:::healthcheck/*"];
const CERTIFICATES = ["arn:aws:acm:*:{account}:certificate/*"];
const DISTRIBUTIONS = ["arn:aws:cloudfront::{account}:distribution/*"];
const FIREWALLS = ["webacl", "ipset"].flatMap((kind) =>
  ["regional", "global"].map((scope) => `arn:aws:wafv2:*:{account}:${scope}/${kind}/{prefix}-*/*`),
);
const RULE_GROUPS = [
  "arn:aws:wafv2:*:{account}:regional/managedruleset/*/*",
  "arn:aws:wafv2:*:{account}:global/managedruleset/*/*",
];
/** A firewall is set before these. */
const PROTECTED = [
  "arn:aws:elasticloadbalancing:*:{account}:loadbalancer/app/{prefix32}*",
  `${API}/restapis/*/stages/*`,
  "arn:aws:cognito-idp:*:{account}:userpool/*",
];

/** Parts of an API take its tags: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html */
const PART_OF_API: readonly Access[] = [
  { on: APIS, read: ["apigateway:GET"] },
  {
    on: APIS,
    tags: "resource",
    manage: ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"],
  },
];
/** The tags are a resource of their own, which knows of none. */
const API_TAGS: Access = {
  on: [`${API}/tags/*`],
  read: ["apigateway:GET"],
  manage: ["apigateway:DELETE", "apigateway:PUT"],
};

/** CloudFront knows these by ids alone, and tags none of them. */
function partOfDistribution(kind: string, name: string): readonly Access[] {
  return [
    { on: ANYWHERE, manage: [`cloudfront:Create${name}`] },
    {
      on: [`arn:aws:cloudfront::{account}:${kind}/*`],
      read: [`cloudfront:Get${name}`],
      manage: [`cloudfront:Delete${name}`, `cloudfront:Update${name}`],
    },
  ];
}

/** How requests come in: APIs, names, certificates, distributions, firewalls. */
export const EDGE: AccessTable = {
  aws_api_gateway_rest_api: [
    { on: [`${API}/restapis`], tags: "request", manage: ["apigateway:POST"] },
    ...PART_OF_API,
    API_TAGS,
  ],
  aws_api_gateway_authorizer: PART_OF_API,
  aws_api_gateway_deployment: PART_OF_API,
  aws_api_gateway_gateway_response: PART_OF_API,
  aws_api_gateway_integration: PART_OF_API,
  aws_api_gateway_integration_response: PART_OF_API,
  aws_api_gateway_method: PART_OF_API,
  aws_api_gateway_method_response: PART_OF_API,
  aws_api_gateway_method_settings: PART_OF_API,
  aws_api_gateway_model: PART_OF_API,
  aws_api_gateway_request_validator: PART_OF_API,
  aws_api_gateway_resource: PART_OF_API,
  aws_api_gateway_stage: [...PART_OF_API, API_TAGS],
  aws_api_gateway_domain_name: [
    { on: [`${API}/domainnames`], tags: "request", manage: ["apigateway:POST"] },
    { on: DOMAINS, read: ["apigateway:GET"] },
    { on: DOMAINS, tags: "resource", manage: ["apigateway:DELETE", "apigateway:PATCH"] },
    API_TAGS,
  ],
  aws_api_gateway_base_path_mapping: [
    { on: DOMAINS, read: ["apigateway:GET"] },
    { on: DOMAINS, tags: "resource", manage: ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST"] },
  ],
  aws_acm_certificate: [
    { on: CERTIFICATES, read: ["acm:DescribeCertificate", "acm:ListTagsForCertificate"] },
    { on: ANYWHERE, tags: "request", manage: ["acm:RequestCertificate"] },
    { on: CERTIFICATES, tags: "new", manage: ["acm:AddTagsToCertificate"] },
    {
      on: CERTIFICATES,
      tags: "resource",
      manage: [
        "acm:AddTagsToCertificate",
        "acm:DeleteCertificate",
        "acm:RemoveTagsFromCertificate",
        "acm:UpdateCertificateOptions",
      ],
    },
  ],
  aws_acm_certificate_validation: [{ on: CERTIFICATES, read: ["acm:DescribeCertificate"] }],
  aws_route53_record: [
    { on: ZONES, read: ["route53:GetHostedZone", "route53:ListResourceRecordSets"] },
    // Which records may be written: policies.ts.
    { on: ["arn:aws:route53:::change/*"], manage: ["route53:GetChange"] },
  ],
  aws_route53_zone: [
    {
      on: ZONES,
      read: ["route53:GetDNSSEC", "route53:GetHostedZone", "route53:ListResourceRecordSets"],
      manage: ["route53:DeleteHostedZone", "route53:UpdateHostedZoneComment"],
    },
    {
      on: [...ZONES, ...HEALTH_CHECKS],
      read: ["route53:ListTagsForResource"],
      manage: ["route53:ChangeTagsForResource"],
    },
    { on: ANYWHERE, manage: ["route53:CreateHostedZone"] },
    { on: ["arn:aws:route53:::change/*"], manage: ["route53:GetChange"] },
    { on: ZONES, manage: ["route53:AssociateVPCWithHostedZone", "route53:DisassociateVPCFromHostedZone"] },
  ],
  aws_route53_hosted_zone_dnssec: [
    {
      on: ZONES,
      read: ["route53:GetDNSSEC"],
      manage: ["route53:DisableHostedZoneDNSSEC", "route53:EnableHostedZoneDNSSEC"],
    },
  ],
  aws_route53_key_signing_key: [
    {
      on: ZONES,
      read: ["route53:GetDNSSEC"],
      manage: [
        "route53:ActivateKeySigningKey",
        "route53:CreateKeySigningKey",
        "route53:DeactivateKeySigningKey",
        "route53:DeleteKeySigningKey",
      ],
    },
  ],
  aws_route53_query_log: [
    { on: ZONES, manage: ["route53:CreateQueryLoggingConfig"] },
    {
      on: ["arn:aws:route53:::queryloggingconfig/*"],
      read: ["route53:GetQueryLoggingConfig"],
      manage: ["route53:DeleteQueryLoggingConfig"],
    },
  ],
  aws_route53_health_check: [
    { on: ANYWHERE, manage: ["route53:CreateHealthCheck"] },
    {
      on: HEALTH_CHECKS,
      read: ["route53:GetHealthCheck"],
      manage: ["route53:DeleteHealthCheck", "route53:UpdateHealthCheck"],
    },
    {
      on: [...ZONES, ...HEALTH_CHECKS],
      read: ["route53:ListTagsForResource"],
      manage: ["route53:ChangeTagsForResource"],
    },
  ],
  aws_cloudfront_distribution: [
    { on: DISTRIBUTIONS, read: ["cloudfront:GetDistribution", "cloudfront:ListTagsForResource"] },
    { on: ANYWHERE, tags: "request", manage: ["cloudfront:CreateDistribution"] },
    { on: DISTRIBUTIONS, tags: "new", manage: ["cloudfront:TagResource"] },
    {
      on: DISTRIBUTIONS,
      tags: "resource",
      manage: [
        "cloudfront:DeleteDistribution",
        "cloudfront:TagResource",
        "cloudfront:UntagResource",
        "cloudfront:UpdateDistribution",
      ],
    },
  ],
  aws_cloudfront_monitoring_subscription: [
    {
      on: ANYWHERE,
      read: ["cloudfront:GetMonitoringSubscription"],
      manage: ["cloudfront:CreateMonitoringSubscription", "cloudfront:DeleteMonitoringSubscription"],
    },
  ],
  aws_cloudfront_function: [
    { on: ANYWHERE, manage: ["cloudfront:CreateFunction"] },
    {
      on: ["arn:aws:cloudfront::{account}:function/{prefix}-*"],
      read: ["cloudfront:DescribeFunction", "cloudfront:GetFunction"],
      manage: ["cloudfront:DeleteFunction", "cloudfront:PublishFunction", "cloudfront:UpdateFunction"],
    },
  ],
  aws_cloudfront_cache_policy: partOfDistribution("cache-policy", "CachePolicy"),
  aws_cloudfront_origin_access_control: partOfDistribution("origin-access-control", "OriginAccessControl"),
  aws_cloudfront_response_headers_policy: partOfDistribution(
    "response-headers-policy",
    "ResponseHeadersPolicy",
  ),
  aws_cloudfront_key_group: [
    {
      on: ANYWHERE,
      read: ["cloudfront:GetKeyGroup"],
      manage: ["cloudfront:CreateKeyGroup", "cloudfront:DeleteKeyGroup", "cloudfront:UpdateKeyGroup"],
    },
  ],
  aws_cloudfront_public_key: [
    {
      on: ANYWHERE,
      read: ["cloudfront:GetPublicKey"],
      manage: ["cloudfront:CreatePublicKey", "cloudfront:DeletePublicKey", "cloudfront:UpdatePublicKey"],
    },
  ],
  aws_wafv2_web_acl: [
    {
      on: FIREWALLS,
      read: ["wafv2:GetWebACL", "wafv2:ListTagsForResource"],
      manage: ["wafv2:DeleteWebACL", "wafv2:TagResource", "wafv2:UntagResource"],
    },
    { on: [...FIREWALLS, ...RULE_GROUPS], manage: ["wafv2:CreateWebACL", "wafv2:UpdateWebACL"] },
  ],
  aws_wafv2_ip_set: [
    {
      on: FIREWALLS,
      read: ["wafv2:GetIPSet", "wafv2:ListTagsForResource"],
      manage: [
        "wafv2:CreateIPSet",
        "wafv2:DeleteIPSet",
        "wafv2:TagResource",
        "wafv2:UntagResource",
        "wafv2:UpdateIPSet",
      ],
    },
  ],
  // Each service asks for a right of its own as well.
  aws_wafv2_web_acl_association: [
    { on: [...FIREWALLS, ...PROTECTED], read: ["wafv2:GetWebACLForResource"] },
    { on: [...FIREWALLS, ...PROTECTED], manage: ["wafv2:AssociateWebACL", "wafv2:DisassociateWebACL"] },
    { on: [`${API}/restapis/*/stages/*`], manage: ["apigateway:SetWebACL"] },
    { on: ANYWHERE, manage: ["elasticloadbalancing:SetWebAcl"] },
    {
      on: ["arn:aws:cognito-idp:*:{account}:userpool/*"],
      read: ["cognito-idp:GetWebACLForResource"],
    },
    {
      on: ["arn:aws:cognito-idp:*:{account}:userpool/*", ...FIREWALLS],
      manage: ["cognito-idp:AssociateWebACL", "cognito-idp:DisassociateWebACL"],
    },
  ],
  aws_wafv2_web_acl_logging_configuration: [
    {
      on: FIREWALLS,
      read: ["wafv2:GetLoggingConfiguration"],
      manage: ["wafv2:DeleteLoggingConfiguration", "wafv2:PutLoggingConfiguration"],
    },
    { on: ANYWHERE, manage: ["logs:CreateLogDelivery", "logs:DeleteLogDelivery"] },
  ],
};
