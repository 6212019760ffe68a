import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError, EXIT } from "../../internal/cli";
import { type BaseRequest, filesAt, findBases, isBaseRequired } from "./base";
import { GitProject } from "./fixture";

/*
 * origin:  first ── second ── third (main)
 *                     └─ fourth (release)
 * clone:            second ── own (feature)
 */
const origin = new GitProject();
const first = origin.commit("first");
origin.write("api/published/things/v1.yaml", "ü: 1\n");
origin.write("api/published/events/thing made.json", "{}");
origin.write("api/things/v1.yaml", "other: 1\n");
const second = origin.commit("second");
const clone = new GitProject(origin);
clone.git("switch", "--quiet", "--create", "feature");
clone.commit("own");
const third = origin.commit("third");
origin.git("switch", "--quiet", "--create", "release", second);
origin.commit("fourth");
origin.git("switch", "--quiet", "main");
clone.git("fetch", "--quiet");

const projects = [origin, clone];

afterAll(() => {
  for (const project of projects) project.end();
});

function cloned(...options: string[]): GitProject {
  const project = new GitProject(origin, ...options);
  projects.push(project);
  return project;
}

const found = ({ root }: { root: string }, request: Partial<BaseRequest> = {}) =>
  findBases(root, { environment: {}, ...request });
const head = (commit: string) => ({ commit, what: "HEAD" });
const GONE = "a".repeat(40);
const unknown = (name: string) => `Git knows no commit "${name}" here`;

describe("a branch", () => {
  test.each<{ name: string; request: Partial<BaseRequest>; base: { commit: string; what: string } }>([
    {
      name: "where it left main",
      request: {},
      base: { commit: second, what: "where HEAD left origin/main" },
    },
    {
      name: "where it left the branch that its pull request is for",
      request: { environment: { GITHUB_BASE_REF: "release" } },
      base: { commit: second, what: "where HEAD left origin/release" },
    },
    {
      name: "the commit that the workflow names",
      request: { environment: { CONTRACTS_BASE: first, GITHUB_BASE_REF: "release" } },
      base: { commit: first, what: first },
    },
    {
      name: "where it left main, when nothing was there before the push",
      request: { environment: { CONTRACTS_BASE: "0".repeat(40), GITHUB_BASE_REF: "" } },
      base: { commit: second, what: "where HEAD left origin/main" },
    },
    {
      name: "the commit that is asked for",
      request: { named: "HEAD~2", environment: { CONTRACTS_BASE: second } },
      base: { commit: first, what: "HEAD~2" },
    },
  ])("begins at $name", ({ request, base }) => {
    expect(found(clone, request)).toEqual({ bases: [base] });
  });

  test("of a fork begins where it left the project that it is a fork of", () => {
    const fork = cloned();
    fork.git("remote", "add", "--fetch", "upstream", `file://${origin.root}`);
    fork.git("update-ref", "refs/remotes/origin/main", first);
    fork.commit("mine");
    expect(found(fork)).toEqual({ bases: [{ commit: third, what: "upstream/main" }] });
  });

  test("of a clone without remotes begins where it left its main", () => {
    const alone = cloned();
    alone.git("remote", "remove", "origin");
    alone.git("switch", "--quiet", "--create", "feature");
    alone.commit("mine");
    expect(found(alone)).toEqual({ bases: [{ commit: third, what: "main" }] });
  });

  test.each([
    [
      "the commit that is named is not there, as after a forced push",
      { CONTRACTS_BASE: GONE, GITHUB_BASE_REF: "release" },
      { bases: [{ commit: second, what: "where HEAD left origin/release" }], unknown: [unknown(GONE)] },
    ],
    [
      "nor is the branch that its pull request is for",
      { CONTRACTS_BASE: GONE, GITHUB_BASE_REF: "gone" },
      {
        bases: [{ commit: second, what: "where HEAD left origin/main" }],
        unknown: [unknown(GONE), unknown("origin/gone")],
      },
    ],
  ])("begins at the next that is known: %s", (_name, environment, expected) => {
    expect(found(clone, { environment })).toEqual(expected);
  });
});

