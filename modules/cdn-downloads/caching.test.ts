import { generateKeyPairSync } from "node:crypto";
import { TerraformOutput } from "cdktf";
import type { CdnDownloadsConfig, PathClass } from ".";
import { synthesiseDownloads } from "./fixture";

const pathClass: PathClass = {
  name: "files",
  pathPattern: "/files/*",
  originCacheHeaders: "honour",
  defaultTtlSeconds: 60,
};

const synth = (changes: Partial<PathClass> = {}, configChanges: Partial<CdnDownloadsConfig> = {}) =>
  synthesiseDownloads({ pathClasses: [{ ...pathClass, ...changes }], ...configChanges });

const policy = (changes: Partial<PathClass> = {}) => synth(changes).one("aws_cloudfront_cache_policy");

const key = (changes: Partial<PathClass> = {}) =>
  policy(changes)["parameters_in_cache_key_and_forwarded_to_origin"];

describe("behaviours", () => {
  const behaviours = synthesiseDownloads().one("aws_cloudfront_distribution")["ordered_cache_behavior"];

  test("come in the order of the classes", () => {
    expect(behaviours.map((behaviour: { path_pattern: string }) => behaviour.path_pattern)).toEqual([
      "/updates/*latest*",
      "/updates/v*.*.*",
      "/updates/*",
      "/downloads/*",
    ]);
  });

  test("read, and write nothing", () => {
    for (const behaviour of behaviours) {
      expect(behaviour).toMatchObject({
        allowed_methods: ["GET", "HEAD", "OPTIONS"],
        cached_methods: ["GET", "HEAD"],
      });
    }
  });

  test("each has its own policy and normalises what splits its cache", () => {
    for (const [index, name] of ["latest", "versioned", "updates", "downloads"].entries()) {
      expect(behaviours[index]["cache_policy_id"]).toContain(`cache-policy-${name}`);
      expect(behaviours[index]["function_association"]).toEqual([
        { event_type: "viewer-request", function_arn: expect.stringContaining(`normalise-${name}`) },
      ]);
    }
  });
});

describe("times", () => {
  test("are those of the class", () => {
    expect(policy({ minimumTtlSeconds: 1, maximumTtlSeconds: 90 })).toMatchObject({
      min_ttl: 1,
      default_ttl: 60,
      max_ttl: 90,
    });
  });

  test("of a URL with a version are a year, unless the origin says less", () => {
    expect(synthesiseDownloads().one("aws_cloudfront_cache_policy", "versioned")).toMatchObject({
      min_ttl: 0,
      default_ttl: 31_536_000,
      max_ttl: 31_536_000,
    });
  });

  test("are one, whatever the origin says, where it is ignored", () => {
    expect(policy({ originCacheHeaders: "ignore", defaultTtlSeconds: 600 })).toMatchObject({
      min_ttl: 600,
      default_ttl: 600,
      max_ttl: 600,
    });
  });
});

describe("key", () => {
  test("is the path alone by default", () => {
    expect(key()).toEqual({
      query_strings_config: { query_string_behavior: "none" },
      headers_config: { header_behavior: "none" },
      cookies_config: { cookie_behavior: "none" },
      enable_accept_encoding_gzip: false,
      enable_accept_encoding_brotli: false,
    });
  });

  test("holds the named query parameters", () => {
    expect(key({ cacheKeyQueryStrings: ["version", "arch"] })["query_strings_config"]).toEqual({
      query_string_behavior: "whitelist",
      query_strings: { items: ["arch", "version"] },
    });
  });

  test("holds the named headers", () => {
    expect(key({ cacheKeyHeaders: ["X-Platform"] })["headers_config"]).toEqual({
      header_behavior: "whitelist",
      headers: { items: ["X-Platform"] },
    });
  });

  test("holds cookies only where they are named", () => {
    expect(key({ cacheKeyCookies: ["edition"] })["cookies_config"]).toEqual({
      cookie_behavior: "whitelist",
      cookies: { items: ["edition"] },
    });
  });

  test("holds the encoding where answers are compressed", () => {
    expect(key({ compress: true })).toMatchObject({
      enable_accept_encoding_gzip: true,
      enable_accept_encoding_brotli: true,
    });
    const [behaviour] = synth({ compress: true }).one("aws_cloudfront_distribution")[
      "ordered_cache_behavior"
    ];
    expect(behaviour["compress"]).toBe(true);
  });
});

