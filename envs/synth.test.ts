import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from ".";
import { EnvironmentsApp } from "./app";
import { guard, project, specs, stacks, synthesise } from "./fixture";
import { loadEnvironments } from "./load";
import { LOST_WITH, nextList, type StatefulResources } from "./protected";
import type { EnvironmentInput } from "./spec";
import { addStacks } from "./stacks";

const { artifacts, services } = project;
const goldens = join(__dirname, "testdata");

let outdir: string;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), "synth-"));
  const refused = synthesise(outdir, specs, project, guard);
  // Before any golden or list is refreshed.
  expect(refused).toEqual([]);
});

afterAll(() => rmSync(outdir, { recursive: true }));

function synthesised(stack: string): string {
  return readFileSync(join(outdir, stack, "cdk.tf.json"), "utf8");
}

/** Hashes of built code stand for themselves: a golden shows the infrastructure, not every edit of a function or a service. */
function withoutHashes(json: string): string {
  const built = [
    ...Object.values(artifacts).map(({ name, sha256 }) => ({ place: `functions/${name}`, sha256 })),
    ...Object.values(services).map(({ name, sha256 }) => ({ place: `services/${name}`, sha256 })),
  ];
  return built.reduce(
    (text, { place, sha256 }) =>
      text
        .replaceAll(Buffer.from(sha256, "hex").toString("base64"), `<base64 SHA-256 of ${place}>`)
        .replaceAll(sha256, `<SHA-256 of ${place}>`)
        .replaceAll(sha256.slice(0, 16), `<start of the SHA-256 of ${place}>`),
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

describe("protected resources", () => {
  const lists = join(__dirname, "protected");
  const held = specs.filter(({ deletionProtection }) => deletionProtection);

  test.each(held)("the list of $name is that of its stacks", ({ name, acknowledged }) => {
    const file = join(lists, `${name}.json`);
    const present: StatefulResources = Object.fromEntries(
      statefulResources(name).map(({ path, type }) => [path, type]),
    );
    const destroyed = acknowledged.filter(({ action }) => action === "destroy");
    const next = nextList(guard.lists[name], present, new Set(destroyed.map(({ path }) => path)));
    if (process.env["UPDATE_GOLDENS"] === "1") {
      mkdirSync(lists, { recursive: true });
      writeFileSync(file, `${JSON.stringify(next, null, 2)}\n`);
    }
    // Where it is out of date: UPDATE_GOLDENS=1 npx jest envs/synth, and read the difference.
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(next);
  });

  test("there is a list for each protected environment and no other", () => {
    expect(readdirSync(lists).sort()).toEqual(held.map(({ name }) => `${name}.json`).sort());
  });

  test.each(held)("control 2: all of $name that is stateful is kept from destruction", (spec) => {
    const acknowledged = new Set(spec.acknowledged.map(({ path }) => path));
    const open = statefulResources(spec.name)
      .filter(({ path }) => !acknowledged.has(path))
      .filter(({ json }) => json.lifecycle?.prevent_destroy !== true);
    expect(open).toEqual([]);
  });

  test("what a module keeps from destruction is of a stateful type", () => {
    const kept = stacks.flatMap((stack) =>
      resourcesOf(stack).filter(({ json }) => json.lifecycle?.prevent_destroy !== undefined),
    );
    expect(kept.filter(({ type }) => !(type in LOST_WITH))).toEqual([]);
  });
});

interface SynthesisedResource {
  readonly lifecycle?: { readonly prevent_destroy?: boolean };
  readonly "//": { readonly metadata: { readonly path: string } };
}

function resourcesOf(stack: string) {
  const { resource } = JSON.parse(synthesised(stack)) as {
    resource: Record<string, Record<string, SynthesisedResource>>;
  };
  return Object.entries(resource).flatMap(([type, byName]) =>
    Object.values(byName).map((json) => ({ type, json, path: json["//"].metadata.path })),
  );
}

/** The stateful resources of an environment, by their paths as specifications write them. */
function statefulResources(name: string) {
  return stacks
    .filter((stack) => stack.endsWith(`/${name}`))
    .flatMap(resourcesOf)
    .filter(({ type }) => type in LOST_WITH)
    .map((it) => ({
      ...it,
      path: it.path.replace(`envs/${name}/`, "").replace(`bootstrap/${name}/`, "bootstrap/"),
    }));
}

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
    for (const { allowed_account_ids } of json().provider.aws) {
      expect(allowed_account_ids).toEqual([spec?.account.id]);
    }
  });

  test("control 43: everything is tagged", () => {
    const name = stack.split("/")[1];
    for (const { default_tags } of json().provider.aws) {
      expect(default_tags[0].tags).toMatchObject({
        project: "acme",
        environment: name,
        owner: "platform",
        "managed-by": "terraform",
      });
    }
  });

  test("holds no path of this machine", () => {
    expect(synthesised(stack)).not.toContain(project.root);
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

/** Arguments that AWS wants unique in an account and region, or everywhere. */
const UNIQUE: Readonly<Record<string, string>> = {
  aws_api_gateway_rest_api: "name",
  aws_autoscaling_group: "name",
  aws_cloudformation_stack: "name",
  aws_cloudfront_cache_policy: "name",
  aws_cloudfront_function: "name",
  aws_cloudfront_key_group: "name",
  aws_cloudfront_origin_access_control: "name",
  aws_cloudfront_public_key: "name",
  aws_cloudfront_response_headers_policy: "name",
  aws_cloudwatch_event_rule: "name",
  aws_cloudwatch_log_delivery_destination: "name",
  aws_cloudwatch_log_delivery_source: "name",
  aws_cloudwatch_log_group: "name",
  aws_cloudwatch_log_resource_policy: "policy_name",
  aws_cloudwatch_metric_alarm: "alarm_name",
  aws_cognito_identity_pool: "identity_pool_name",
  aws_cognito_user_pool: "name",
  aws_cognito_user_pool_domain: "domain",
  aws_dax_cluster: "cluster_name",
  aws_dax_parameter_group: "name",
  aws_dax_subnet_group: "name",
  aws_db_instance: "identifier",
  aws_db_parameter_group: "name",
  aws_db_subnet_group: "name",
  aws_dynamodb_table: "name",
  aws_ecr_repository: "name",
  aws_ecs_capacity_provider: "name",
  aws_ecs_cluster: "name",
  aws_ecs_task_definition: "family",
  aws_elasticache_parameter_group: "name",
  aws_elasticache_replication_group: "replication_group_id",
  aws_elasticache_subnet_group: "name",
  aws_elasticache_user: "user_id",
  aws_elasticache_user_group: "user_group_id",
  aws_glue_catalog_database: "name",
  aws_iam_instance_profile: "name",
  aws_iam_role: "name",
  aws_kms_alias: "name",
  aws_lambda_function: "function_name",
  aws_launch_template: "name",
  aws_lb: "name",
  aws_lb_target_group: "name",
  aws_rds_cluster: "cluster_identifier",
  aws_rds_cluster_instance: "identifier",
  aws_s3_bucket: "bucket",
  aws_secretsmanager_secret: "name",
  aws_sns_topic: "name",
  aws_sqs_queue: "name",
  aws_wafv2_web_acl: "name",
};

describe("control 43: two environments, and two projects, share no name in one account and region", () => {
  const found = new Set<string>();
  test.each(["postgres", "aurora-postgresql"] as const)("with %s", (engine) => {
    const names = neighbours(engine).flatMap((input) => {
      const folder = mkdtempSync(join(tmpdir(), "synth-names-"));
      synthesise(folder, loadEnvironments(input));
      const all = stacksBelow(folder).flatMap((stack) => uniqueNames(join(folder, stack, "cdk.tf.json")));
      rmSync(folder, { recursive: true });
      return all;
    });
    for (const name of names) found.add(name.split(" ")[0] as string);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test("all types were looked at", () => {
    expect(found).toEqual(new Set(Object.keys(UNIQUE)));
  });
});

/** Production, another environment of its project, and the same of another project, all in one account and region. */
function neighbours(engine: "postgres" | "aurora-postgresql"): Record<string, EnvironmentInput>[] {
  const { network, microservices, ...rest } = environments["prod"] as EnvironmentInput;
  if (!network || !microservices) throw new Error("prod has no microservices");
  const { orders } = microservices;
  const { allocatedGigabytes: _, ...database } = orders.database;
  const storage = engine === "postgres" ? { allocatedGigabytes: 20 } : {};
  const input = (changes: Partial<EnvironmentInput>, range: number): EnvironmentInput => ({
    ...rest,
    account: { ...rest.account, apiGatewayLogging: "existing" },
    network: { ...network, cidr: `10.${range}.0.0/16` },
    microservices: { ...microservices, orders: { ...orders, database: { ...database, ...storage, engine } } },
    downloads: everyNamedDownload(),
    ...changes,
  });
  return [
    { prod: input({}, 30) },
    { other: input({ name: "other" }, 31) },
    { prod: input({ project: "another" }, 32) },
  ];
}

/** Downloads that make a resource of each named type: of prod, with a bucket and a signed class of paths. */
function everyNamedDownload(): NonNullable<EnvironmentInput["downloads"]> {
  const { publicKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return {
    ...(environments["prod"]?.downloads as NonNullable<EnvironmentInput["downloads"]>),
    origin: "alb-then-s3",
    pathClasses: [
      {
        name: "paid",
        pathPattern: "/downloads/*",
        originCacheHeaders: "honour",
        defaultTtlSeconds: 60,
        signed: true,
      },
    ],
    signingKeys: [{ name: "shop", publicKeyPem: publicKey }],
  };
}

function stacksBelow(folder: string): string[] {
  return Object.keys(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")).stacks);
}

function uniqueNames(file: string): string[] {
  const { resource } = JSON.parse(readFileSync(file, "utf8"));
  const named = Object.entries(UNIQUE).flatMap(([type, argument]) =>
    // One name may be taken in each region.
    Object.values<Record<string, string>>(resource[type] ?? {}).map((it) =>
      [type, ...(it["provider"] ? [it["provider"]] : []), it[argument]].join(" "),
    ),
  );
  // Those that hold an id of AWS's are unique by it.
  return named.filter((name) => !name.includes("${"));
}

test("a system that the specification leaves out creates nothing", () => {
  const {
    todo: _todo,
    downloads: _downloads,
    network: _network,
    microservices: _microservices,
    cluster: _cluster,
    ...bare
  } = environments["prod"] as NonNullable<(typeof environments)["prod"]>;
  const folder = mkdtempSync(join(tmpdir(), "synth-bare-"));
  synthesise(folder, loadEnvironments({ prod: bare }), {
    ...project,
    artifacts: {},
    services: {},
    contracts: {},
  });
  const { resource } = JSON.parse(readFileSync(join(folder, "envs/prod/cdk.tf.json"), "utf8"));
  rmSync(folder, { recursive: true });
  expect(
    Object.keys(resource).filter((type) =>
      /cognito|gateway|lambda|dynamodb|dax|vpc|subnet|cloudfront|secret|waf|ecs|lb|db|elasticache/.test(type),
    ),
  ).toEqual([]);
});

test("a version of the API without a document is named", () => {
  const dev = environments["dev"] as (typeof environments)["dev"] & { todo: { api: object } };
  const todo = { ...dev.todo, api: { ...dev.todo.api, versions: { v1: {}, v9: {} } } };
  const app = new EnvironmentsApp(outdir);
  expect(() => addStacks(app, loadEnvironments({ dev: { ...dev, todo } as never }), project)).toThrow(
    "api/todos/v9.yaml is missing; todo.api.versions of an environment names it",
  );
});

test("a version that its function cannot serve is named", () => {
  const dev = environments["dev"] as EnvironmentInput & { todo: { api: object } };
  const todo = { ...dev.todo, api: { ...dev.todo.api, versions: { v9: {} } } } as NonNullable<
    EnvironmentInput["todo"]
  >;
  const v1 = project.contracts["todos/v1"] as (typeof project.contracts)[string];
  const contracts = { ...project.contracts, "todos/v9": { ...v1, version: "v9" } };
  expect(() =>
    synthesise(outdir, loadEnvironments({ dev: { ...dev, todo } }), { ...project, contracts }),
  ).toThrow('functions/todos/function.json: contracts must hold "todos/v9" once the function serves it');
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