describe("main", () => {
  test("goes on from what is pushed, and when all is, from the commit before", () => {
    const main = cloned();
    expect(found(main)).toEqual({ bases: [{ commit: second, what: "the commit before HEAD" }, head(third)] });
    main.commit("mine");
    main.commit("mine, too");
    expect(found(main)).toEqual({ bases: [{ commit: third, what: "origin/main" }] });
  });

  test("goes on from the commit before when what was there before the push is gone", () => {
    expect(found(cloned(), { environment: { CONTRACTS_BASE: GONE } })).toEqual({
      bases: [{ commit: second, what: "the commit before HEAD" }, head(third)],
      unknown: [unknown(GONE)],
    });
  });

  test("has nothing before its first commit", () => {
    clone.git("switch", "--quiet", "--detach", first);
    expect(found(clone)).toEqual({ bases: [head(first)] });
    clone.git("switch", "--quiet", "feature");
  });
});

describe("nothing is compared with what is not known, and it is said", () => {
  test.each<[string, string[], Record<string, string>, string]>([
    ["in a shallow clone", ["--depth=1"], {}, "the clone is shallow"],
    [
      "in a shallow clone with the branch that a pull request is for",
      ["--depth=1", "--no-single-branch"],
      { GITHUB_BASE_REF: "release" },
      "no commit is known that both HEAD and origin/release come from, and the clone is shallow",
    ],
    [
      "in a shallow clone with the commit before HEAD, but not with the one that is named",
      ["--depth=2"],
      { CONTRACTS_BASE: first },
      `${unknown(first)}, and the clone is shallow`,
    ],
  ])("%s", (_name, options, environment, missing) => {
    expect(found(cloned(...options), { environment })).toEqual({ bases: [head(third)], missing });
  });

  test("where all that there was before is gone", () => {
    clone.git("switch", "--quiet", "--orphan", "anew");
    const anew = clone.commit("anew");
    expect(found(clone, { environment: { CONTRACTS_BASE: GONE } })).toEqual({
      bases: [head(anew)],
      missing: `${unknown(GONE)}, and no commit is known that both HEAD and origin/main come from`,
    });
    clone.git("switch", "--quiet", "feature");
  });

  test("without a commit", () => {
    const empty = new GitProject();
    projects.push(empty);
    expect(found(empty)).toEqual({ bases: [], missing: "there is no commit yet" });
  });

  test("in somebody else's clone, which Git does not read", () => {
    const before = process.env;
    process.env = {
      ...before,
      GIT_TEST_ASSUME_DIFFERENT_OWNER: "true",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
    };
    expect(found(clone)).toEqual({
      bases: [],
      missing: `detected dubious ownership in repository at '${clone.root}'`,
    });
    process.env = before;
  });

  test("outside of a repository, as in an archive that was unpacked", () => {
    const root = mkdtempSync(join(tmpdir(), "contracts-archive-"));
    expect(found({ root })).toEqual({
      bases: [],
      missing: "not a git repository (or any of the parent directories): .git",
    });
    rmSync(root, { recursive: true });
  });
});

test.each<[string, boolean, Partial<BaseRequest>]>([
  ["a commit is asked for", true, { named: "HEAD" }],
  ["a commit is named", true, { environment: { CONTRACTS_BASE: GONE } }],
  ["a branch is named", true, { environment: { GITHUB_BASE_REF: "main" } }],
  ["none is named", false, {}],
  [
    "what was before a first push is named",
    false,
    { environment: { CONTRACTS_BASE: "0".repeat(40), GITHUB_BASE_REF: "" } },
  ],
])("when %s, whether there must be a base: %s", (_name, expected, request) => {
  expect(isBaseRequired({ environment: {}, ...request })).toBe(expected);
});

test("a commit that is asked for, and not there, is a wrong argument", () => {
  expect(() => found(clone, { named: "nope" })).toThrow(
    new CommandError("--base", 'Git knows no commit "nope" here', "name another, or fetch it", EXIT.usage),
  );
});

test("the files of a commit are read as they were", () => {
  expect([...filesAt(origin.root, { commit: second, what: "" }, "api/published")]).toEqual([
    ["events/thing made.json", "{}"],
    ["things/v1.yaml", "ü: 1\n"],
  ]);
  expect(filesAt(origin.root, { commit: first, what: "" }, "api/published").size).toBe(0);
});
