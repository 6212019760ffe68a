import { TerraformOutput } from "cdktf";
import type { CdnDownloadsConfig } from ".";
import { synthesiseDownloads } from "./fixture";

const distribution = (changes: Partial<CdnDownloadsConfig> = {}) =>
  synthesiseDownloads(changes).one("aws_cloudfront_distribution");

const ownDomain = {
  domainName: "downloads.example.com",
  certificateArn: "arn:aws:acm:us-east-1:111111111111:certificate/downloads",
};

describe("viewers", () => {
  test("HTTP/2, HTTP/3 and IPv6 are on, at all edges", () => {
    expect(distribution()).toMatchObject({
      enabled: true,
      http_version: "http2and3",
      is_ipv6_enabled: true,
      price_class: "PriceClass_All",
    });
  });

  test("control 38: every path redirects to HTTPS", () => {
    const { default_cache_behavior, ordered_cache_behavior } = distribution();
    for (const behaviour of [default_cache_behavior, ...ordered_cache_behavior]) {
      expect(behaviour["viewer_protocol_policy"]).toBe("redirect-to-https");
    }
  });

  test("control 38: an own domain takes TLS 1.2 at least", () => {
    expect(distribution(ownDomain)).toMatchObject({
      aliases: ["downloads.example.com"],
      viewer_certificate: {
        acm_certificate_arn: ownDomain.certificateArn,
        minimum_protocol_version: "TLSv1.2_2021",
        ssl_support_method: "sni-only",
      },
    });
  });

  test("control 38: browsers are told to stay with HTTPS, on every path but the application's own", () => {
    const result = synthesiseDownloads();
    const { security_headers_config } = result.one("aws_cloudfront_response_headers_policy");
    expect(security_headers_config["strict_transport_security"]).toMatchObject({
      access_control_max_age_sec: 63_072_000,
      override: true,
    });
    for (const behaviour of result.one("aws_cloudfront_distribution")["ordered_cache_behavior"]) {
      expect(behaviour["response_headers_policy_id"]).toMatch(
        /^\$\{aws_cloudfront_response_headers_policy\..+\.id\}$/,
      );
    }
  });

  test("browsers neither guess types, nor frame, nor tell where they come from", () => {
    const policy = synthesiseDownloads().one("aws_cloudfront_response_headers_policy");
    expect(policy["security_headers_config"]).toMatchObject({
      content_type_options: { override: true },
      frame_options: { frame_option: "DENY", override: true },
      referrer_policy: { referrer_policy: "no-referrer", override: true },
    });
  });

  test("nothing tells what software the origin runs", () => {
    const policy = synthesiseDownloads().one("aws_cloudfront_response_headers_policy");
    expect(policy["remove_headers_config"]).toEqual({
      items: [{ header: "Server" }, { header: "X-Powered-By" }],
    });
  });

  test("old plug-ins of other domains may read nothing", () => {
    const policy = synthesiseDownloads().one("aws_cloudfront_response_headers_policy");
    expect(policy["custom_headers_config"]).toEqual({
      items: [{ header: "X-Permitted-Cross-Domain-Policies", value: "none", override: true }],
    });
  });

  test("control 14: the web ACL is the configuration's", () => {
    const webAclArn = "arn:aws:wafv2:us-east-1:111111111111:global/webacl/downloads/1";
    expect(distribution({ webAclArn })["web_acl_id"]).toBe(webAclArn);
  });

  test.each([
    { name: "all countries by default", changes: {}, expected: { restriction_type: "none" } },
    {
      name: "the allowed countries alone",
      changes: { allowedCountries: ["FR", "DE"] },
      expected: { restriction_type: "whitelist", locations: ["DE", "FR"] },
    },
    {
      name: "all but the denied countries",
      changes: { deniedCountries: ["KP"] },
      expected: { restriction_type: "blacklist", locations: ["KP"] },
    },
  ])("$name are served", ({ changes, expected }) => {
    expect(distribution(changes)["restrictions"]).toEqual({ geo_restriction: expected });
  });

  test("errors of the origin that CloudFront keeps have their own time, seconds at least", () => {
    const kept = distribution()["custom_error_response"];
    expect(kept).toContainEqual({ error_code: 404, error_caching_min_ttl: 5 });
    expect(kept).toContainEqual({ error_code: 503, error_caching_min_ttl: 5 });
    expect(kept).toHaveLength(10);
  });

  test("a range that cannot be served is no kept error, as CloudFront keeps none", () => {
    const codes = distribution()["custom_error_response"].map(
      (response: { error_code: number }) => response.error_code,
    );
    expect(codes).not.toContain(416);
  });

  test("for as long as the configuration says", () => {
    const ttls = distribution({ errorTtlSeconds: 0 })["custom_error_response"].map(
      (response: { error_caching_min_ttl: number }) => response.error_caching_min_ttl,
    );
    expect(new Set(ttls)).toEqual(new Set([0]));
  });
});

