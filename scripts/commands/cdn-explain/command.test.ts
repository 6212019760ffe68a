import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { copyWithEnvironments } from "../bench-synth/project";

const root = resolve(__dirname, "../../..");
const stack = join(root, "envs", "testdata", "envs-prod.json");

jest.setTimeout(60_000);

function cdnExplain(args: readonly string[], cwd = root) {
  const { status, stdout, stderr } = spawnSync(join(root, "scripts", "cdn-explain"), args, {
    cwd,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("prints the explanation, and nothing else, on standard output", () => {
  const { status, stdout, stderr } = cdnExplain([
    "envs/prod",
    "/updates/v1.2.3.zip",
    "--stack",
    stack,
    "--json",
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    outcome: "cache",
    behaviour: { pathPattern: "/updates/v*.*.*" },
  });
});

test("reads a stack from the folder where it is called", () => {
  const folder = mkdtempSync(join(tmpdir(), "cdn-explain-"));
  try {
    writeFileSync(join(folder, "empty.json"), "{}");
    expect(cdnExplain(["envs/prod", "/a", "--stack", "empty.json"], folder)).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "error: envs/prod: has no CloudFront distribution; give it the section downloads, see envs/downloads-spec.ts\n",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  { name: "no URL", args: ["envs/prod"], message: "missing required argument 'url'" },
  {
    name: "a status that is none",
    args: ["envs/prod", "/a", "--status", "9"],
    message: 'It must be a status from 200 to 599, got "9".',
  },
  {
    name: "a method that is none",
    args: ["envs/prod", "/a", "-X", "G T"],
    message: 'It must be a method like GET, got "G T".',
  },
  {
    name: "a country that is none",
    args: ["envs/prod", "/a", "--country", "Germany"],
    message: 'It must be a country\'s code of two letters like DE, got "Germany".',
  },
  {
    name: "a host of another",
    args: ["envs/prod", "https://other.example/a", "--stack", stack],
    message: "the distribution does not serve other.example",
  },
])("$name is wrong usage", ({ args, message }) => {
  const { status, stdout, stderr } = cdnExplain(args);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
});

test("--help says what it does, with examples and exit codes", () => {
  const { status, stdout } = cdnExplain(["--help"]);
  expect(status).toBe(0);
  expect(stdout).toContain(
    "Examples:\n  scripts/cdn-explain envs/prod https://downloads.example.com/updates/v1.2.3.zip",
  );
  expect(stdout).toContain("Exit codes: 0 done");
});

describe("of what is synthesised now", () => {
  let project: string;

  beforeAll(() => {
    project = join(mkdtempSync(join(tmpdir(), "cdn-explain-")), "project");
    copyWithEnvironments(root, project, 1);
  });

  afterAll(() => rmSync(join(project, ".."), { recursive: true, force: true }));

  /** The command's own module, on a copy of the project. */
  function runIn(environment: string) {
    const script = `
      import { run } from ${JSON.stringify(join(__dirname, "run.ts"))};
      const options = { header: [], response: [], status: 200, method: "GET", json: true };
      process.stdout.write(run(${JSON.stringify(project)}, ${JSON.stringify(environment)}, "/updates/v1.2.3.zip", options));
    `;
    const file = join(project, "explain.mts");
    writeFileSync(file, script);
    return spawnSync(process.execPath, ["--import", join(root, "node_modules/tsx/dist/loader.mjs"), file], {
      encoding: "utf8",
    });
  }

  test("the environment's distribution is explained", () => {
    const { status, stdout, stderr } = runIn("envs/copy0");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      url: "https://copy0.downloads.example.com/updates/v1.2.3.zip",
      outcome: "cache",
    });
  });

  test("an environment that is not there is told, with those that are", () => {
    expect(runIn("envs/other").stderr).toContain(
      "envs/other: is not among the environments of envs/index.ts; these are: envs/copy0",
    );
  });

  test("a project that does not synthesise is told", () => {
    writeFileSync(join(project, "main.ts"), "import './missing';");
    const { stderr } = runIn("envs/copy0");
    expect(stderr).toContain('Could not resolve "./missing"');
    expect(stderr).toContain("synth: failed; see its messages above");
  });
});
