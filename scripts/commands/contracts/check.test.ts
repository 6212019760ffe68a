import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { check } from "./check";
import { GitProject } from "./fixture";

const ROOT = resolve(__dirname, "../../..");
const API = "paths: { /things: { get: { operationId: listThings, responses: { 200: {} } } } }\n";
const BROKEN = API.replace("listThings", "allThings");

let project: GitProject;
let base: string;

beforeEach(() => {
  project = new GitProject();
  write(API);
  base = project.commit("publish");
  project.git("switch", "--quiet", "--create", "feature");
  project.commit("begin");
});

afterEach(() => project.end());

function write(text: string): void {
  project.write("api/things/v1.yaml", text);
  project.write("api/published/things/v1.yaml", text);
}

const checked = (environment: Record<string, string> = {}) => {
  const { result, errors } = check(project.root, { environment });
  return { result, errors: errors.map(({ message }) => message) };
};

const AS_PUBLISHED = {
  name: "things/v1",
  file: "api/things/v1.yaml",
  published: "api/published/things/v1.yaml",
  state: "published",
  changes: [],
};

test("what is held says so", () => {
  expect(checked({ CONTRACTS_BASE: "main" })).toEqual({
    result: { contracts: [AS_PUBLISHED], bases: [{ commit: base, what: "main" }], promises: [] },
    errors: [],
  });
});

test("what is broken by its contract and its copy at once is in the result, not in the errors alone", () => {
  write(BROKEN);
  const { result, errors } = checked();
  expect(result).toEqual({
    contracts: [AS_PUBLISHED],
    bases: [{ commit: base, what: "main" }],
    promises: [
      {
        place: "api/published/things/v1.yaml #/paths/~1things/get",
        what: `operationId is allThings, it was listThings: generated clients call it by that name, against ${base.slice(0, 12)} (main)`,
        mend: `undo it (git checkout ${base.slice(0, 12)} -- api/published/things/v1.yaml), or make it things/v2: scripts/new version things/v2`,
      },
    ],
  });
  expect(errors).toEqual(result.promises.map(({ place, what, mend }) => `${place}: ${what}; ${mend}`));
});

test("what is broken by its contract alone is an error once", () => {
  project.write("api/things/v1.yaml", BROKEN);
  const { result, errors } = checked();
  expect(result).toMatchObject({ contracts: [{ state: "broken" }], promises: [] });
  expect(errors).toEqual([
    expect.stringMatching(/^api\/things\/v1\.yaml #\/paths\/~1things\/get: operationId /),
  ]);
});

describe("a shallow clone", () => {
  let shallow: GitProject;

  beforeEach(() => {
    shallow = new GitProject(project, "--depth=1");
  });

  afterEach(() => shallow.end());

  test.each([
    ["is checked as far as it goes", {}, []],
    [
      "is refused where a commit is named",
      { CONTRACTS_BASE: "gone" },
      [
        'api/published: cannot be held against what it was: Git knows no commit "gone" here, and the clone is shallow; check it in a clone that Git can read, with the whole history (fetch-depth: 0)',
      ],
    ],
  ])("%s", (_name, environment, expected) => {
    const { result, errors } = check(shallow.root, { environment });
    expect(result).toMatchObject({
      bases: [{ what: "HEAD" }],
      missing: expect.stringMatching(/the clone is shallow$/),
      promises: [],
    });
    expect(errors.map(({ message }) => message)).toEqual(expected);
  });
});

test.each([
  ["which fails where a commit is named", "main", 1],
  ["which is no failure elsewhere", "", 0],
])("the command prints what it found, and that it is not compared: %s", (_name, CONTRACTS_BASE, code) => {
  // As without a repository.
  const env = { ...process.env, CONTRACTS_BASE, GITHUB_BASE_REF: "", GIT_DIR: "/nonexistent" };
  const { stdout, stderr, status } = spawnSync(join(ROOT, "scripts/contracts"), ["check", "--json"], {
    env,
    encoding: "utf8",
  });
  expect({ status, result: JSON.parse(stdout) }).toMatchObject({
    status: code,
    result: { bases: [], missing: "not a git repository: '/nonexistent'", promises: [] },
  });
  expect(stderr).toContain("NOT COMPARED: api/published with what it was before: not a git repository");
  expect(stderr.includes("error: api/published: cannot be held")).toBe(code === 1);
});
