import fc from "fast-check";
import HttpCachePolicy from "http-cache-semantics";
import { inSeconds, freshnessOf as of } from "./fixture";

const YEAR = 31_536_000;

describe("for any answer", () => {
  const seconds = fc.integer({ min: 0, max: 2 * YEAR });
  const directive = fc.oneof(
    seconds.map((value) => `max-age=${value}`),
    seconds.map((value) => `s-maxage=${value}`),
    fc.constantFrom("no-cache", "no-store", "private", "public", "must-revalidate", "immutable"),
  );
  const nameOf = (text: string) => text.split("=", 1)[0];
  const control = fc.uniqueArray(directive, { maxLength: 3, selector: nameOf }).map((all) => all.join(", "));
  const times = fc
    .tuple(seconds, seconds, seconds)
    .map(([a, b, c]) => [a, b, c].sort((x, y) => x - y) as [number, number, number])
    .filter(([, , maximum]) => maximum > 0);

  test("of an object, the time is within the policy's bounds", () => {
    fc.assert(
      fc.property(control, times, (text, [minimum, standard, maximum]) => {
        const policy = {
          minimumTtlSeconds: minimum,
          defaultTtlSeconds: standard,
          maximumTtlSeconds: maximum,
        };
        const { stored, ttlSeconds } = of(text === "" ? undefined : text, policy);
        expect(stored || minimum === 0).toBe(true);
        expect(ttlSeconds).toBeGreaterThanOrEqual(stored ? minimum : 0);
        expect(ttlSeconds).toBeLessThanOrEqual(maximum);
      }),
    );
  });

  test("of an error, the time is at least what is configured and at most what policy or configuration allow", () => {
    const status = fc.constantFrom(400, 403, 404, 405, 412, 414, 415, 500, 501, 502, 503, 504);
    fc.assert(
      fc.property(
        control,
        status,
        fc.integer({ min: 0, max: 300 }),
        times,
        (text, code, errorTtl, [, , maximum]) => {
          const found = of(text, { maximumTtlSeconds: maximum }, { status: code, errorTtl });
          if (!found.stored) return;
          expect(found.ttlSeconds).toBeGreaterThanOrEqual(errorTtl);
          expect(found.ttlSeconds).toBeLessThanOrEqual(Math.max(maximum, errorTtl));
        },
      ),
    );
  });

  test("where CloudFront does not overrule HTTP, the time is that of RFC 9111 by another implementation", () => {
    // No default, no bounds in reach: what remains is HTTP's own rule for a shared cache.
    const policy = { defaultTtlSeconds: 0, maximumTtlSeconds: 10 * YEAR };
    const expires = fc.option(fc.integer({ min: -1000, max: YEAR }), { nil: undefined });
    fc.assert(
      fc.property(control, expires, (text, offset) => {
        const headers = {
          date: inSeconds(0),
          ...(text !== "" && { "cache-control": text }),
          ...(offset !== undefined && { expires: inSeconds(offset) }),
        };
        const oracle = new HttpCachePolicy(
          { method: "GET", url: "/", headers: {} },
          { status: 200, headers },
          { shared: true, cacheHeuristic: 0, immutableMinTimeToLive: 0, ignoreCargoCult: true },
        );
        // What may not be reused counts as 0 s there and here.
        const known = oracle.storable() ? oracle.maxAge() : 0;
        expect(of(text === "" ? undefined : text, policy, { headers }).ttlSeconds).toBe(known);
      }),
      { numRuns: 2000 },
    );
  });
});
