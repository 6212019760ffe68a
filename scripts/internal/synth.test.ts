import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { copyWithEnvironments } from "../commands/bench-synth/project";

const root = resolve(__dirname, "..", "..");
let project: string;

beforeAll(() => {
  project = join(mkdtempSync(join(tmpdir(), "synth-runner-")), "project");
  copyWithEnvironments(root, project, 1);
});

afterAll(() => rmSync(join(project, ".."), { recursive: true, force: true }));

function run(command: readonly [string, ...string[]], output: string) {
  const [program, ...args] = command;
  const { status, stderr } = spawnSync(program, args, {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, CDKTF_OUTDIR: output, NODE_OPTIONS: "" },
  });
  return { status, stderr };
}

function synth(output = "cdktf.out") {
  return run([process.execPath, "scripts/internal/synth.js"], output);
}

/** Every file below a folder with its content. */
function filesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(files.sort().map((path) => [path, readFileSync(join(folder, path), "base64")]));
}

// Without the check of types, which is a step of scripts/test and changes nothing of what comes out.
test("gives to the byte what cdktf's default gives, the first time and the second", () => {
  expect(
    run([process.execPath, join(root, "node_modules/.bin/ts-node"), "-T", "main.ts"], "default.out"),
  ).toEqual({
    status: 0,
    stderr: "",
  });
  const expected = filesBelow(join(project, "default.out"));
  expect(Object.keys(expected)).toContain("envs/copy0/cdk.tf.json");
  for (const output of ["first.out", "second.out"]) {
    expect(synth(output)).toEqual({ status: 0, stderr: "" });
    expect(filesBelow(join(project, output))).toEqual(expected);
  }
}, 60_000);

test("runs the stored bundle while nothing has changed", () => {
  synth();
  const bundle = join(project, ".build/synth/plain/project.js");
  const before = statSync(bundle).mtimeMs;
  synth();
  expect(statSync(bundle).mtimeMs).toBe(before);
});

test("notices a change", () => {
  const file = join(project, "envs", "index.ts");
  const source = readFileSync(file, "utf8");
  writeFileSync(file, source.replaceAll("copy", "other"));
  synth("changed.out");
  writeFileSync(file, source);
  expect(readdirSync(join(project, "changed.out", "envs"))).toEqual(["other0"]);
});

test("makes a bundle anew that is not as it was written", () => {
  synth();
  appendFileSync(join(project, ".build/synth/plain/project.js"), "\nthrow new Error('damaged');");
  expect(synth()).toEqual({ status: 0, stderr: "" });
});

test("says where main.ts does not build", () => {
  const file = join(project, "envs", "rules.ts");
  const source = readFileSync(file, "utf8");
  writeFileSync(file, `const = 1;\n${source}`);
  const result = synth();
  writeFileSync(file, source);
  expect(result).toEqual({
    status: 1,
    stderr:
      'main.ts does not build; nothing was synthesised:\n  envs/rules.ts:1:7: Expected identifier but found "="\n',
  });
});

test("says where an environment does not run, and which calls led there when asked for traces", () => {
  const file = join(project, "envs", "prod.ts");
  const source = readFileSync(file, "utf8");
  writeFileSync(file, source.replace('owner: "platform"', "owner: platform"));
  const place = `envs/prod.ts:${source.slice(0, source.indexOf("owner: ")).split("\n").length}:10`;
  const plain = synth();
  process.env["CDKTF_STACK_TRACES"] = "1";
  const traced = synth();
  delete process.env["CDKTF_STACK_TRACES"];
  writeFileSync(file, source);
  const title = "main.ts does not run; nothing was synthesised:\n";
  expect(plain).toEqual({
    status: 1,
    stderr: `${title}  ${place}: ReferenceError: platform is not defined\n`,
  });
  expect(traced.status).toBe(1);
  expect(traced.stderr).toContain(
    `${title}ReferenceError: platform is not defined\n    at ${project}/${place}\n`,
  );
});

test("says what is wrong with the environments, and synthesises nothing", () => {
  const file = join(project, "envs", "prod.ts");
  const source = readFileSync(file, "utf8");
  writeFileSync(file, source.replace("777788889999", "77778888"));
  const result = synth("wrong.out");
  writeFileSync(file, source);
  expect(result).toEqual({
    status: 1,
    stderr:
      "The environments are not right; nothing was synthesised:\n\n" +
      'envs/copy0: account.id must be an account id of 12 digits, got "77778888"\n\n',
  });
  expect(readdirSync(project)).not.toContain("wrong.out");
});

test("says what is wrong with a function, without a stack trace", () => {
  const file = join(project, "functions", "upload-guard", "limit.ts");
  const source = readFileSync(file, "utf8");
  writeFileSync(file, `const = 1;\n${source}`);
  const result = synth("broken.out");
  writeFileSync(file, source);
  expect(result).toEqual({
    status: 1,
    stderr:
      "The project is not right; nothing was synthesised:\n\nfunctions: the build failed, nothing was written:\n" +
      '  functions/upload-guard/limit.ts:1:7: Expected identifier but found "="\n\n',
  });
});
