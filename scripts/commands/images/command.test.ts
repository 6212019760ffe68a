/**
 * The command as it is run, in processes of its own, against a loopback stub of ECR and a program that stands in for Docker.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { dev } from "../../../envs/dev";
import { buildServices, imageTag } from "../../../modules/internal/service-bundle";
import { type EcrStub, PASSWORD, startEcrStub } from "./ecr-stub";

jest.setTimeout(60_000);

const ROOT = resolve(__dirname, "../../..");
const COMMAND = join(ROOT, "scripts", "images");
const SERVICES = Object.values(buildServices(ROOT));
const catalog = SERVICES.find(({ name }) => name === "catalog") as (typeof SERVICES)[number];
const REGISTRY = `${dev.account.id}.dkr.ecr.${dev.account.region}.amazonaws.com`;
const repositoryOf = (service: string) => `${dev.project}-${dev.name}-${service}`;
const referenceOf = (service: (typeof SERVICES)[number]) =>
  `${REGISTRY}/${repositoryOf(service.name)}:${imageTag(service)}`;

let ecr: EcrStub;
let folder: string;

beforeEach(async () => {
  ecr = await startEcrStub();
  folder = mkdtempSync(join(tmpdir(), "images-"));
  mkdirSync(join(folder, "bin"));
  // Nothing but what the command needs: this machine's own Docker is not found.
  for (const program of [process.execPath, "/bin/sh", "/usr/bin/dirname", "/usr/bin/env", "/bin/cat"]) {
    symlinkSync(program, join(folder, "bin", basename(program)));
  }
});

afterEach(async () => {
  await ecr.close();
  rmSync(folder, { recursive: true });
});

/**
 * A program named docker that keeps its arguments and standard input, one call a line, and does what is said for a command.
 *
 * @param behaviour shell code by the first words of the arguments, e.g. `buildx build`
 */
function standInForDocker(behaviour: Readonly<Record<string, string>> = {}): void {
  const cases = Object.entries(behaviour).map(([words, code]) => `"${words}"*) ${code} ;;`);
  writeFileSync(
    join(folder, "bin", "docker"),
    `#!/bin/sh
echo "$* [$(cat)] SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH" >> "${folder}/docker.log"
case "$*" in
${cases.join("\n")}
esac
`,
  );
  chmodSync(join(folder, "bin", "docker"), 0o755);
}

function dockerCalls(): string[] {
  const log = join(folder, "docker.log");
  return existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
}

function haveRepositories(tags: Readonly<Record<string, readonly string[]>> = {}): void {
  for (const { name } of SERVICES) ecr.repositories.set(repositoryOf(name), new Set(tags[name]));
}

