import type { EnvironmentInput } from "./spec";
import { errorsOf, prodWith } from "./specification-fixture";

const errors = (path: string, value: unknown) =>
  errorsOf({ prod: prodWith(path, value) as EnvironmentInput }).map((line) =>
    line.replace("envs/prod: ", ""),
  );

describe("ci", () => {
  test.each([
    ["owner/name", "ci.repository", "acme/platform.infra_2"],
    ["owner/name with immutable ids", "ci.repository", "acme@123456/platform@456789"],
    ["a branch with a slash", "ci.branch", "release/2026.1"],
    ["a GitHub environment of another name", "ci.githubEnvironment", "prod-eu"],
    ["no pipelines at all", "ci", undefined],
  ])("takes %s", (_case, path, value) => {
    expect(errors(path, value)).toEqual([]);
  });

  test.each([
    ["every repository of an owner", "acme/*"],
    ["an owner alone", "acme"],
    ["a whole subject", "repo:acme/platform:pull_request"],
    ["an address", "https://github.com/acme/platform"],
    ["an id that is none", "acme@x/platform@1"],
    ["a second line", "acme/platform\n"],
  ])("refuses %s as repository", (_case, value) => {
    expect(errors("ci.repository", value)).toEqual([
      `ci.repository must be owner/name or owner@id/name@id, as in the subject of GitHub's tokens, got ${JSON.stringify(value)}`,
    ]);
  });

  test.each([
    ["every branch", "*"],
    ["a full reference's pattern", "feature/?"],
    ["what git refuses", "a..b"],
  ])("refuses %s as branch", (_case, value) => {
    expect(errors("ci.branch", value)).toEqual([
      `ci.branch must be the name of a branch, like main, got "${value}"`,
    ]);
  });

  test("refuses a GitHub environment that a subject would write otherwise", () => {
    expect(errors("ci.githubEnvironment", "prod:eu")).toEqual([
      'ci.githubEnvironment must be letters, digits, points, hyphens and underscores: the name of an environment at GitHub, got "prod:eu"',
    ]);
  });

  test("refuses a state that no pipeline can reach", () => {
    const state = { kind: "local", path: "prod.tfstate" };
    expect(errors("state", state)).toContain(
      'state.kind must be "s3" when ci is set: a pipeline keeps no file, got "local"',
    );
  });
});
