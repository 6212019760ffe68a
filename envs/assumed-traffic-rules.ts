import type { Rule } from "./violation";

/** What is assumed of traffic fits what there is. */
export const ASSUMED_TRAFFIC_RULES: readonly Rule[] = [
  function trafficOfWhatIsThere(spec, report) {
    for (const system of ["todo", "microservices", "downloads"] as const) {
      if (spec.assumedTraffic[system] === undefined || spec[system] !== undefined) continue;
      report(`assumedTraffic.${system}`, `must be left out without ${system}`);
    }
  },
  function cachesThatAreThere({ assumedTraffic, todo }, report) {
    if (!todo || !assumedTraffic.todo) return;
    const { cacheHitPercent, daxHitPercent } = assumedTraffic.todo;
    if (cacheHitPercent !== undefined && !todo.api.cache) {
      report(
        "assumedTraffic.todo.cacheHitPercent",
        `must be left out without todo.api.cache, got ${cacheHitPercent}`,
      );
    }
    if (daxHitPercent !== undefined && !todo.dax) {
      report("assumedTraffic.todo.daxHitPercent", `must be left out without todo.dax, got ${daxHitPercent}`);
    }
  },
  function bytesNeedRequests({ assumedTraffic: { downloads } }, report) {
    if (downloads === undefined || downloads.requests > 0 || downloads.gigabytes === 0) return;
    report("assumedTraffic.downloads.gigabytes", `must be 0 without requests, got ${downloads.gigabytes}`);
  },
];
