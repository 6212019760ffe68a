import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildFunctions } from "../modules/internal/function-bundle";
import { loadContracts } from "../modules/internal/rest-api";
import { environments } from ".";
import { EnvironmentsApp } from "./app";
import { loadEnvironments } from "./load";
import { addStacks } from "./stacks";

const root = resolve(__dirname, "..");
const goldens = join(__dirname, "testdata");
const artifacts = buildFunctions(root);
const project = { root, artifacts, contracts: loadContracts(root) };
const specs = loadEnvironments(environments);
const stacks = specs.flatMap(({ name, state }) =>
  state.kind === "s3" ? [`envs/${name}`, `bootstrap/${name}`] : [`envs/${name}`],
);

let outdir: string;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), "synth-"));
  const app = new EnvironmentsApp(outdir);
  addStacks(app, specs, project);
  app.synth();
});

afterAll(() => rmSync(outdir, { recursive: true }));

function synthesised(stack: string): string {
  return readFileSync(join(outdir, stack, "cdk.tf.json"), "utf8");
}

/** Hashes of the functions' code stand for themselves: a golden shows the infrastructure, not every edit of a function. */
function withoutHashes(json: string): string {
  return Object.values(artifacts).reduce(
    (text, { name, sha256 }) =>
      text
        .replaceAll(Buffer.from(sha256, "hex").toString("base64"), `<base64 SHA-256 of functions/${name}>`)
        .replaceAll(sha256, `<SHA-256 of functions/${name}>`)
        .replaceAll(sha256.slice(0, 16), `<start of the SHA-256 of functions/${name}>`),
    json,
  );
}

describe("golden", () => {
  test.each(stacks)("%s", (stack) => {
    const file = join(goldens, `${stack.replace("/", "-")}.json`);
    const actual = `${withoutHashes(synthesised(stack))}\n`;
    if (process.env["UPDATE_GOLDENS"] === "1") {
      mkdirSync(goldens, { recursive: true });
      writeFileSync(file, actual);
    }
    // Where they differ on purpose: UPDATE_GOLDENS=1 npx jest envs/synth, and read the difference.
    expect(JSON.parse(actual)).toEqual(JSON.parse(readFileSync(file, "utf8")));
  });

  test("there is one for each stack and no other", () => {
    expect(readdirSync(goldens).sort()).toEqual(stacks.map((s) => `${s.replace("/", "-")}.json`).sort());
  });
});

test("stacks are named and kept by their construct path", () => {
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
  expect(Object.keys(manifest.stacks).sort()).toEqual([...stacks].sort());
  expect(manifest.stacks["envs/prod"]).toMatchObject({
    name: "envs/prod",
    constructPath: "envs/prod",
    workingDirectory: "envs/prod",
    synthesizedStackPath: "envs/prod/cdk.tf.json",
  });
});

describe.each(stacks)("%s", (stack) => {
  const json = () => JSON.parse(synthesised(stack));

  test("takes credentials of its own account alone", () => {
    const spec = specs.find(({ name }) => stack.endsWith(`/${name}`));
    expect(json().provider.aws[0].allowed_account_ids).toEqual([spec?.account.id]);
  });

  test("control 43: everything is tagged", () => {
    const name = stack.split("/")[1];
    expect(json().provider.aws[0].default_tags[0].tags).toMatchObject({
      project: "acme",
      environment: name,
      owner: "platform",
      "managed-by": "terraform",
    });
  });

  test("holds no path of this machine", () => {
    expect(synthesised(stack)).not.toContain(root);
    expect(synthesised(stack)).not.toContain(outdir);
  });

  test("pins the provider", () => {
    expect(json().terraform.required_providers.aws).toEqual({ source: "aws", version: "5.100.0" });
  });
});

test("remote state is locked, left to the encryption of its bucket, and apart for each stack", () => {
  const backends = stacks
    .filter((stack) => !stack.endsWith("/local"))
    .map((stack) => JSON.parse(synthesised(stack)).terraform.backend.s3);
  for (const backend of backends) {
    expect(backend.use_lockfile).toBe(true);
    expect(backend.encrypt).toBeUndefined();
  }
  const places = backends.map(({ bucket, key }) => `${bucket}/${key}`);
  expect(new Set(places).size).toBe(places.length);
});

test("control 43: no two environments share a name that AWS wants unique", () => {
  const names = stacks.flatMap((stack) => {
    const buckets = JSON.parse(synthesised(stack)).resource.aws_s3_bucket ?? {};
    return Object.values<{ bucket: string }>(buckets).map(({ bucket }) => bucket);
  });
  expect(new Set(names).size).toBe(names.length);
});

test("a system that the specification leaves out creates nothing", () => {
  const {
    todo: _todo,
    network: _network,
    ...bare
  } = environments["prod"] as NonNullable<(typeof environments)["prod"]>;
  const folder = mkdtempSync(join(tmpdir(), "synth-bare-"));
  const app = new EnvironmentsApp(folder);
  addStacks(app, loadEnvironments({ prod: bare }), { root, artifacts: {}, contracts: {} });
  app.synth();
  const { resource } = JSON.parse(readFileSync(join(folder, "envs/prod/cdk.tf.json"), "utf8"));
  rmSync(folder, { recursive: true });
  expect(
    Object.keys(resource).filter((type) => /cognito|gateway|lambda|dynamodb|dax|vpc|subnet/.test(type)),
  ).toEqual([]);
});

test("a version of the API without a document is named", () => {
  const dev = environments["dev"] as (typeof environments)["dev"] & { todo: { api: object } };
  const todo = { ...dev.todo, api: { ...dev.todo.api, versions: ["v1", "v9"] } };
  const app = new EnvironmentsApp(outdir);
  expect(() => addStacks(app, loadEnvironments({ dev: { ...dev, todo } as never }), project)).toThrow(
    "api/todos/v9.yaml is missing; todo.api.versions of an environment names it",
  );
});

test("a stack that refers to another is refused", () => {
  const app = new EnvironmentsApp(outdir);
  expect(() =>
    app.crossStackReference(
      { node: { path: "envs/dev" } } as never,
      { node: { path: "envs/prod" } } as never,
      "x",
    ),
  ).toThrow("envs/prod refers to x of envs/dev; stacks must not refer to one another");
});
