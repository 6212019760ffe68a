import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError, EXIT } from "../../internal/cli";
import { type BaseRequest, filesAt, findBases } from "./base";
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
const own = clone.commit("own");
const third = origin.commit("third");
origin.git("switch", "--quiet", "--create", "release", second);
const fourth = origin.commit("fourth");
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
    expect(found(clone, request)).toEqual({ bases: [base, head(own)] });
  });

  test("of a fork begins where it left the project that it is a fork of", () => {
    const fork = cloned();
    fork.git("remote", "add", "--fetch", "upstream", `file://${origin.root}`);
    fork.git("update-ref", "refs/remotes/origin/main", first);
    const mine = fork.commit("mine");
    expect(found(fork)).toEqual({ bases: [{ commit: third, what: "upstream/main" }, head(mine)] });
  });

  test("of a clone without remotes begins where it left its main", () => {
    const alone = cloned();
    alone.git("remote", "remove", "origin");
    alone.git("switch", "--quiet", "--create", "feature");
    const mine = alone.commit("mine");
    expect(found(alone)).toEqual({ bases: [{ commit: third, what: "main" }, head(mine)] });
  });
});

describe("main", () => {
  test("goes on from what is pushed, and when all is, from the commit before", () => {
    const main = cloned();
    expect(found(main)).toEqual({ bases: [{ commit: second, what: "the commit before HEAD" }, head(third)] });
    const mine = [main.commit("mine"), main.commit("mine, too")] as const;
    expect(found(main)).toEqual({ bases: [{ commit: third, what: "origin/main" }, head(mine[1])] });
  });

  test("has nothing before its first commit", () => {
    clone.git("switch", "--quiet", "--detach", first);
    expect(found(clone)).toEqual({ bases: [head(first)] });
    clone.git("switch", "--quiet", "feature");
  });
});

describe("nothing is compared with what is not known, and it is said", () => {
  test("in a shallow clone", () => {
    expect(found(cloned("--depth=1"))).toEqual({
      bases: [head(third)],
      missing: "the clone is shallow, and ends at HEAD",
    });
    const both = cloned("--depth=1", "--no-single-branch");
    expect(found(both, { environment: { GITHUB_BASE_REF: "release" } })).toEqual({
      bases: [head(third)],
      missing: "no commit is known that both HEAD and origin/release come from",
    });
    expect(both.git("rev-parse", "origin/release")).toBe(fourth);
  });

  test.each([
    ["branch", { GITHUB_BASE_REF: "gone" }, "origin/gone"],
    ["commit", { CONTRACTS_BASE: "a".repeat(40) }, "a".repeat(40)],
  ])("without the %s that is named", (_name, environment, name) => {
    expect(found(clone, { environment })).toEqual({
      bases: [head(own)],
      missing: `Git knows no commit "${name}" here`,
    });
  });

  test("without a commit", () => {
    const empty = new GitProject();
    projects.push(empty);
    expect(found(empty)).toEqual({ bases: [], missing: "there is no commit yet" });
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
