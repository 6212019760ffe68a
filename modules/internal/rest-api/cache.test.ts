import type { Resource } from "../synth-test";
import { type Change, contractOf, listNotes, NOTES, synthesiseApi } from "./fixture";

const api = synthesiseApi();
const cached = synthesiseApi({ cacheSizeGigabytes: 0.5 });

describe("control 20: the cache", () => {
  test("is off, unless it has a size", () => {
    expect(api.one("aws_api_gateway_stage")["cache_cluster_enabled"]).toBe(false);
    expect(api.one("aws_api_gateway_method_settings")["settings"]["caching_enabled"]).toBe(false);
  });

  test("answers only what the contract marks", () => {
    expect(cached.one("aws_api_gateway_stage")).toMatchObject({
      cache_cluster_enabled: true,
      cache_cluster_size: "0.5",
    });
    const paths = cached
      .all("aws_api_gateway_method_settings")
      .filter(({ settings }) => settings.caching_enabled)
      .map(({ method_path }) => method_path);
    // Plain slashes would set what belongs to no method: https://github.com/hashicorp/terraform-provider-aws/issues/9738
    expect(paths.sort()).toEqual(["~1notes/GET", "~1notes~1{id}/GET"]);
  });

  test("is encrypted, for every method", () => {
    for (const { settings } of cached.all("aws_api_gateway_method_settings")) {
      expect(settings.cache_data_encrypted).toBe(true);
    }
  });

  test("lives as long as asked for, 30 seconds by default", () => {
    const ttl = (change: Change) =>
      synthesiseApi(change).one("aws_api_gateway_method_settings", "getNote")["settings"][
        "cache_ttl_in_seconds"
      ];
    expect(ttl({ cacheSizeGigabytes: 0.5 })).toBe(30);
    expect(ttl({ cacheSizeGigabytes: 0.5, cacheTtlSeconds: 60 })).toBe(60);
  });

  test("Cache-Control: max-age=0 refreshes the entry that requests without it get", () => {
    const keys: string[] = cached.one("aws_api_gateway_integration", "notes_GET")["cache_key_parameters"];
    expect(keys).toEqual([
      "method.request.header.Authorization",
      "method.request.header.If-None-Match",
      "method.request.querystring.limit",
    ]);
    expect(cached.one("aws_api_gateway_method_settings", "getNote")["settings"]).toMatchObject({
      require_authorization_for_cache_control: false,
    });
  });

  test("is keyed by the user, whatever parameters a contract gives its cached operations", () => {
    const all = [
      ["query", "limit"],
      ["query", "Authorization"],
      ["header", "authorization"],
      ["header", "Authorization"],
      ["header", "Cache-Control"],
      ["header", "X-Tenant"],
    ];
    // Every choice of these parameters, each an operation of its own.
    const paths = Object.fromEntries(
      Array.from({ length: 2 ** all.length }, (_, choice) => [
        `/p${choice}`,
        {
          get: {
            ...listNotes,
            operationId: `get${choice}`,
            parameters: all
              .filter((_parameter, index) => choice & (1 << index))
              .map(([place, name]) => ({ in: place, name, required: choice % 2 === 0 })),
          },
        },
      ]),
    );
    const synthesised = synthesiseApi({ cacheSizeGigabytes: 0.5 }, contractOf({ ...NOTES, paths }));
    const integrations = synthesised.all("aws_api_gateway_integration");
    const methods = synthesised.all("aws_api_gateway_method");
    expect(integrations).toHaveLength(64);
    for (const [index, { cache_key_parameters }] of integrations.entries()) {
      expect(cache_key_parameters).toContain("method.request.header.Authorization");
      expect(cache_key_parameters.join().toLowerCase()).not.toContain("cache-control");
      const declared = Object.keys((methods[index] as Resource)["request_parameters"]);
      expect(declared).toEqual(expect.arrayContaining(cache_key_parameters));
      expect((methods[index] as Resource)["request_parameters"]["method.request.header.Authorization"]).toBe(
        true,
      );
    }
  });
});