describe("CORS", () => {
  const cors = (changes: Partial<CdnDownloadsConfig> = {}) =>
    synthesiseDownloads(changes).one("aws_cloudfront_response_headers_policy")["cors_config"];

  test("no web page may read the files by default", () => {
    expect(cors()).toBeUndefined();
  });

  test("the named may, without credentials", () => {
    expect(cors({ corsOrigins: ["https://www.example.com"] })).toMatchObject({
      access_control_allow_credentials: false,
      access_control_allow_methods: { items: ["GET", "HEAD"] },
      access_control_allow_origins: { items: ["https://www.example.com"] },
      origin_override: true,
    });
  });
});

describe("records", () => {
  test("lead the own domain to the distribution, by IPv4 and IPv6", () => {
    const records = synthesiseDownloads({ ...ownDomain, hostedZoneId: "Z1" }).all("aws_route53_record");
    expect(records.map(({ type }) => type).sort()).toEqual(["A", "AAAA"]);
    for (const record of records) {
      expect(record).toMatchObject({
        name: "downloads.example.com",
        zone_id: "Z1",
        alias: {
          name: expect.stringMatching(/^\$\{aws_cloudfront_distribution\..+\.domain_name\}$/),
          zone_id: expect.stringMatching(/^\$\{aws_cloudfront_distribution\..+\.hosted_zone_id\}$/),
        },
      });
    }
  });

  test("are kept elsewhere without a zone", () => {
    expect(synthesiseDownloads(ownDomain).types).not.toContain("aws_route53_record");
  });
});

describe("outputs", () => {
  const outputs = (changes: Partial<CdnDownloadsConfig> = {}) =>
    synthesiseDownloads(changes, (stack, downloads) => {
      new TerraformOutput(stack, "url", { value: downloads.url });
      new TerraformOutput(stack, "id", { value: downloads.distributionId });
    }).json["output"];

  test("the URL is CloudFront's domain", () => {
    expect(outputs()["url"]["value"]).toMatch(
      /^https:\/\/\$\{aws_cloudfront_distribution\..+\.domain_name\}$/,
    );
  });

  test("or the own one", () => {
    expect(outputs(ownDomain)["url"]["value"]).toBe("https://downloads.example.com");
  });

  test("the id is what invalidations name", () => {
    expect(outputs()["id"]["value"]).toMatch(/^\$\{aws_cloudfront_distribution\..+\.id\}$/);
  });
});

test("control 21: the grant lets invalidate this distribution, and nothing else", () => {
  let statements: unknown;
  const result = synthesiseDownloads({}, (stack, downloads) => {
    statements = downloads.grantInvalidate();
    new TerraformOutput(stack, "arn", { value: downloads.grantInvalidate()[0]?.resources[0] });
  });
  expect(statements).toEqual([
    {
      sid: "InvalidateDownloads",
      actions: ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
      resources: [expect.any(String)],
    },
  ]);
  expect(result.json["output"]["arn"]["value"]).toMatch(/^\$\{aws_cloudfront_distribution\..+\.arn\}$/);
});

describe("deletion", () => {
  test("control 2: the distribution is not destroyed while protected", () => {
    expect(distribution()["lifecycle"]).toEqual({ prevent_destroy: true });
  });

  test("it is when unprotected", () => {
    expect(distribution({ deletionProtection: false })["lifecycle"]).toEqual({ prevent_destroy: false });
  });
});
