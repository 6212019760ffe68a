import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { strToU8, zipSync } from "fflate";

const ROOT = resolve(__dirname, "../../..");

/** Written in two parts, or they would be found here. */
const SECRETS = {
  AWSSecretAccessKey: ["aws_secret_access_key = ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY"],
  GITHUB_TOKEN: ["token: ", "ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"],
  PrivateKey: [
    "",
    generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "pkcs1", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    }).privateKey,
  ],
} as const;

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "secrets-"));
  for (const source of ["scripts", "package.json", "package-lock.json", "tsconfig.json"]) {
    cpSync(join(ROOT, source), join(project, source), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"));
  spawnSync("git", ["init", "--quiet"], { cwd: project });
  write(".gitignore", "ignored/\nnode_modules\n");
  write(
    "policy/placeholders.yaml",
    `- { place: found/known.txt, kind: AWSSecretAccessKey, because: "Planted for the test, known to all." }\n`,
  );
  const { AWSSecretAccessKey, GITHUB_TOKEN, PrivateKey } = SECRETS;
  write("found/aws.ini", `[default]\n${AWSSecretAccessKey.join("")}\n`);
  write("found/known.txt", `${AWSSecretAccessKey.join("")}\n`);
  write("found/github.yaml", `a: b\n${GITHUB_TOKEN.join("")}\n`);
  write("found/key.pem", `${PrivateKey.join("")}\n`);
  write("found/code.zip", zipSync({ "index.js": strToU8(`// ${GITHUB_TOKEN.join("")}\n`) }));
  write("found/picture.png", new Uint8Array([0, 1, 2, ...strToU8(GITHUB_TOKEN.join(""))]));
  write("ignored/mine.txt", `${GITHUB_TOKEN.join("")}\n`);
  write("clean/readme.md", "Nothing here.\n");
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): void {
  const file = join(project, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function secrets(...args: string[]) {
  return spawnSync(join(project, "scripts", "secrets"), args, { encoding: "utf8", cwd: project });
}

test("control 26: secrets are named by their places, and never printed", () => {
  const { status, stdout, stderr } = secrets("found", "clean");
  expect(stderr).toBe("");
  expect(stdout.split("\n").slice(0, 4)).toEqual([
    expect.stringMatching(/^found\/aws\.ini:2: AWSSecretAccessKey$/),
    expect.stringMatching(/^found\/code\.zip\/index\.js:1: GITHUB_TOKEN$/),
    expect.stringMatching(/^found\/github\.yaml:2: GITHUB_TOKEN$/),
    expect.stringMatching(/^found\/key\.pem:1: PrivateKey$/),
  ]);
  expect(stdout).toContain("4 found in 6 texts. A secret must go,");
  for (const parts of Object.values(SECRETS)) expect(stdout).not.toContain(parts.slice(1).join(""));
  expect(status).toBe(1);
});

test("where there is none, it says how much it looked through", () => {
  const { status, stdout } = secrets("clean");
  expect(stdout).toBe("1 text, no secret\n");
  expect(status).toBe(0);
});

test("a path that there is not, or that Git does not see, is no path without secrets", () => {
  for (const path of ["claen", "ignored"]) {
    const { status, stdout, stderr } = secrets("clean", path);
    expect(stderr).toContain(`error: git ls-files: failed; error: pathspec '${path}' did not match any file`);
    expect(stdout).toBe("");
    expect(status).toBe(1);
  }
});

test("a placeholder without its reason is refused", () => {
  write("policy/placeholders.yaml", "- { place: a.txt, kind: PrivateKey }\n");
  const { status, stderr } = secrets("clean");
  expect(stderr).toBe("error: policy/placeholders.yaml: entry 1: because must say why\n");
  expect(status).toBe(1);
});
