import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ProjectCopy, temporaryProject } from "../../internal/project-copy";

const ROOT = resolve(__dirname, "../../..");

let project: ProjectCopy;

beforeAll(() => {
  project = temporaryProject(ROOT);
});

afterAll(() => project.remove());

function scriptsNew(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(join(project.root, "scripts/new"), args, {
    cwd: project.root,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** What was made. */
const PLACES = ["modules/tried-module", "functions/tried-function", "envs/tried.ts", "functions/todos"];

/** Runs a program in the copy; gives what it says of what was made, and nothing when that is right. */
async function findings(...[program, ...args]: readonly [string, ...string[]]): Promise<string[]> {
  const child = spawn(program, args, { cwd: project.root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise((done) => child.once("close", done));
  if (code === 0) return [];
  // The rest is of the project that was copied, whose own tests tell it.
  return output.split("\n").filter((line) => PLACES.some((place) => line.includes(place)));
}

const program = (name: string) => join("node_modules", ".bin", name);

describe("one of each", () => {
  let made: ReturnType<typeof scriptsNew>[];
  let files: string[];

  beforeAll(() => {
    made = [
      scriptsNew("module", "tried-module", "--summary", "What is tried.", "--json"),
      scriptsNew("function", "tried-function", "--json"),
      scriptsNew("environment", "tried", "--from", "envs/staging", "--json"),
      scriptsNew("version", "todos/v9", "--in", "envs/tried", "--json"),
    ];
    files = made.flatMap(({ stdout }) => (stdout === "" ? [] : (JSON.parse(stdout).files as string[])));
  }, 600_000);

  test("is made, with tests, docs and goldens", () => {
    expect(made.map(({ status, stderr }) => ({ status, stderr }))).toEqual(
      Array(4).fill({ status: 0, stderr: "" }),
    );
    expect(files).toEqual(
      expect.arrayContaining([
        "modules/tried-module/tried-module.test.ts",
        "functions/tried-function/README.md",
        "envs/tried.ts",
        "envs/testdata/envs-tried.json",
        "envs/testdata/bootstrap-tried.json",
        "envs/protected/tried.json",
        "api/todos/v9.yaml",
        "functions/todos/v9/operations.test.ts",
        "functions/todos/generated/v9/types.ts",
      ]),
    );
    expect(files.filter((file) => !existsSync(join(project.root, file)))).toEqual([]);
  });

  test.each([
    {
      name: "format and lint",
      run: () => findings(program("biome"), "ci", "--colors=off", ...PLACES, "envs/index.ts"),
    },
    {
      name: "directions between packages",
      run: () => findings(program("depcruise"), "--config", ".dependency-cruiser.cjs", ...PLACES),
    },
    { name: "search for unused code", run: () => findings(program("knip"), "--no-progress") },
    {
      name: "types",
      run: () => findings("node", "node_modules/typescript-native/bin/tsc", "-p", ".", "--pretty", "false"),
    },
  ])(
    "passes: $name",
    async ({ run }) => {
      expect(await run()).toEqual([]);
    },
    600_000,
  );

  test("passes its tests, those of all bundles and those of all specifications", () => {
    const tests = [
      ...PLACES.slice(0, 2),
      "functions/bundles",
      "envs/load",
      "functions/todos/package",
      "functions/todos/v9",
    ];
    const { status, stderr } = spawnSync(program("jest"), tests, { cwd: project.root, encoding: "utf8" });
    expect(stderr).toMatch(/Test Suites: 8 passed, 8 total/);
    expect(status).toBe(0);
  }, 600_000);

  test("an environment has its own name, network and domains, and no reference is invented", () => {
    const text = readFileSync(join(project.root, "envs/tried.ts"), "utf8");
    expect(text).toContain('name: "tried",');
    expect(text).toMatch(/ cidr: "10\.\d+\.0\.0\/16"/);
    expect(text).not.toContain("10.20.0.0/16");
    expect(text).toContain('domain: { name: "tried.example.com"');
    expect(text).not.toContain("staging.example.com");
    expect(JSON.parse(made[2]?.stdout ?? "").next[0]).toBe(
      "set in envs/tried.ts what is still that of envs/staging: account.id, the account that it lives in; " +
        "microservices.domain.hostedZoneId, the zone of its names; " +
        "downloads.domain.certificateArn, what it refers to; downloads.domain.hostedZoneId, the zone of its names",
    );
  });

  test("a version of an API is served where it was asked to be", () => {
    const { resource } = JSON.parse(
      readFileSync(join(project.root, "envs/testdata/envs-tried.json"), "utf8"),
    );
    const stages = Object.values<{ stage_name: string }>(resource["aws_api_gateway_stage"]);
    expect(stages.map(({ stage_name }) => stage_name)).toContain("v9");
  });

  test("is refused a second time", () => {
    expect(scriptsNew("module", "tried-module")).toEqual({
      status: 2,
      stdout: "",
      stderr: "error: modules/tried-module: is there already; choose another name\n",
    });
  });
});

test("what fails leaves everything as it was", () => {
  const index = join(project.root, "envs/index.ts");
  const before = readFileSync(index, "utf8");
  const broken = join(project.root, "envs/together.ts");
  const text = readFileSync(broken, "utf8");
  writeFileSync(broken, `const = 1;\n${text}`);
  const { status, stdout, stderr } = scriptsNew("environment", "late");
  writeFileSync(broken, text);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(
    "error: synth: failed, and all is as it was before:\nmain.ts does not build; nothing was synthesised:\n",
  );
  expect(readFileSync(index, "utf8")).toBe(before);
  expect(readdirSync(join(project.root, "envs")).filter((file) => file.includes("late"))).toEqual([]);
}, 600_000);
