import { readFileSync } from "node:fs";
import { join } from "node:path";
import { trafficOfParts } from "./assumed-traffic";
import { specs } from "./fixture";
import { loadEnvironments } from "./load";
import type { EnvironmentInput } from "./spec";
import { errorsOf, prodWith } from "./specification-fixture";

/** Construct paths below the stack. */
function pathsOf(environment: string): string[] {
  const golden = JSON.parse(readFileSync(join(__dirname, "testdata", `envs-${environment}.json`), "utf8"));
  return Object.values<Record<string, { "//": { metadata: { path: string } } }>>(golden.resource).flatMap(
    (named) => Object.values(named).map((block) => block["//"].metadata.path.split("/").slice(2).join("/")),
  );
}

function trafficOf(input: EnvironmentInput) {
  const [spec] = loadEnvironments({ prod: input });
  if (spec === undefined) throw new Error("no environment");
  return trafficOfParts(spec).parts;
}

describe.each(specs.map((spec) => ({ name: spec.name, spec })))("of $name", ({ name, spec }) => {
  test("every part that traffic is assumed of is in the stack", () => {
    const paths = pathsOf(name);
    const unknown = Object.keys(trafficOfParts(spec).parts).filter(
      (part) => !paths.some((path) => path === part || path.startsWith(`${part}/`)),
    );
    expect(unknown).toEqual([]);
  });
});

describe("what is worked out", () => {
  test("of the API's requests, what the caches leave", () => {
    const parts = trafficOf(prodWith("assumedTraffic.todo", { requests: 1_000_000, writePercent: 20 }));
    expect(parts["todo-api-v1"]).toMatchObject({ requests: 500_000 });
    // Half of 200 000 writes, and of 800 000 reads the 70 % that the stage's cache does not answer
    expect(parts["todo-api-v1/function"]).toMatchObject({ requests: 380_000 });
    // Of 560 000 reads the 20 % that DAX does not answer, half a unit each
    expect(parts["todo-table"]?.["readUnits"]).toBeCloseTo(56_000, 6);
    expect(parts["todo-table"]).toMatchObject({ writeUnits: 200_000 });
  });

  test("versions of an API share its requests", () => {
    const parts = trafficOf(prodWith("assumedTraffic.todo", { requests: 1_000_000 }));
    expect([parts["todo-api-v1"]?.["requests"], parts["todo-api-v2"]?.["requests"]]).toEqual([
      500_000, 500_000,
    ]);
  });

  test("without caches every request reaches the function and the table", () => {
    const input = prodWith("assumedTraffic.todo", { requests: 1000, writePercent: 0 }) as EnvironmentInput & {
      todo: { api: { cache?: object }; dax?: object };
    };
    const [spec] = loadEnvironments({ prod: input });
    if (spec?.todo === undefined) throw new Error("prod has no to-dos");
    const { cache: _cache, ...api } = spec.todo.api;
    const { dax: _dax, ...todo } = spec.todo;
    const { parts } = trafficOfParts({ ...spec, todo: { ...todo, api } });
    expect(parts["todo-api-v1/function"]).toMatchObject({ requests: 500 });
    expect(parts["todo-table"]).toMatchObject({ readUnits: 500, writeUnits: 0 });
  });

  test("the origin is asked what the edge has not", () => {
    const parts = trafficOf(prodWith("assumedTraffic.downloads", { requests: 1000, cacheHitPercent: 90 }));
    expect(parts["downloads"]?.["originRequests"]).toBeCloseTo(100, 9);
  });
});

describe("a value that does not fit is named", () => {
  test.each<[name: string, path: string, value: unknown, message: string]>([
    [
      "a negative number",
      "assumedTraffic.natGigabytes",
      -1,
      "assumedTraffic.natGigabytes must be a number of GB, 0 or more, got -1",
    ],
    [
      "more than all",
      "assumedTraffic.todo",
      { writePercent: 101 },
      "assumedTraffic.todo.writePercent must be a whole number from 0 to 100, got 101",
    ],
    [
      "a place that CloudFront has no price of",
      "assumedTraffic.viewersIn",
      "mars",
      'assumedTraffic.viewersIn must be one of "north-america", "europe", "africa-and-middle-east", "south-america", "japan", ' +
        '"australia-and-new-zealand", "asia-pacific", "india", got "mars"',
    ],
    [
      "bytes without requests",
      "assumedTraffic.downloads",
      { requests: 0 },
      "assumedTraffic.downloads.gigabytes must be 0 without requests, got 2000",
    ],
  ])("%s", (_name, path, value, message) => {
    expect(errorsOf({ prod: prodWith(path, value) })).toEqual([`envs/prod: ${message}`]);
  });

  test("traffic of a system that is not there", () => {
    const { downloads: _, ...prod } = prodWith("assumedTraffic.downloads", {});
    expect(errorsOf({ prod })).toEqual([
      "envs/prod: assumedTraffic.downloads must be left out without downloads",
    ]);
  });

  test.each([
    ["todo.api.cache", "cacheHitPercent"],
    ["todo.dax", "daxHitPercent"],
  ])("hits without %s", (cache, field) => {
    const prod = prodWith("assumedTraffic.todo", { [field]: 50 });
    const { todo, ...rest } = prod as EnvironmentInput & { todo: { api: Record<string, unknown> } };
    const { dax, api, ...others } = todo as typeof todo & { dax: unknown };
    const { cache: _cache, ...bare } = api;
    const changed = cache === "todo.dax" ? { ...others, api } : { ...others, api: bare, dax };
    expect(errorsOf({ prod: { ...rest, todo: changed } as EnvironmentInput })).toEqual([
      `envs/prod: assumedTraffic.todo.${field} must be left out without ${cache}, got 50`,
    ]);
  });
});