async function run(...args: string[]) {
  const child = spawn(COMMAND, args, {
    cwd: folder,
    env: {
      PATH: join(folder, "bin"),
      HOME: folder,
      AWS_ENDPOINT_URL: ecr.url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const status = await new Promise<number | null>((done) => child.on("close", done));
  return { status, stdout, stderr };
}

test("pushes the images that are not there, by the tags of the bundles", async () => {
  haveRepositories();
  standInForDocker();
  const { status, stdout } = await run("envs/dev");
  expect(stdout).toBe(SERVICES.map((service) => `${referenceOf(service)} pushed\n`).join(""));
  expect(status).toBe(0);
  const builds = dockerCalls().filter((call) => call.startsWith("buildx build"));
  expect(builds).toHaveLength(SERVICES.length);
  expect(builds[0]).toBe(
    `buildx build --file ${ROOT}/services/Dockerfile --build-arg SERVICE=catalog --platform linux/amd64,linux/arm64 ` +
      "--provenance=false --sbom=false --progress=plain " +
      `--output type=image,name=${referenceOf(catalog)},push=true,rewrite-timestamp=true ${catalog.folder} ` +
      "[] SOURCE_DATE_EPOCH=0",
  );
});

test("control 26: the registry's password is neither among the arguments nor shown", async () => {
  haveRepositories();
  standInForDocker();
  const { stdout, stderr } = await run("envs/dev", "catalog", "--json");
  const logins = dockerCalls().filter((call) => call.startsWith("login"));
  expect(logins).toEqual([
    `login --username AWS --password-stdin ${REGISTRY} [${PASSWORD}] SOURCE_DATE_EPOCH=`,
  ]);
  expect(stdout + stderr).not.toContain(PASSWORD);
});

test("what is there already is not built, and Docker is not needed for it", async () => {
  haveRepositories(Object.fromEntries(SERVICES.map((service) => [service.name, [imageTag(service)]])));
  const { status, stdout } = await run("envs/dev");
  expect(stdout).toBe(SERVICES.map((service) => `${referenceOf(service)} is there already\n`).join(""));
  expect(status).toBe(0);
  expect(ecr.calls).not.toContain("GetAuthorizationToken");
});

test("only the services that are named, for the platform that is said, as JSON", async () => {
  haveRepositories({ catalog: ["another-tag"] });
  standInForDocker();
  const { status, stdout, stderr } = await run(
    ...["envs/dev", "catalog", "--platform", "linux/arm64", "--json"],
  );
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    environment: "envs/dev",
    dryRun: false,
    platform: "linux/arm64",
    images: [
      { service: "catalog", reference: referenceOf(catalog), folder: catalog.folder, status: "pushed" },
    ],
  });
  expect(dockerCalls().filter((call) => call.includes("--platform linux/arm64 "))).toHaveLength(1);
});

test("--dry-run asks nobody", async () => {
  const { status, stdout } = await run("envs/dev", "--dry-run");
  expect(stdout).toBe(
    SERVICES.map((service) => `${referenceOf(service)} would be pushed unless it is there\n`).join(""),
  );
  expect(status).toBe(0);
  expect(ecr.calls).toEqual([]);
});

test("a service that the environment does not deploy is left out, and told", async () => {
  ecr.repositories.set(repositoryOf("catalog"), new Set([imageTag(catalog)]));
  const { status, stdout } = await run("envs/dev");
  expect(status).toBe(0);
  expect(stdout).toContain(`${referenceOf(catalog)} is there already\n`);
  expect(stdout).toContain(
    " has no repository: the environment does not deploy it, or scripts/bootstrap comes first\n",
  );
});

test.each([
  ["it was named", ["envs/dev", "catalog"]],
  ["no service has one", ["envs/dev"]],
])("a repository that is missing is an error where %s", async (_case, args) => {
  const { status, stderr } = await run(...args);
  expect(status).toBe(1);
  expect(stderr).toContain(
    `error: repository ${repositoryOf("catalog")}: does not exist; run scripts/bootstrap envs/dev first; ` +
      "it makes those of the services that the environment deploys\n",
  );
});

test("an image that somebody else pushed meanwhile is there", async () => {
  haveRepositories();
  standInForDocker({ "buildx build": 'echo "tag is immutable" >&2; exit 1' });
  const tags = ecr.repositories.get(repositoryOf("catalog"));
  const login = ecr.calls;
  const pushed = setInterval(() => {
    if (login.includes("GetAuthorizationToken")) tags?.add(imageTag(catalog));
  }, 5);
  const { status } = await run("envs/dev", "catalog");
  clearInterval(pushed);
  expect(status).toBe(0);
});

describe("without what it needs", () => {
  beforeEach(() => haveRepositories());

  test("Docker missing is told", async () => {
    const { status, stderr } = await run("envs/dev");
    expect(stderr).toContain(
      "error: Docker: was not found on PATH; install it, or push from where it is; --dry-run needs none\n",
    );
    expect(status).toBe(3);
  });

  test("an engine that does not answer is told in its words", async () => {
    standInForDocker({ version: 'echo "Cannot connect to the Docker daemon" >&2; exit 1' });
    const { status, stderr } = await run("envs/dev");
    expect(stderr).toContain(
      "error: Docker: its engine does not answer: Cannot connect to the Docker daemon; start it, or push from where it runs",
    );
    expect(status).toBe(3);
  });

  test("buildx missing is told", async () => {
    standInForDocker({ "buildx version": "exit 1" });
    const { status, stderr } = await run("envs/dev");
    expect(stderr).toContain("error: Docker: has no buildx; install its plugin buildx\n");
    expect(status).toBe(3);
  });

  test("a build that fails is told with its last words, and the services before it are pushed", async () => {
    standInForDocker({
      "buildx build": 'case "$*" in *SERVICE=catalog*) ;; *) echo "no space left" >&2; exit 17 ;; esac',
    });
    const { status, stderr } = await run("envs/dev");
    expect(stderr).toContain(
      `error: docker buildx build of ${SERVICES[1]?.name}: ended with code 17:\n  no space left\n`,
    );
    expect(status).toBe(1);
    expect(dockerCalls().filter((call) => call.startsWith("buildx build"))).toHaveLength(2);
  });

  test.each([
    [
      "expired credentials",
      "ExpiredTokenException",
      4,
      "the credentials are missing, have expired or are wrong (ExpiredTokenException)",
    ],
    [
      "missing rights",
      "AccessDeniedException",
      4,
      `account ${dev.account.id}: these credentials are refused`,
    ],
    ["a refusal", "InvalidParameterException", 1, "ECR: InvalidParameterException"],
  ])("%s are told", async (_case, failure, code, message) => {
    ecr.failure = failure;
    const { status, stderr } = await run("envs/dev");
    expect(stderr).toContain(message);
    expect(status).toBe(code);
  });
});

test.each([
  ["an environment that is none", ["envs/none"], 'error: environment: "envs/none" is none; there are envs/'],
  ["a service that is none", ["envs/dev", "shop"], 'error: service "shop": is none; there are catalog, '],
  [
    "a platform that is none",
    ["envs/dev", "--platform", "windows/amd64"],
    "error: scripts/images: option '--platform <list>' argument 'windows/amd64' is invalid. It must be linux/amd64, linux/arm64",
  ],
  ["no environment", [], "error: scripts/images: missing required argument 'environment'"],
])("refuses %s with exit code 2, before any call", async (_case, args, stderr) => {
  const ended = await run(...args);
  expect(ended.stderr).toContain(stderr);
  expect(ended.stdout).toBe("");
  expect(ended.status).toBe(2);
  expect(ecr.calls).toEqual([]);
});

test("--help documents every exit code, and loads neither the SDK nor the builder nor the specifications", () => {
  const loaded = join(folder, "loaded");
  const hook = join(folder, "hook.cjs");
  writeFileSync(
    hook,
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(loaded)}, Object.keys(require.cache).join("\\n")));`,
  );
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      ...["--require", hook, "--import", join(ROOT, "node_modules/tsx/dist/loader.mjs")],
      ...[join(__dirname, "main.ts"), "--help"],
    ],
    { encoding: "utf8" },
  );
  expect(status).toBe(0);
  for (const code of [0, 1, 2, 3, 4, 130]) expect(stdout).toMatch(new RegExp(`\\b${code}\\s[a-zA-Z]`));
  const files = readFileSync(loaded, "utf8").split("\n");
  expect(files.some((file) => file.endsWith("/commander/lib/command.js"))).toBe(true);
  expect(
    files.filter((file) => /@aws-sdk|@smithy|listr2|\/service-bundle\/|\/zod\/|\/envs\//.test(file)),
  ).toEqual([]);
});