describe("other paths", () => {
  const other = (changes: Partial<CdnDownloadsConfig>) =>
    synthesiseDownloads(changes).one("aws_cloudfront_distribution")["default_cache_behavior"];

  test("passed to the application are whole and uncached", () => {
    expect(other({ otherPaths: "pass" })).toMatchObject({
      target_origin_id: "alb",
      allowed_methods: ["GET", "HEAD", "OPTIONS", "DELETE", "PATCH", "POST", "PUT"],
      cache_policy_id: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      origin_request_policy_id: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    });
  });

  test.each(["alb", "alb-then-s3", "s3-then-alb"] as const)(
    "passed to the application get its own response headers, no others (%s)",
    (origin) => {
      expect(other({ otherPaths: "pass", origin })).not.toHaveProperty("response_headers_policy_id");
    },
  );

  test.each([
    { otherPaths: "refuse", origin: "alb" },
    { otherPaths: "pass", origin: "s3" },
  ] as const)(
    "answered without the application ($otherPaths, $origin) get the headers that protect",
    (changes) => {
      expect(other(changes)["response_headers_policy_id"]).toMatch(
        /^\$\{aws_cloudfront_response_headers_policy\..+\.id\}$/,
      );
    },
  );

  test("write nothing into a bucket", () => {
    expect(other({ otherPaths: "pass", origin: "s3" })).toMatchObject({
      target_origin_id: "s3",
      allowed_methods: ["GET", "HEAD", "OPTIONS"],
    });
    expect(other({ otherPaths: "pass", origin: "s3" })).not.toHaveProperty("origin_request_policy_id");
  });

  test("refused never reach the origin", () => {
    expect(other({ otherPaths: "refuse" })).toMatchObject({
      allowed_methods: ["GET", "HEAD", "OPTIONS"],
      function_association: [
        { event_type: "viewer-request", function_arn: expect.stringContaining("refuse") },
      ],
    });
  });
});

describe("signed", () => {
  const publicKeyPem = generateKeyPairSync("ec", { namedCurve: "prime256v1" })
    .publicKey.export({ type: "spki", format: "pem" })
    .toString();
  const signingKeys = [
    { name: "spring", publicKeyPem },
    { name: "autumn", publicKeyPem },
  ];

  test("the class is open to signatures of the group alone", () => {
    const [behaviour] = synth({ signed: true }, { signingKeys }).one("aws_cloudfront_distribution")[
      "ordered_cache_behavior"
    ];
    expect(behaviour["trusted_key_groups"]).toEqual([
      expect.stringMatching(/^\$\{aws_cloudfront_key_group\..+\.id\}$/),
    ]);
  });

  test("other classes are open to all", () => {
    const pathClasses = [pathClass, { ...pathClass, name: "paid", pathPattern: "/paid/*", signed: true }];
    const [behaviour] = synthesiseDownloads({ pathClasses, signingKeys }).one("aws_cloudfront_distribution")[
      "ordered_cache_behavior"
    ];
    expect(behaviour).not.toHaveProperty("trusted_key_groups");
  });

  test("control 26: two keys at once, so that one can follow the other", () => {
    const result = synth({ signed: true }, { signingKeys });
    expect(result.one("aws_cloudfront_key_group")["items"]).toEqual([
      expect.stringContaining("public-key-spring"),
      expect.stringContaining("public-key-autumn"),
    ]);
  });

  test("a key given anew has another name, and is made before the old one goes", () => {
    const result = synth({ signed: true }, { signingKeys });
    expect(result.one("aws_cloudfront_public_key", "spring")).toMatchObject({
      name: expect.stringMatching(/^acme-test-downloads-spring-[0-9a-f]{8}$/),
      encoded_key: publicKeyPem,
      lifecycle: { create_before_destroy: true },
    });
  });

  test("a signer is told the id of each key", () => {
    const result = synthesiseDownloads(
      { pathClasses: [{ ...pathClass, signed: true }], signingKeys },
      (stack, downloads) => {
        new TerraformOutput(stack, "ids", { value: downloads.signingKeyIds });
      },
    );
    expect(Object.keys(result.json["output"]["ids"]["value"]).sort()).toEqual(["autumn", "spring"]);
  });

  test("there is no group without keys", () => {
    expect(synth().types).not.toContain("aws_cloudfront_key_group");
  });
});
